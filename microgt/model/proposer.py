"""From questions to candidate specs, whatever the model runs on."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from microgt.graph import Graph, Linker, ValueNode, build_graph
from microgt.model.search import beam_search, greedy
from microgt.model.steps import Hypothesis, Stepper, Writing
from microgt.schema.types import Schema
from microgt.spec.types import Spec

MOST_LINKERS = 8  # questions come database by database


@dataclass(frozen=True)
class Candidate:
    """A spec, how sure the model is of it (0 to 1: the probability of its action sequence), and the value nodes it was given."""

    spec: Spec
    confidence: float
    values: tuple[ValueNode, ...]


class Proposer(ABC):
    """Reads graphs and searches what a model writes of them; holds the linkers of the schemas it has met last.

    config: what is known of the model's making (config.json). beam: how many hypotheses `predict` keeps.
    """

    def __init__(self, config: dict[str, Any], *, beam: int = 5):
        self.config, self.beam = config, beam
        self._linkers: OrderedDict[int, tuple[Schema, Linker]] = OrderedDict()

    @abstractmethod
    def read(self, graphs: Sequence[Graph]) -> tuple[Stepper, Writing]:
        """The model over a batch of these graphs, and how what it writes becomes specs."""

    def graph(self, question: str, schema: Schema) -> Graph:
        """The graph that the model sees."""
        return build_graph(question, schema, self._linker(schema))

    def _linker(self, schema: Schema) -> Linker:
        """By the schema's id, which is its own as long as the schema is held here with its linker."""
        if id(schema) not in self._linkers:
            self._linkers[id(schema)] = (schema, Linker(schema))
            if len(self._linkers) > MOST_LINKERS:
                self._linkers.popitem(last=False)
        self._linkers.move_to_end(id(schema))
        return self._linkers[id(schema)][1]

    def predict(self, question: str, schema: Schema) -> list[Candidate]:
        """Candidate specs, best first."""
        graph = self.graph(question, schema)
        return [_candidate(h, graph) for h in beam_search(*self.read([graph]), beam=self.beam)]

    def predict_many(self, graphs: Sequence[Graph]) -> list[Candidate]:
        """The greedy spec of each graph, decoded together."""
        found = greedy(*self.read(graphs), len(graphs))
        return [_candidate(h, g) for h, g in zip(found, graphs, strict=True)]


def _candidate(hypothesis: Hypothesis, graph: Graph) -> Candidate:
    return Candidate(hypothesis.spec, math.exp(min(0.0, hypothesis.log_prob)), graph.values)
