"""How many questions a second are answered when many come at once: greedy, decoded together, each then checked, compiled and run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from microgt.errors import GrammarError
from microgt.model.proposer import Proposer
from microgt.product.latency import Asked, executed, first_sql, stopwatch
from microgt.product.predict import greedy_candidates


@dataclass(frozen=True)
class Rate:
    """Of so many questions. answered: those whose query ran. processor: seconds of this process and the engine's. wall: that passed."""

    questions: int
    answered: int
    processor: float
    wall: float


def rate(proposer: Proposer, asked: Sequence[Asked], batch: int) -> Rate:
    """Of one or more questions, all on one worker, in batches of at most so many; those of like length together, as padding takes time."""
    ordered = sorted(asked, key=lambda one: (len(one.schema.columns), len(one.question)))
    watch, answered = stopwatch(ordered[0]), 0
    for i in range(0, len(ordered), batch):
        some = ordered[i : i + batch]
        found = greedy_candidates([proposer.fresh_graph(one.question, one.schema) for one in some], proposer)
        for one, candidate in zip(some, found, strict=True):
            specs = [] if isinstance(candidate, GrammarError) else [candidate.spec]
            answered += executed(first_sql(specs, one.schema), one)
    watch.lap()
    ((processor, wall),) = watch.laps
    return Rate(len(ordered), answered, processor / 1e3, wall / 1e3)
