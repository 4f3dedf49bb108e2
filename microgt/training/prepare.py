"""Questions -> graphs with the gold's action sequence, ready to be batched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from microgt.data.example import Example, Source
from microgt.data.gold import gold_spec
from microgt.errors import GrammarError, SpecError
from microgt.graph import Graph, Linker, build_graph
from microgt.model.arrays import shape_of, trace
from microgt.spec.grammar import GRAMMAR, Action
from microgt.training.mention import in_order_of_mention


@dataclass(frozen=True, slots=True)
class Prepared:
    """One training or evaluation item. `actions` is empty when only the graph was asked for."""

    id: str
    db: str
    graph: Graph
    actions: tuple[Action, ...] = ()


@dataclass
class Tally:
    """How many questions were prepared, and why others were not: reason -> count."""

    prepared: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.skipped.most_common(6))
        return f"{self.prepared} prepared" + (f"; left out: {reasons}" if reasons else "")


class Preparer:
    """Prepares the questions of one source; linkers are built once for each database."""

    def __init__(self, source: Source):
        self.source = source
        self._linkers: dict[str, Linker] = {}

    def linker(self, db: str) -> Linker:
        """The lookups of one database."""
        if db not in self._linkers:
            self._linkers[db] = Linker(self.source.schema(db))
        return self._linkers[db]

    def graph(self, example: Example) -> Graph:
        """The graph of one question."""
        return build_graph(example.question, self.source.schema(example.db), self.linker(example.db))

    def train(self, examples: Iterable[Example], tally: Tally) -> Iterator[Prepared]:
        """Graphs with actions; what has no spec, or a value that is no node of its graph, is counted and left out."""
        for example in examples:
            try:
                spec = gold_spec(example, self.source.schema(example.db))
            except SpecError as error:
                tally.skipped[f"no spec ({error.code})"] += 1
                continue
            graph = self.graph(example)
            try:
                actions = GRAMMAR.encode(in_order_of_mention(spec, graph), graph.scope)
                trace(shape_of(actions))  # refuses what the decoder could not say: too long, or a reference to nothing
            except GrammarError as error:
                tally.skipped[_reason(error)] += 1
                continue
            tally.prepared += 1
            yield Prepared(example.id, example.db, graph, tuple(actions))


def _reason(error: GrammarError) -> str:
    """Why a spec has no actions over its graph."""
    if "not legal" in str(error):
        return "the grammar forbids it"
    return "value not found" if "value" in str(error) else "id not found"
