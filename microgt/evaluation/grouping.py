"""Rows of two results put into groups that share codes."""

from __future__ import annotations

import numpy as np

from microgt.evaluation.cells import ONE

_ROOM = 1 << 62


def runs(values: np.ndarray, gap: int = ONE) -> np.ndarray:
    """int64 [n]: the number of the run of neighbours, each at most `gap` from the next, that each value is in."""
    order = np.argsort(values)
    ranked = values[order]
    numbers = np.empty(len(values), np.int64)
    numbers[order] = np.cumsum(np.diff(ranked, prepend=ranked[:1]) > gap)
    return numbers


def split(groups: np.ndarray, *codes: np.ndarray) -> np.ndarray:
    """int64 [n]: the number of each row's group, split where any of the codes (from 0) differ."""
    for more in codes:
        groups = np.unique(groups * (int(more.max(initial=0)) + 1) + more, return_inverse=True)[1]
    return groups


def refined(a: np.ndarray, b: np.ndarray, more_a: np.ndarray, more_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Groups of rows (int64 [n] and [m], from 0), split by a further column's codes."""
    size = _size(more_a, more_b)
    if _size(a, b) * size > _ROOM:
        numbered = np.unique(np.concatenate([a, b]), return_inverse=True)[1]
        a, b = numbered[: len(a)], numbered[len(a) :]
    return a * size + more_a, b * size + more_b


def covers(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether every code occurs in `b` at most as often as in `a`."""
    if len(a) == len(b):
        return np.array_equal(np.sort(a), np.sort(b))
    there, wanted = np.unique(a, return_counts=True), np.unique(b, return_counts=True)
    at = np.minimum(np.searchsorted(there[0], wanted[0]), len(there[0]) - 1)
    return bool(((there[0][at] == wanted[0]) & (wanted[1] <= there[1][at])).all())


def _size(a: np.ndarray, b: np.ndarray) -> int:
    return int(max(a.max(initial=0), b.max(initial=0))) + 1
