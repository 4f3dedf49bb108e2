"""Which column is which: a bijection of columns under which two sets of rows agree as bags, group by group.

A sketch of each column, which no order of rows or columns changes, leaves few candidates. They are assigned one at a time; after each,
the partial rows must still agree. Rows are grouped by codes that close numbers share (that the groups agree is necessary), and at last
paired so that every number is close (together, sufficient).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from microgt.evaluation.cells import ONE, Column
from microgt.evaluation.grouping import covers, refined, runs
from microgt.evaluation.matching import Budget
from microgt.evaluation.pairing import paired
from microgt.evaluation.places import Places


@dataclass(frozen=True)
class Rows:
    """n rows: their columns with their names, and the places that a paired row must share."""

    names: Sequence[str]
    columns: Sequence[Column]
    places: Places


@dataclass(frozen=True)
class _Pair:
    """Codes that a column of gold and one of the prediction share; with `near`, their numbers must be close as well."""

    gold: np.ndarray
    predicted: np.ndarray
    near: tuple[tuple[np.ndarray, np.ndarray], ...] = ()


def rows_agree(gold: Rows, predicted: Rows, budget: Budget) -> bool:
    """Whether gold's columns can be found among the predicted ones so that every predicted row is a row of its own of gold.

    With as many rows the bags are equal; with fewer, predicted is a choice from gold. With more columns, the others are left out.
    """
    width, size = len(gold.columns), len(gold.places.blocks) + len(predicted.places.blocks)
    alike = _alike(gold, predicted)
    if not covers(gold.places.blocks, predicted.places.blocks) or alike.any(axis=0).sum() < width or not alike.any(axis=1).all():
        return False
    turns = np.argsort(alike.sum(axis=1), kind="stable").tolist()

    @cache
    def pair(i: int, j: int) -> _Pair | None:
        return _pair(gold.columns[i], predicted.columns[j])

    @cache
    def ranked(i: int) -> list[int]:
        name = gold.names[i].lower()
        return sorted(np.flatnonzero(alike[i]).tolist(), key=lambda j: (name != predicted.names[j].lower(), i != j))

    def candidates(i: int, used: frozenset[int]) -> list[int]:
        free = [j for j in ranked(i) if j not in used]
        if len(free) < 2:
            return free
        by_content: dict[tuple[bytes, ...], int] = {}  # of columns with the same content any is as good
        for j in free:
            by_content.setdefault(predicted.columns[j].content, j)
        return list(by_content.values())

    def assign(turn: int, used: frozenset[int], a: np.ndarray, b: np.ndarray, near: tuple[tuple[np.ndarray, np.ndarray], ...]) -> bool:
        if turn == width:
            return not near or paired(a, b, np.stack([x for x, _ in near]), np.stack([y for _, y in near]), budget)
        for j in candidates(turns[turn], used):
            if not budget.take(size, steps=1):
                return False
            found = pair(turns[turn], j)
            if found is None:
                continue
            groups = refined(a, b, found.gold, found.predicted)
            if covers(*groups) and assign(turn + 1, used | {j}, *groups, (*near, *found.near)):
                return True
        return False

    fixed = tuple(zip(gold.places.near, predicted.places.near, strict=True))
    return assign(0, frozenset(), gold.places.blocks, predicted.places.blocks, fixed)


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


def _alike(gold: Rows, predicted: Rows) -> np.ndarray:
    """bool [columns of gold, columns predicted]: which may be the same, by their sketches. All, when there are others."""
    width = len(gold.columns)
    if len(gold.places.blocks) != len(predicted.places.blocks) or width != len(predicted.columns):
        return np.ones((width, len(predicted.columns)), bool)
    columns = [*gold.columns, *predicted.columns]
    coded = _with_runs(columns) if any(c.approximate for c in columns) else [c.exact for c in columns]
    a, b = _sketches(np.stack(coded[:width]), gold.places.blocks), _sketches(np.stack(coded[width:]), predicted.places.blocks)
    return a[:, None] == b[None]


def _sketches(codes: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """uint64 [columns]: hashes of columns, blind to the order of rows and of columns. codes: int64 [columns, rows].

    A row is hashed as the bag of its cells, a column as the bag of its cells, each with its row (colour refinement, one round).
    """
    cells = _mixed(codes.astype(np.uint64))
    rows = _mixed(cells.sum(axis=0) + _mixed(~blocks.astype(np.uint64)))
    return _mixed(cells + rows).sum(axis=1)


def _mixed(values: np.ndarray) -> np.ndarray:
    """uint64 of the same shape: the values with their bits mixed (the finalizer of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
