"""Learning a ranking from questions whose readings were run and marked, and what it is worth on databases that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from microgt.errors import DataError
from microgt.evaluation.calibration import LEAST, Judged, Kind, Signs, calibrate
from microgt.ranking.fit import RIDGE, fit
from microgt.ranking.ranker import Ranker
from microgt.ranking.ranking import Ranking
from microgt.ranking.signs import ranked_signs


@dataclass(frozen=True)
class Marked:
    """A question with one or more readings, in the model's order.

    rows: float64 [readings,features]. answers: int [readings], from `same_answers`. signs: the model's own of each. right: bool [readings],
    whether the answer is right. kinds: of each, see `kind_of`.
    """

    db: str
    rows: np.ndarray
    answers: np.ndarray
    signs: Sequence[Signs]
    right: np.ndarray
    kinds: Sequence[Kind]


@dataclass(frozen=True)
class Taken:
    """The reading that was taken for a question, by what was learned without the question's database."""

    place: int
    right: bool
    confidence: float


@dataclass(frozen=True)
class Learned:
    """A ranking, and what those learned without each database take for the questions of each set, in their order."""

    ranking: Ranking
    taken: Mapping[str, tuple[Taken, ...]]


def learn(
    sets: Mapping[str, Sequence[Marked]],
    beside: Mapping[str, Sequence[Marked]] | None = None,
    *,
    ridge: float = RIDGE,
    least: float = LEAST,
) -> Learned:
    """Fit on all questions of all sets, and once more without each database.

    The calibrators learn from what rankers take on databases that they have not seen. beside: further sets, for which only the thresholds
    are to hold too. ridge: see `fit`. least: see `calibrate`. Raises `DataError` when the questions do not suffice.
    """
    everything = [m for marked in sets.values() for m in marked]
    databases = sorted({m.db for m in everything})
    if len(databases) < 2:
        raise DataError(f"a ranking learns from questions about two or more databases; it was given {', '.join(databases) or 'none'}")
    beside = beside or {}
    if both := sorted(sets.keys() & beside.keys()):
        raise DataError(f"{', '.join(both)}: learned from, or beside what is learned from, not both")
    every = {**sets, **beside}
    ranker = _fitted(everything, ridge)
    rankers = {db: _fitted([m for m in everything if m.db != db], ridge) for db in databases}
    places = {name: [rankers.get(m.db, ranker).order(m.rows, m.answers)[0] for m in marked] for name, marked in every.items()}
    judged = {name: [_judged(rankers.get(m.db, ranker), m, i) for m, i in zip(every[name], places[name], strict=True)] for name in every}
    found = calibrate({n: judged[n] for n in sets}, least, {n: judged[n] for n in beside})
    without = {db: Ranking(rankers[db], found.without[db]) for db in databases}
    taken = {
        name: tuple(Taken(i, bool(m.right[i]), c) for m, i, c in zip(every[name], places[name], found.confidences[name], strict=True))
        for name in every
    }
    return Learned(Ranking(ranker, found.calibrator, without), taken)


def _fitted(marked: Sequence[Marked], ridge: float) -> Ranker:
    return fit([m.rows for m in marked], [m.right for m in marked], ridge=ridge)


def _judged(ranker: Ranker, marked: Marked, place: int) -> Judged:
    signs = ranked_signs(ranker, marked.rows, marked.answers, marked.signs)[place]
    return Judged(signs, bool(marked.right[place]), marked.db, marked.kinds[place])
