"""Confidences that mean the same on every kind of data: a logistic model of the signs of a right answer, fitted on several sets at once.

Each set counts alike, however large it is. The threshold below which it is better to ask back is the lowest at which, on every set, the
wanted share of the answers given is right; for that, the confidences of the answers about a database come from a calibrator fitted without
that database, whichever sets ask about it, so that what is promised has been seen on databases that it has not learned on. Charts, and
answers about databases with coded names, fewer of which are right at any confidence, have thresholds of their own, as the groups in
Mondrian prediction (Vovk et al. 2005, section 4.5); one for all would ask back far more often about the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self, get_args

import numpy as np

from microgt.errors import DataError

LEAST = 0.85  # of the answers given are to be right
_STRENGTH = 0.02  # of the pull of weights to 0, beside the mean loss
_STEPS = 50
_NEVER = 1.0  # a threshold that no confidence is above
_FAR = 3.0  # scales from its mean beyond which a sign says no more: what is rare in what was fitted says little, however far off it is

Signs = Mapping[str, float]
Kind = Literal["words", "coded", "charts"]  # of answers: about databases whose names are codes (`is_coded`); charts of others; the rest
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Judged:
    """An answer: the signs of how sure it is, whether it is right, and the database asked."""

    signs: Signs
    right: bool
    db: str = ""
    kind: Kind = "words"


@dataclass(frozen=True)
class Thresholds:
    """Confidences at which and above which answers of each kind are given, 0 to 1."""

    words: float
    coded: float
    charts: float

    def __post_init__(self) -> None:
        if not all(0 <= self.of(kind) <= 1 for kind in KINDS):
            raise ValueError(f"thresholds lie between 0 and 1, not at {self.words}, {self.coded} and {self.charts}")

    def of(self, kind: Kind) -> float:
        """The one that counts for an answer."""
        return getattr(self, kind)


NEVER = Thresholds(_NEVER, _NEVER, _NEVER)


@dataclass(frozen=True)
class Calibrator:
    """names: of signs, each shifted by its mean, divided by its scale, limited to `far` scales, and weighted."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    thresholds: Thresholds = NEVER
    far: float = _FAR

    def confidence(self, signs: Signs) -> float:
        """The probability that the answer is right, 0 to 1. Raises `KeyError` for a missing sign."""
        parts = zip(self.names, self.means, self.scales, self.weights, strict=True)
        score = self.bias + sum(weight * max(-self.far, min(self.far, (signs[name] - mean) / scale)) for name, mean, scale, weight in parts)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))

    def to_json(self) -> dict[str, Any]:
        """For a checkpoint's ranker.json; JSON knows no infinity, so that without a limit there is none."""
        return {name: value for name, value in asdict(self).items() if value != math.inf}

    @classmethod
    def from_json(cls, row: Any) -> Self:
        """Of `to_json`; or as written when there were fewer thresholds and no limit. Raises `DataError` for anything else."""
        try:
            lists = {key: tuple(row[key]) for key in ("names", "means", "scales", "weights")}
            far = float(row.get("far", math.inf))
            found = cls(**lists, bias=float(row["bias"]), thresholds=_read_thresholds(row), far=far)
            if len({*map(len, lists.values())}) != 1:
                raise ValueError("its lists differ in length")
        except (TypeError, KeyError, ValueError) as error:
            raise DataError(f"this is no calibration: {error}") from None
        return found


def _read_thresholds(row: Mapping[str, Any]) -> Thresholds:
    if "thresholds" not in row:
        return Thresholds(*[float(row["threshold"])] * len(KINDS))
    of = row["thresholds"]
    return Thresholds(float(of["words"]), float(of["coded"]), float(of.get("charts", of["words"])))


@dataclass(frozen=True)
class Calibrated:
    """calibrator: fitted on all databases. without: database -> the one fitted on all others. confidences: of each set, its answers', by
    these.

    All have the same thresholds.
    """

    calibrator: Calibrator
    without: Mapping[str, Calibrator]
    confidences: Mapping[str, tuple[float, ...]]


