"""Which column is which: a bijection of columns under which two sets of rows agree as bags, block by block.

Columns are assigned one at a time; after each, the partial rows must still agree, which prunes almost everything. Numbers make it harder
than counting: closeness is not transitive. So rows are first grouped by codes that close numbers share (agreement of the groups is
necessary), then within a group rows are paired so that every number is close (together, sufficient).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from microgt.evaluation.cells import Cells, close, codes

STEPS = 10_000
_WORK = 100_000_000  # rows looked at, over all steps
_GROUP = 500  # rows of one group that are paired exactly


class Budget:
    """How many assignments may still be tried for results of `rows` rows."""

    def __init__(self, rows: int, steps: int = STEPS):
        self.left = max(min(steps, _WORK // max(rows, 1)), 100)

    @property
    def spent(self) -> bool:
        """Whether the search was given up."""
        return self.left <= 0

    def step(self) -> bool:
        """Take one step; False when there is none left."""
        self.left -= 1
        return self.left > 0


def rows_agree(
    gold: Sequence[Sequence[Any]],
    predicted: Sequence[Sequence[Any]],
    names: tuple[Sequence[str], Sequence[str]],
    gold_blocks: np.ndarray,
    predicted_blocks: np.ndarray,
    budget: Budget,
) -> bool:
    """Whether some permutation of columns makes every predicted row a row of its own in the same block of gold.

    gold: n rows, of which the first len(names[0]) cells count; predicted: m <= n rows; blocks: int [n] and [m]. With m = n the bags are
    equal; with fewer rows predicted is a choice from gold.
    """
    width = len(names[0])
    gold_columns = [Cells([row[i] for row in gold]) for i in range(width)]
    predicted_columns = [Cells([row[j] for row in predicted]) for j in range(width)]
    whole = len(gold) == len(predicted)

    @cache
    def pair(i: int, j: int) -> tuple[np.ndarray, np.ndarray, bool] | None:
        a, b = gold_columns[i], predicted_columns[j]
        if any(x != y if whole else x < y for x, y in zip(a.kinds, b.kinds, strict=True)):
            return None
        coded = codes(a, b)
        return coded if _covers(coded[0], coded[1]) else None

    def candidates(i: int, used: frozenset[int]) -> Iterator[int]:
        free = [j for j in range(width) if j not in used]
        return iter(sorted(free, key=lambda j: (names[0][i].lower() != names[1][j].lower(), i != j)))

    def assign(i: int, used: frozenset[int], a: np.ndarray, b: np.ndarray, loose: tuple[tuple[int, int], ...]) -> bool:
        if i == width:
            return not loose or _paired(
                a, b, np.stack([gold_columns[g].numbers for g, _ in loose]), np.stack([predicted_columns[p].numbers for _, p in loose])
            )
        for j in candidates(i, used):
            if not budget.step():
                return False
            coded = pair(i, j)
            if coded is None:
                continue
            next_a, next_b = _refined(a, b, coded[0], coded[1])
            if _covers(next_a, next_b) and assign(i + 1, used | {j}, next_a, next_b, loose if coded[2] else (*loose, (i, j))):
                return True
        return False

    return assign(0, frozenset(), gold_blocks, predicted_blocks, ())


def _covers(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether every code occurs in `b` at most as often as in `a`."""
    size = int(max(a.max(initial=0), b.max(initial=0))) + 1
    return bool((np.bincount(b, minlength=size) <= np.bincount(a, minlength=size)).all())


def _refined(a: np.ndarray, b: np.ndarray, more_a: np.ndarray, more_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Groups of rows, split by a further column's codes."""
    both = np.concatenate([a, b]) * (int(max(more_a.max(), more_b.max())) + 1) + np.concatenate([more_a, more_b])
    groups = np.unique(both, return_inverse=True)[1]
    return groups[: len(a)], groups[len(a) :]


def _paired(a: np.ndarray, b: np.ndarray, numbers_a: np.ndarray, numbers_b: np.ndarray) -> bool:
    """Whether within each group every row of `b` has a row of `a` of its own with all numbers close. numbers: float64 [columns, rows]."""
    order_a, order_b = np.lexsort((*numbers_a[::-1], a)), np.lexsort((*numbers_b[::-1], b))
    if len(a) == len(b):
        bad = ~close(numbers_a[:, order_a], numbers_b[:, order_b]).all(axis=0)
        unsure = np.unique(b[order_b][bad])
    else:
        unsure = np.unique(b)
    starts_a, starts_b = a[order_a], b[order_b]
    for group in unsure:
        rows_a = order_a[np.searchsorted(starts_a, group, "left") : np.searchsorted(starts_a, group, "right")]
        rows_b = order_b[np.searchsorted(starts_b, group, "left") : np.searchsorted(starts_b, group, "right")]
        if len(rows_b) > _GROUP or not _matched(numbers_a[:, rows_a], numbers_b[:, rows_b]):
            return False
    return True


def _matched(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether each column of `b` [k, m] has a column of `a` [k, n] of its own with all numbers close (augmenting paths)."""
    near = [np.flatnonzero(close(a, b[:, [j]]).all(axis=0)).tolist() for j in range(b.shape[1])]
    owner: dict[int, int] = {}

    def place(j: int, tried: set[int]) -> bool:
        for i in near[j]:
            if i in tried:
                continue
            tried.add(i)
            if i not in owner or place(owner[i], tried):
                owner[i] = j
                return True
        return False

    return all(place(j, set()) for j in range(b.shape[1]))
