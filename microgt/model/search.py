"""Search over what a decoder writes, likeliest first, in NumPy.

The model is a `Stepper`, whatever it runs on. What is legal and what becomes of it is said by a `Writing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from microgt.errors import GrammarError
from microgt.model.steps import Growing, Hypothesis, Stepper, Writing


class _Open(NamedTuple):
    """An output under way: of which graph of the batch, and the log-probability so far."""

    graph: int
    score: float
    written: Growing

    def push(self, index: int, score: float) -> _Open:
        return _Open(self.graph, score, self.written.push(index))


def greedy(stepper: Stepper, writing: Writing, graphs: int) -> list[Hypothesis]:
    """The likeliest output at each step, all graphs of the batch together; one hypothesis a graph, in order. graphs: how many there are.

    Raises `GrammarError` when a graph leaves nothing legal (a schema without tables or columns), or what was written is no spec.
    """
    found: dict[int, Hypothesis] = {}
    rows, state = [_Open(i, 0.0, writing.start(i)) for i in range(graphs)], stepper.start()
    while rows:
        logp, state = stepper.step(*writing.inputs([row.written for row in rows]), state)
        best, choice = logp.max(-1).tolist(), logp.argmax(-1).tolist()
        if -np.inf in best:
            raise rows[best.index(-np.inf)].written.stuck()
        rows = [row.push(i, row.score + s) for row, i, s in zip(rows, choice, best, strict=True)]
        found |= {row.graph: row.written.finish(row.score) for row in rows if row.written.done}
        kept = [i for i, row in enumerate(rows) if not row.written.done]
        if len(kept) < len(rows):
            rows = [rows[i] for i in kept]
            state = stepper.select(state, kept)
    return [found[i] for i in range(graphs)]


def beam_search(stepper: Stepper, writing: Writing, *, beam: int = 5) -> list[Hypothesis]:
    """Up to `beam` hypotheses of the batch's only graph, likeliest first. Raises `GrammarError` when there is none."""
    if beam < 1:
        raise ValueError(f"a beam holds at least 1; it was given {beam}")
    rows, finished, state = [_Open(0, 0.0, writing.start(0))], list[_Open](), stepper.start()
    while rows:
        logp, state = stepper.step(*writing.inputs([row.written for row in rows]), state)
        grown = _best(rows, logp, beam)
        if not grown and not finished:
            raise rows[0].written.stuck()
        finished += [row for _, row in grown if row.written.done]
        finished = sorted(finished, key=lambda row: -row.score)[:beam]
        # A log-probability only falls: what is below the last of a full beam cannot come back.
        bar = finished[-1].score if len(finished) == beam else -np.inf
        kept = [(parent, row) for parent, row in grown if not row.written.done and row.score > bar]
        rows = [row for _, row in kept]
        state = stepper.select(state, [parent for parent, _ in kept])
    return _read(finished)


def _read(finished: Sequence[_Open]) -> list[Hypothesis]:
    """What is a spec of what was written. Raises `GrammarError`, of the likeliest, when nothing is."""
    found, errors = list[Hypothesis](), list[GrammarError]()
    for row in finished:
        try:
            found.append(row.written.finish(row.score))
        except GrammarError as error:
            errors.append(error)
    if errors and not found:
        raise errors[0]
    return found


def _best(rows: Sequence[_Open], logp: np.ndarray, beam: int) -> list[tuple[int, _Open]]:
    """The `beam` likeliest continuations of all rows, each with the row it continues; of equally likely ones the first."""
    total = (logp + np.array([row.score for row in rows])[:, None]).ravel()
    places = np.argsort(-total, kind="stable")[:beam]
    pairs = [(*divmod(place, logp.shape[1]), score) for place, score in zip(places.tolist(), total[places].tolist(), strict=True)]
    return [(parent, rows[parent].push(index, score)) for parent, index, score in pairs if score > -np.inf]