def calibrate(
    sets: Mapping[str, Sequence[Judged]], least: float = LEAST, beside: Mapping[str, Sequence[Judged]] | None = None
) -> Calibrated:
    """Fit on all sets; see the head of this file. beside: sets that are not fitted on, but for which the thresholds are to hold too.

    Raises `DataError` when a set is empty or all answers are about one database.
    """
    every = {**sets, **(beside or {})}
    databases = sorted({a.db for answers in sets.values() for a in answers})
    if len(databases) < 2 or not all(every.values()):
        raise DataError("calibration needs answers about two or more databases, and no set may be empty")
    fitted = _fit(list(sets.values()))
    without = {db: _fit([[a for a in answers if a.db != db] for answers in sets.values()]) for db in databases}
    apart = {name: tuple(without.get(a.db, fitted).confidence(a.signs) for a in answers) for name, answers in every.items()}
    thresholds = _thresholds(every, apart, least)
    kept = {db: replace(calibrator, thresholds=thresholds) for db, calibrator in without.items()}
    return Calibrated(replace(fitted, thresholds=thresholds), kept, apart)


def _thresholds(sets: Mapping[str, Sequence[Judged]], confidences: Mapping[str, Sequence[float]], least: float) -> Thresholds:
    """Each on the sets most of whose answers are of its kind, since few answers say little; a kind that is most of no set on those that
    have it, where only its own count. What is given of other kinds counts in a set of its own too, so each may rise when another is known.
    A kind of which there is no answer has the threshold of words, or of another."""
    answers = {n: list(zip(sets[n], confidences[n], strict=True)) for n in sets}
    of = {kind: {n: [(a.right, c) for a, c in answers[n] if a.kind == kind] for n in sets} for kind in KINDS}
    found: dict[Kind, float] = {}
    for kind in (*KINDS, *KINDS):
        given = {n: [(a.right, 1.0) for a, c in answers[n] if a.kind != kind and c >= found.get(a.kind, math.inf)] for n in sets}
        asked = {n: of[kind][n] + given[n] for n in sets if _is_main(kind, sets[n])} or {n: own for n, own in of[kind].items() if own}
        if asked:
            found[kind] = max(found.get(kind, 0.0), threshold_for(asked, least))
    other = found.get("words", max(found.values()))
    return Thresholds(**{kind: found.get(kind, other) for kind in KINDS})


def _is_main(kind: Kind, answers: Sequence[Judged]) -> bool:
    counts = {k: sum(a.kind == k for a in answers) for k in KINDS}
    return counts[kind] == max(counts.values())


def threshold_for(sets: Mapping[str, Sequence[tuple[bool, float]]], least: float = LEAST) -> float:
    """The lowest confidence at which, in every set with answers at it or above, the share `least` of them is right; 1 if there is none.

    sets: name -> (right, confidence) of each answer.
    """
    tried = sorted({c for answers in sets.values() for _, c in answers})
    return next((t for t in tried if all(_holds(answers, t, least) for answers in sets.values())), _NEVER)


def _holds(answers: Sequence[tuple[bool, float]], threshold: float, least: float) -> bool:
    given = [right for right, c in answers if c >= threshold]
    return sum(given) >= least * len(given)


def _fit(sets: Sequence[Sequence[Judged]], thresholds: Thresholds = NEVER) -> Calibrator:
    """Weighted logistic regression with a ridge, by Newton's steps (a convex loss, so from 0 to its one minimum); without empty sets."""
    sets = [answers for answers in sets if answers]
    names = tuple(sorted(sets[0][0].signs))
    signs = np.array([[a.signs[n] for n in names] for answers in sets for a in answers], dtype=np.float64)
    right = np.array([a.right for answers in sets for a in answers], dtype=np.float64)
    share = np.concatenate([np.full(len(answers), 1 / len(answers) / len(sets)) for answers in sets])
    means = share @ signs
    scales = np.sqrt(share @ (signs - means) ** 2)
    scales[scales < 1e-9] = 1.0
    x = np.column_stack([np.clip((signs - means) / scales, -_FAR, _FAR), np.ones(len(signs))])
    ridge = _STRENGTH * np.eye(x.shape[1])
    ridge[-1, -1] = 1e-6  # the bias is free; a little keeps the system regular when all answers are right
    weights = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (share * (p - right)) + ridge @ weights
        step = np.linalg.solve((x * (share * p * (1 - p))[:, None]).T @ x + ridge, gradient)
        weights -= step * min(1.0, 5 / (np.abs(step).max() + 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return Calibrator(
        names, tuple(map(float, means)), tuple(map(float, scales)), tuple(map(float, weights[:-1])), float(weights[-1]), thresholds
    )
