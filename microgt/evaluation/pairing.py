"""Rows of two results paired within their groups so that every number is close.

Closeness is not transitive, so counting is not enough: a pairing is a matching in a bipartite graph. On a line, and nearly always in the
order of all numbers, sorting finds it; what remains is left to `matching`.
"""

from __future__ import annotations

import numpy as np

from microgt.evaluation.cells import ONE
from microgt.evaluation.grouping import runs
from microgt.evaluation.matching import Budget, complete


def paired(a: np.ndarray, b: np.ndarray, near_a: np.ndarray, near_b: np.ndarray, budget: Budget) -> bool:
    """Whether every row of `b` has a row of `a` of its own, in the same group and with all numbers close.

    a, b: the groups of the rows, int64 [n] and [m]; of each group, `b` has at most as many rows as `a`. near_a, near_b: int64 [k, n] and
    [k, m], numbers on the scale of closeness; those of one group lie in one run (`grouping.runs`).
    """
    if len(a) == len(b):
        order_a, order_b = _aligned(a, b, near_a, near_b)
        unsure = b[order_b][(np.abs(near_a[:, order_a] - near_b[:, order_b]) > ONE).any(axis=0)]
        if not len(unsure) or len(near_a) == 1:  # of one number each, ascending is the best order
            return not len(unsure)
        of_a, of_b = np.isin(a, unsure), np.isin(b, unsure)
        a, b, near_a, near_b = a[of_a], b[of_b], near_a[:, of_a], near_b[:, of_b]
    return complete(a, b, near_a, near_b, budget)


def _aligned(a: np.ndarray, b: np.ndarray, near_a: np.ndarray, near_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The orders of rows, by group and numbers, in which the noise of arithmetic does not separate what belongs together."""
    gap = ONE // (len(a) + len(b))  # so small that no run is longer than the tolerance
    fine = [runs(np.concatenate([x, y]), gap) for x, y in zip(near_a, near_b, strict=True)]
    return (
        np.lexsort((*near_a[::-1], *(f[: len(a)] for f in reversed(fine)), a)),
        np.lexsort((*near_b[::-1], *(f[len(a) :] for f in reversed(fine)), b)),
    )
