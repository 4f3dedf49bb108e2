"""A complete matching in the graph of rows that are close.

The graph is never written down: the rows of one side are sorted, so that those close to a row of the other are found in three ranges.
The matching grows along augmenting paths, found from all free rows at once, breadth first (Azad, Buluc, Pothen: "Computing maximum
cardinality matchings in parallel on bipartite graphs via tree-grafting", 2017; without the grafting).
"""

from __future__ import annotations

import numpy as np

from microgt.evaluation.cells import ONE
from microgt.evaluation.grouping import split

_CHUNK = 1 << 20  # pairs of rows looked at together


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


def complete(a: np.ndarray, b: np.ndarray, near_a: np.ndarray, near_b: np.ndarray, budget: Budget) -> bool:
    """Whether every row of `b` gets a row of `a` of its own, see `pairing.paired`; False also when the budget is spent."""
    numbered = np.unique(np.concatenate([a, b]), return_inverse=True)[1]
    a, b = numbered[: len(a)], numbered[len(a) :]
    lowest = np.full((len(near_a), numbered.max() + 1), np.iinfo(np.int64).max)
    for least, x, y in zip(lowest, near_a, near_b, strict=True):
        np.minimum.at(least, a, x)
        np.minimum.at(least, b, y)
    return _Matching(_Close(a, b, near_a - lowest[:, a], near_b - lowest[:, b]), budget).complete()


class _Close:
    """The graph. Rows of `a` go by their position in `order`: by group, by cell of the second widest number, by the widest number."""

    def __init__(self, a: np.ndarray, b: np.ndarray, near_a: np.ndarray, near_b: np.ndarray):
        widths = np.concatenate([near_a, near_b], axis=1).max(axis=1)
        widest = np.argsort(-widths, kind="stable")
        cells = int(widths[widest[1]]) // ONE + 4 if len(near_a) > 1 else 4  # of a group, with room for neighbours at both ends
        strip_a, strip_b = (g * cells + 1 + (x[widest[1]] // (ONE + 1) if len(x) > 1 else 0) for g, x in ((a, near_a), (b, near_b)))
        strips, strip_a = np.unique(strip_a, return_inverse=True)
        span = int(widths[widest[0]]) + 2 * ONE + 1  # of a strip: what is close to its rows is in no other
        places = strip_a * span + near_a[widest[0]] + ONE
        order = np.argsort(places, kind="stable")
        self.groups_a, self.a, self.groups_b, self.b = a[order], near_a[:, order], b, near_b
        low, high = [], []
        for side in (-1, 0, 1):
            at = np.minimum(np.searchsorted(strips, strip_b + side), len(strips) - 1)
            start = at * span + near_b[widest[0]]
            low.append(np.searchsorted(places[order], start))
            high.append(np.where(strips[at] == strip_b + side, np.searchsorted(places[order], start + 2 * ONE, "right"), low[-1]))
        self._low, self._high = np.stack(low), np.stack(high)

    def count(self, j: np.ndarray, among: np.ndarray) -> np.ndarray:
        """How many pairs must be looked at for each row j of `b`."""
        return (np.searchsorted(among, self._high[:, j]) - np.searchsorted(among, self._low[:, j])).sum(axis=0)

    def pairs(self, j: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The close pairs (i, j) of rows i `among` (ascending) those of `a` and rows j of `b`."""
        low, high = (np.searchsorted(among, ends[:, j]).ravel() for ends in (self._low, self._high))
        counts = high - low
        left = among[np.arange(counts.sum()) + np.repeat(low - np.cumsum(counts) + counts, counts)]
        right = np.repeat(np.tile(j, len(self._low)), counts)
        close = (np.abs(self.a[:, left] - self.b[:, right]) <= ONE).all(axis=0)
        return left[close], right[close]


class _Matching:
    """Which row of `a` (by position) each row of `b` holds, -1 for none, and the other way round."""

    def __init__(self, close: _Close, budget: Budget):
        self._close, self._budget = close, budget
        self._owner, self._held = np.full(len(close.groups_a), -1), np.full(len(close.groups_b), -1)
        for shift in (0, ONE // 2):
            self._pair_by_cell(shift)

    def complete(self) -> bool:
        """Grow until every row of `b` holds one, or no path is left."""
        while (self._held < 0).any():
            if not self._augment():
                return False
        return True

    def _pair_by_cell(self, shift: int) -> None:
        """Begin with those that are in the same cell of a grid as wide as the tolerance."""
        left, right = np.flatnonzero(self._owner < 0), np.flatnonzero(self._held < 0)
        groups = np.concatenate([self._close.groups_a[left], self._close.groups_b[right]])
        cells = (np.concatenate([self._close.a[:, left], self._close.b[:, right]], axis=1) + shift) // (ONE + 1)
        numbers = split(groups, *cells)
        places_a, places_b = _counted(numbers[: len(left)]), _counted(numbers[len(left) :])
        _, i, j = np.intersect1d(places_a, places_b, assume_unique=True, return_indices=True)
        self._owner[left[i]], self._held[right[j]] = right[j], left[i]

    def _augment(self) -> bool:
        """Lengthen the matching by a path from each free row of `b` that finds one. False when none does, or the budget is spent."""
        level = np.flatnonzero(self._held < 0)
        root, end = np.full(len(self._held), -1), np.full(len(self._held), -1)  # by row of b; of a root, the free row of a that was found
        root[level] = level
        reached_by, unseen = np.full(len(self._owner), -1), np.arange(len(self._owner))
        while len(level):
            reached = []
            while len(level):
                among = np.cumsum(self._close.count(level, unseen))
                part = max(1, int(np.searchsorted(among, _CHUNK, "right")))
                if not self._budget.take(int(among[part - 1])):
                    return False
                left, right = self._close.pairs(level[:part], unseen)
                reached_by[left] = right
                new = unseen[reached_by[unseen] >= 0]
                unseen, level = unseen[reached_by[unseen] < 0], level[part:]
                free = new[self._owner[new] < 0]
                end[root[reached_by[free]]] = free
                taken = new[self._owner[new] >= 0]
                root[self._owner[taken]] = root[reached_by[taken]]
                reached.append(self._owner[taken])
            level = np.concatenate(reached)
            level = level[end[root[level]] < 0]
        self._move(end[end >= 0], reached_by)
        return bool((end >= 0).any())

    def _move(self, i: np.ndarray, reached_by: np.ndarray) -> None:
        """Shift the partners along the paths that end at the rows i; no two paths meet."""
        while len(i):
            j = reached_by[i]
            before = self._held[j]
            self._owner[i], self._held[j] = j, i
            i = before[before >= 0]


def _counted(numbers: np.ndarray) -> np.ndarray:
    """Distinct int64 [n]: which number, and the how-manieth of that number."""
    order = np.argsort(numbers, kind="stable")
    ranked = numbers[order]
    places = np.empty(len(numbers), np.int64)
    places[order] = np.arange(len(numbers)) - np.searchsorted(ranked, ranked)
    return numbers * (1 << 32) + places
