"""Which readings give the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from microgt.ranking.shown import Shown
from microgt.spec.compiler.ordering import sort_index
from microgt.spec.types import Answer, Edit, Select, Spec


@dataclass(frozen=True)
class Reading:
    """A spec that a model proposes. log_prob: of its actions. shown: what running it shows; None when it cannot be run or is no query."""

    spec: Spec
    log_prob: float
    shown: Shown | None

    @property
    def failed(self) -> bool:
        """Whether it is a query and cannot be run."""
        return self.shown is None and isinstance(self.spec, Answer | Edit)

    @property
    def empty(self) -> bool:
        """Whether it runs and finds no row."""
        return self.shown is not None and not self.shown.rows


def same_answers(readings: Sequence[Reading]) -> np.ndarray:
    """int [readings]: the place of the first reading with the same answer.

    That is the same rows, sorted by the same outputs where they are sorted; which of equal ones comes first is chance. What cannot be run,
    is no query or has no rows gives an answer of its own: that nothing is found is no sign that the same was looked for.
    """
    first: dict[object, int] = {}
    return np.array([first.setdefault(found, i) if (found := _answer(r)) else i for i, r in enumerate(readings)], dtype=np.int64)


def agreement(readings: Sequence[Reading], share: np.ndarray) -> list[float]:
    """Of each reading the probability of all with the same rows, in whatever order. share: float64 [readings], the probability of each."""
    digests = [r.shown.digest if r.shown else None for r in readings]
    return [float(sum(p for d, p in zip(digests, share, strict=True) if d == own)) if own else 0.0 for own in digests]


def _answer(reading: Reading) -> object:
    out = reading.shown
    if out is None or reading.empty:
        return None
    return out.digest, _order(reading.spec) if out.rows > 1 else ()


def _order(spec: Spec) -> tuple[tuple[str, object], ...]:
    """The direction and the output of each sort key; the key itself where it is no output."""
    answer = spec.answer if isinstance(spec, Edit) else spec
    if not isinstance(answer, Answer):
        return ()
    outputs = answer.query.outputs if isinstance(answer.query, Select) else ()
    places = [sort_index(sort.by, outputs) for sort in answer.query.sort]
    return tuple((s.direction, s.by if place is None else place) for s, place in zip(answer.query.sort, places, strict=True))
