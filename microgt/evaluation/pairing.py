"""Rows of two results paired within their groups so that every number is close.

Closeness is not transitive, so counting is not enough: a pairing is a matching in a bipartite graph. Sorting finds it nearly always; what
remains is searched along augmenting paths.
"""

from __future__ import annotations

import numpy as np

from microgt.evaluation.cells import ONE
from microgt.evaluation.grouping import runs


class Budget:
    """How much may still be tried: steps of the search for columns, and rows looked at in all."""

    def __init__(self, steps: int = 10_000, rows: int = 100_000_000):
        self._steps, self._rows = steps, rows

    @property
    def spent(self) -> bool:
        """Whether the search was given up."""
        return self._steps <= 0 or self._rows <= 0

    def take(self, rows: int, steps: int = 0) -> bool:
        """Pay for looking at rows. False when nothing is left."""
        self._rows -= rows
        self._steps -= steps
        return not self.spent


def paired(a: np.ndarray, b: np.ndarray, near_a: np.ndarray, near_b: np.ndarray, budget: Budget) -> bool:
    """Whether every row of `b` has a row of `a` of its own, in the same group and with all numbers close.

    a, b: the groups of the rows, int64 [n] and [m]; of each group, `b` has at most as many rows as `a`. near_a, near_b: int64 [k, n] and
    [k, m], numbers on the scale of closeness.
    """
    order_a, order_b = _aligned(a, b, near_a, near_b)
    unsure = b[order_b]
    if len(a) == len(b):
        unsure = unsure[(np.abs(near_a[:, order_a] - near_b[:, order_b]) > ONE).any(axis=0)]
        if len(near_a) == 1:  # of one number each, ascending is the best order
            return not len(unsure)
    for group in np.unique(unsure):
        rows_a, rows_b = (order[slice(*np.searchsorted(x[order], (group, group + 1)))] for order, x in ((order_a, a), (order_b, b)))
        if not _Matching(near_a[:, rows_a], near_b[:, rows_b], budget).complete():
            return False
    return True


def _aligned(a: np.ndarray, b: np.ndarray, near_a: np.ndarray, near_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The orders of rows, by group and numbers, in which the noise of arithmetic does not separate what belongs together."""
    gap = ONE // (len(a) + len(b))  # so small that no run is longer than the tolerance
    fine = [runs(np.concatenate([x, y]), gap) for x, y in zip(near_a, near_b, strict=True)]
    return (
        np.lexsort((*near_a[::-1], *(f[: len(a)] for f in reversed(fine)), a)),
        np.lexsort((*near_b[::-1], *(f[len(a) :] for f in reversed(fine)), b)),
    )


class _Matching:
    """A matching of the columns of `b` [k, m] with columns of `a` [k, n] of which all numbers are close."""

    def __init__(self, a: np.ndarray, b: np.ndarray, budget: Budget):
        widest = int(np.argmax(np.ptp(a, axis=1)))
        order_a, order_b = np.argsort(a[widest]), np.argsort(b[widest])
        self._a, self._b, self._budget = a[:, order_a], b[:, order_b], budget
        self._low = np.searchsorted(self._a[widest], self._b[widest] - ONE, "left")
        self._high = np.searchsorted(self._a[widest], self._b[widest] + ONE, "right")
        self._owner = np.full(a.shape[1], -1)  # the column of b that has a column of a
        self._held = np.full(b.shape[1], -1)  # and the other way round
        for shift in (0, ONE // 2):
            self._pair_by_cell(shift)

    def complete(self) -> bool:
        """Whether every column of `b` finds one of its own; False also when the budget is spent."""
        return all(self._augment(int(root)) for root in np.flatnonzero(self._held < 0))

    def _pair_by_cell(self, shift: int) -> None:
        """Begin with those that are in the same cell of a grid as wide as the tolerance."""
        left, right = np.flatnonzero(self._owner < 0), np.flatnonzero(self._held < 0)
        cells = (np.concatenate([self._a[:, left], self._b[:, right]], axis=1) + shift) // (ONE + 1)
        numbers = np.unique(cells, axis=1, return_inverse=True)[1].reshape(-1)
        places_a, places_b = _counted(numbers[: len(left)]), _counted(numbers[len(left) :])
        _, i, j = np.intersect1d(places_a, places_b, assume_unique=True, return_indices=True)
        self._owner[left[i]], self._held[right[j]] = right[j], left[i]

    def _augment(self, root: int) -> bool:
        """Give one more column of `b` a partner, at need by moving others (breadth first)."""
        reached_by = np.full(len(self._owner), -1)
        free, unseen, level = np.flatnonzero(self._owner < 0), np.arange(len(self._owner)), [root]
        while level:
            for j in level:
                found = self._close(free, j)
                if len(found):
                    reached_by[found[0]] = j
                    self._move(int(found[0]), reached_by, root)
                    return True
            reached = []
            for j in level:
                new = self._close(unseen, j)
                reached_by[new] = j
                unseen = unseen[reached_by[unseen] < 0]
                reached.extend(self._owner[new].tolist())
            if self._budget.spent:
                return False
            level = reached
        return False

    def _close(self, among: np.ndarray, j: int) -> np.ndarray:
        """Which columns of `a` (ascending positions) are close to a column of `b`."""
        near = among[np.searchsorted(among, self._low[j]) : np.searchsorted(among, self._high[j])]
        self._budget.take(len(near))
        return near[(np.abs(self._a[:, near] - self._b[:, [j]]) <= ONE).all(axis=0)]

    def _move(self, i: int, reached_by: np.ndarray, root: int) -> None:
        """Shift the partners along the path that ends at a free column."""
        while True:
            j = int(reached_by[i])
            self._owner[i], self._held[j], i = j, i, int(self._held[j])
            if j == root:
                return


def _counted(numbers: np.ndarray) -> np.ndarray:
    """Distinct int64 [n]: which number, and the how-manieth of that number."""
    order = np.argsort(numbers, kind="stable")
    ranked = numbers[order]
    places = np.empty(len(numbers), np.int64)
    places[order] = np.arange(len(numbers)) - np.searchsorted(ranked, ranked)
    return numbers * (1 << 32) + places
