"""From questions to candidate specs, whatever the model runs on."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from microgt.graph import Graph, Linker, ValueNode, build_graph
from microgt.graph.narrow import most_columns
from microgt.graph.synonyms import with_synonyms
from microgt.model.search import beam_search, greedy
from microgt.model.signs import signs_of
from microgt.model.steps import Hypothesis, Stepper, Writing
from microgt.ranking import Ranking, kind_of
from microgt.schema.types import Schema
from microgt.spec import check
from microgt.spec.types import Spec

WIDER = 4  # times as wide is a beam searched again where nothing is accepted
MOST_LINKERS = 8  # questions come database by database


@dataclass(frozen=True)
class Candidate:
    """A spec, how sure the model is of it (0 to 1), and the value nodes it was given.

    log_prob: of its action sequence. confidence: the probability of that sequence; where the checkpoint has a ranking and the reading was
    run, the probability that it is right. signs: what a confidence is calibrated by; none of a greedy reading, which stands alone.
    """

    spec: Spec
    confidence: float
    values: tuple[ValueNode, ...]
    log_prob: float = 0.0
    signs: Mapping[str, float] = field(default_factory=dict)


class Proposer(ABC):
    """Reads graphs and searches what a model writes of them; holds the linkers of the schemas it has met last.

    config: what is known of the model's making (config.json). beam: how many hypotheses `predict` keeps. ranking: for those who run them.
    """

    def __init__(self, config: dict[str, Any], *, beam: int = 5, ranking: Ranking | None = None):
        self.config, self.beam, self.ranking = config, beam, ranking
        self._linked = linked_as(config)
        self._linkers: OrderedDict[int, tuple[Schema, Linker]] = OrderedDict()
        self._last: tuple[str, Schema, Graph] | None = None

    def threshold(self, schema: Schema, spec: Spec | None = None) -> float:
        """Confidence below which it is better to ask back: of the ranking; without one every answer is given. spec: see `kind_of`."""
        return self.ranking.thresholds.of(kind_of(spec, coded=self._linker(schema).coded)) if self.ranking else 0.0

    def knows(self, rule: str) -> bool:
        """Whether the weights have learnt a rule of the grammar, such as `Edit`."""
        return rule in self.config.get("rules", ()) and rule not in self.config.get("untrained", ())

    @abstractmethod
    def read(self, graphs: Sequence[Graph]) -> tuple[Stepper, Writing]:
        """The model over a batch of these graphs, and how what it writes becomes specs."""

    def graph(self, question: str, schema: Schema) -> Graph:
        """The graph that this model sees, with its links. The last one is kept: who answers looks at it before the model does."""
        last = self._last
        if last is None or last[0] != question or last[1] is not schema:
            last = self._last = (question, schema, self.fresh_graph(question, schema))
        return last[2]

    def fresh_graph(self, question: str, schema: Schema) -> Graph:
        """The same, made anew."""
        return self._linked(build_graph(question, schema, self._linker(schema), most=most_columns(len(schema.columns))))

    def _linker(self, schema: Schema) -> Linker:
        """By the schema's id, which is its own as long as the schema is held here with its linker."""
        if id(schema) not in self._linkers:
            self._linkers[id(schema)] = (schema, Linker(schema))
            if len(self._linkers) > MOST_LINKERS:
                self._linkers.popitem(last=False)
        self._linkers.move_to_end(id(schema))
        return self._linkers[id(schema)][1]

    def predict(self, question: str, schema: Schema) -> list[Candidate]:
        """Candidate specs, best first. Where the checker refuses all of them, the best that it accepts of a wider beam, if it holds one."""
        graph = self.graph(question, schema)
        found = self._search(graph, self.beam)
        if self.beam > 1 and not _accepted(found[:1], schema) and not _accepted(found, schema):
            found = _accepted(self._search(graph, WIDER * self.beam), schema)[: self.beam] or found
        return [_candidate(h, graph, signs) for h, signs in zip(found, signs_of(found, graph), strict=True)]

    def attended(self, question: str, schema: Schema, spec: Spec) -> Mapping[str, Sequence[float]] | None:
        """For each table, column and value that a spec of a question has: the shares of the model's attention on the question's words.

        None where the model does not tell, or could not have written the spec.
        """
        return None

    def _search(self, graph: Graph, beam: int) -> list[Hypothesis]:
        return beam_search(*self.read([graph]), beam=beam)

    def predict_many(self, graphs: Sequence[Graph]) -> list[Candidate]:
        """The greedy spec of each graph, decoded together."""
        found = greedy(*self.read(graphs), len(graphs))
        return [_candidate(h, g, {}) for h, g in zip(found, graphs, strict=True)]


def linked_as(config: Mapping[str, Any]) -> Callable[[Graph], Graph]:
    """How the model of a configuration links words with names, beyond what a graph has: what its `embedder.links` read of one."""
    links = config.get("model", {}).get("embedder", {}).get("links", {}).get("_target_", "")
    return with_synonyms if links.endswith(".SynonymLinks") else lambda graph: graph


def _accepted(found: Sequence[Hypothesis], schema: Schema) -> list[Hypothesis]:
    return [h for h in found if not check(h.spec, schema)]


def _candidate(hypothesis: Hypothesis, graph: Graph, signs: Mapping[str, float]) -> Candidate:
    return Candidate(hypothesis.spec, math.exp(min(0.0, hypothesis.log_prob)), graph.values, hypothesis.log_prob, signs)
