"""Which column is which: a bijection of columns under which two sets of rows agree as bags, group by group.

Colours, which no order of rows or columns changes, leave few candidates. They are assigned one at a time; after each, the partial rows must
still agree, and where there was a choice the colours are refined. Rows are grouped by codes that close numbers share (that the groups agree
is necessary), and at last paired so that every number is close (together, sufficient).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from microgt.evaluation.cells import ONE, Column
from microgt.evaluation.colours import Colouring, Colours, OneColour, Refinement
from microgt.evaluation.grouping import covers, refined, runs
from microgt.evaluation.matching import Budget
from microgt.evaluation.pairing import paired
from microgt.evaluation.places import Places

Near = tuple[tuple[np.ndarray, np.ndarray], ...]


@dataclass(frozen=True)
class Rows:
    """n rows: their columns with their names, and the places that a paired row must share."""

    names: Sequence[str]
    columns: Sequence[Column]
    places: Places


def rows_agree(gold: Rows, predicted: Rows, budget: Budget) -> bool:
    """Whether gold's columns can be found among the predicted ones so that every predicted row is a row of its own of gold.

    With as many rows the bags are equal; with fewer, predicted is a choice from gold. With more columns, the others are left out.
    """
    if not covers(gold.places.blocks, predicted.places.blocks):
        return False
    colouring = _colouring(gold, predicted, budget)
    colours = colouring.start()
    near = tuple(zip(gold.places.near, predicted.places.near, strict=True))
    search = _Search(gold, predicted, colouring, budget)
    return colours is not None and search.assign({}, colours, gold.places.blocks, predicted.places.blocks, near)


class _Search:
    """Depth first over the columns of gold."""

    def __init__(self, gold: Rows, predicted: Rows, colouring: Colouring, budget: Budget):
        self._gold, self._predicted, self._colouring, self._budget = gold, predicted, colouring, budget
        self._size = len(gold.places.blocks) + len(predicted.places.blocks)
        self._pair = cache(lambda i, j: _pair(gold.columns[i], predicted.columns[j]))

    def assign(self, used: dict[int, int], colours: Colours, a: np.ndarray, b: np.ndarray, near: Near) -> bool:
        """Whether the columns not yet `used` (of gold: of the prediction) can be assigned; False also when the budget is spent.

        a, b: the groups of the rows so far. near: numbers that must be close as well.
        """
        used = dict(used)
        while len(used) < len(self._gold.columns):
            i, candidates = self._next(used, colours)
            if len(candidates) > 1:
                return any(self._choose(used, colours, a, b, near, i, j) for j in candidates)
            pair = self._fitting(i, candidates[0], a, b) if candidates else None
            if pair is None:
                return False
            used[i] = candidates[0]
            a, b = refined(a, b, pair.gold, pair.predicted)
            near = (*near, *pair.near)
        return not near or paired(a, b, np.stack([x for x, _ in near]), np.stack([y for _, y in near]), self._budget)

    def _choose(self, used: dict[int, int], colours: Colours, a: np.ndarray, b: np.ndarray, near: Near, i: int, j: int) -> bool:
        """Go on with one of several candidates."""
        pair = self._fitting(i, j, a, b)
        told = pair and self._colouring.told_apart(colours, i, j)
        if pair is None or told is None:
            return False
        return self.assign({**used, i: j}, told, *refined(a, b, pair.gold, pair.predicted), (*near, *pair.near))

    def _fitting(self, i: int, j: int, a: np.ndarray, b: np.ndarray) -> _Pair | None:
        """How the two columns are compared, when the rows agree with them too."""
        if not self._budget.take(self._size, steps=1):
            return None
        pair = self._pair(i, j)
        return pair if pair and covers(*refined(a, b, pair.gold, pair.predicted)) else None

    def _next(self, used: dict[int, int], colours: Colours) -> tuple[int, list[int]]:
        """A column of gold and those predicted that it may be, in the order to try: one with the fewest."""
        taken = set(used.values())
        free: dict[int, list[int]] = defaultdict(list)
        for j, colour in enumerate(colours[1].tolist()):
            if j not in taken:
                free[colour].append(j)
        i, left = min(((i, free[c]) for i, c in enumerate(colours[0].tolist()) if i not in used), key=lambda found: len(found[1]))
        if len(left) < 2:
            return i, left
        name = self._gold.names[i].lower()
        by_content: dict[tuple[bytes, ...], int] = {}  # of columns with the same content any is as good
        for j in sorted(left, key=lambda j: (name != self._predicted.names[j].lower(), i != j)):
            by_content.setdefault(self._predicted.columns[j].content, j)
        return i, list(by_content.values())


@dataclass(frozen=True)
class _Pair:
    """Codes that a column of gold and one of the prediction share; with `near`, their numbers must be close as well."""

    gold: np.ndarray
    predicted: np.ndarray
    near: Near = ()


def _pair(a: Column, b: Column) -> _Pair | None:
    """How two columns are compared, or None when they cannot be the same."""
    if not (a.approximate or b.approximate):
        return _Pair(a.exact, b.exact) if covers(a.exact, b.exact) else None
    if len(a.ascending) == len(b.ascending) and (np.abs(a.ascending - b.ascending) > ONE).any():
        return None
    coded = _with_runs([a, b])
    return _Pair(*coded, near=((a.scaled, b.scaled),)) if covers(*coded) else None


def _with_runs(columns: Sequence[Column]) -> list[np.ndarray]:
    """int64 [n] of each column: codes that are the same for equal cells and for close numbers."""
    numbers = [c.scaled[c.numeric] for c in columns]
    parts = np.split(runs(np.concatenate(numbers)), np.cumsum([len(part) for part in numbers])[:-1])
    beyond = max(int(c.loose.max(initial=0)) for c in columns) + 1
    coded = [c.loose.copy() for c in columns]
    for codes, column, part in zip(coded, columns, parts, strict=True):
        codes[column.numeric] = beyond + part
    return coded


def _colouring(gold: Rows, predicted: Rows, budget: Budget) -> Colouring:
    """Colours for results of the same size; one colour, when there are rows or columns that stay alone."""
    width = len(gold.columns)
    if width != len(predicted.columns) or len(gold.places.blocks) != len(predicted.places.blocks):
        return OneColour(width, len(predicted.columns))
    columns = [*gold.columns, *predicted.columns]
    coded = _with_runs(columns) if any(c.approximate for c in columns) else [c.exact for c in columns]
    sides = np.stack(coded[:width]), np.stack(coded[width:])
    return Refinement(sides, (gold.places.blocks, predicted.places.blocks), budget)
