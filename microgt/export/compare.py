"""Whether an exported model says what its origin says: both go along the origin's greedy specs of the same questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from microgt.data.demo.source import DemoSource
from microgt.errors import ExportError, MissingExtra
from microgt.export.formats import Tolerance
from microgt.graph import Graph
from microgt.model.proposer import Proposer
from microgt.progress import progress

SPLITS = ("validation", "test", "unseen")  # of the embedded questions
BATCH = 16
LIKELY = 0.01  # log-probabilities are compared where the origin gives at least this probability


@dataclass(frozen=True)
class Comparison:
    """questions: how many were read. same: with the same greedy spec. nats: the greatest difference of a log-probability."""

    questions: int
    same: int
    nats: float

    def check(self, tolerance: Tolerance) -> None:
        """Raise `ExportError` when the two are further apart than the format allows."""
        wanted = int(np.ceil(tolerance.same * self.questions))
        if self.nats > tolerance.nats or self.same < wanted:
            raise ExportError(
                f"the export does not say what its origin says: {self.same} of {self.questions} specs are the same "
                f"(at least {wanted} must be), log-probabilities differ by up to {self.nats:.2g} nats (at most {tolerance.nats:g} may); "
                "nothing was written"
            )


def embedded_graphs(origin: Proposer, limit: int | None = None) -> list[Graph]:
    """The graphs of the embedded questions that are asked, not trained on; `limit`: so many of them, from all over.

    Questions about flights are left out without the extra `demo`, which has the data.
    """
    source = DemoSource()
    examples = [e for split in SPLITS for e in source.examples(split)]
    found: list[Graph] = []
    for example in examples[:: max(1, len(examples) // limit)] if limit else examples:
        try:
            found.append(origin.graph(example.question, source.schema(example.db)))
        except MissingExtra:
            continue
    return found[:limit]


def compare(origin: Proposer, exported: Proposer, graphs: Sequence[Graph]) -> Comparison:
    """Follow the origin's choices in both."""
    ordered = sorted(graphs, key=lambda graph: len(graph.tokens))
    batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    same, nats = 0, 0.0
    for batch in progress(batches, "comparing", len(batches)):
        differing = set[int]()
        for row, distance, agreed in _follow(origin, exported, batch):
            nats = max(nats, distance)
            if not agreed:
                differing.add(row)
        same += len(batch) - len(differing)
    return Comparison(len(ordered), same, nats)


def _follow(origin: Proposer, exported: Proposer, graphs: Sequence[Graph]) -> Iterator[tuple[int, float, bool]]:
    """For each step of each graph: which graph, how far log-probabilities are apart, whether both choose the same."""
    first, writing = origin.read(graphs)
    second, _ = exported.read(graphs)
    rows = [(i, writing.start(i)) for i in range(len(graphs))]
    state, other_state = first.start(), second.start()
    while rows:
        steps, legal = writing.inputs([written for _, written in rows])
        logp_BA, state = first.step(steps, legal, state)
        other_BA, other_state = second.step(steps, legal, other_state)
        likely_BA = logp_BA >= np.log(LIKELY)
        with np.errstate(invalid="ignore"):
            distance_B = np.where(likely_BA, np.abs(logp_BA - other_BA), 0).max(-1)
        choice_B = logp_BA.argmax(-1)
        agreed_B = (choice_B == other_BA.argmax(-1)) & ~np.isnan(other_BA).any(-1)
        for (i, _), distance, agreed in zip(rows, distance_B.tolist(), agreed_B.tolist(), strict=True):
            yield i, distance if np.isfinite(distance) else np.inf, agreed
        ends = ~np.isfinite(logp_BA.max(-1))  # a dead end
        pushed = [(i, w) if end else (i, w.push(c)) for (i, w), c, end in zip(rows, choice_B.tolist(), ends.tolist(), strict=True)]
        kept = [n for n, (_, written) in enumerate(pushed) if not written.done and not ends[n]]
        rows = [pushed[n] for n in kept]
        state, other_state = first.select(state, kept), second.select(other_state, kept)
