"""Whether two results say the same.

Rows are a bag, and a row stays together; columns may be permuted. Order matters only when sort keys are given, and then not within
blocks of rows that tie on them. A result cut by LIMIT is compared as a window of the uncut one, so that any choice among the rows that
tie at the cut is accepted. See `cells` for when two cells are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from microgt.engine.result import ResultTable
from microgt.evaluation.cells import same
from microgt.evaluation.permutation import Budget, rows_agree

OrderKeys = Sequence[int]


class Difference(StrEnum):
    """Why two results differ."""

    COLUMNS = "columns"  # their number
    ROWS = "rows"  # their number
    VALUES = "values"
    ORDER = "order"  # the same rows in another order
    BUDGET = "perm_budget"  # too many permutations of columns to try: counted as different


@dataclass(frozen=True)
class Comparison:
    """The verdict on two results. `why` is None when they are equal; `tie_cut`: thanks to another choice among rows that tie at the cut."""

    why: Difference | None
    tie_cut: bool = False

    @property
    def equal(self) -> bool:
        """Whether the two say the same."""
        return self.why is None


def compare(gold: ResultTable, predicted: ResultTable, order: OrderKeys | None = None) -> bool:
    """Whether `predicted` says what `gold` says. order: positions of gold's columns that it is sorted by; None or empty: unordered."""
    return judge(gold, predicted, order).equal


def judge(
    gold: ResultTable,
    predicted: ResultTable,
    order: OrderKeys | None = None,
    *,
    width: int | None = None,
    window: tuple[int, int] | None = None,
) -> Comparison:
    """As `compare`, with the reason.

    width: gold's first columns are its outputs, the others are there to sort by (keys may be negative, counted from the end).
    window: the rows [start, stop) of gold that LIMIT keeps.
    """
    width = len(gold.columns) if width is None else width
    stop = min(window[1], len(gold.rows)) if window else len(gold.rows)
    start = min(window[0], stop) if window else 0
    if len(predicted.columns) != width:
        return Comparison(Difference.COLUMNS)
    if len(predicted.rows) != stop - start:
        return Comparison(Difference.ROWS)
    if start == stop:
        return Comparison(None)
    blocks = tie_blocks(gold.rows, order)
    first, last = blocks[start], blocks[stop - 1]
    inside = np.flatnonzero((blocks >= first) & (blocks <= last))
    rows = [gold.rows[i] for i in inside]
    names = gold.columns[:width], predicted.columns
    budget = Budget(rows=len(rows))
    if rows_agree(rows, predicted.rows, names, blocks[inside], blocks[start:stop], budget):
        return Comparison(None)
    if budget.spent:
        return Comparison(Difference.BUDGET)
    kept, together = gold.rows[start:stop], 0 * blocks[start:stop]
    if last > first and rows_agree(kept, predicted.rows, names, together, together, Budget(rows=len(kept))):
        return Comparison(Difference.ORDER)
    return Comparison(Difference.VALUES)


def same_sequence(gold: ResultTable, predicted: ResultTable) -> bool:
    """Whether both hold the same rows in the same order, up to a permutation of columns."""
    if len(predicted.columns) != len(gold.columns) or len(predicted.rows) != len(gold.rows):
        return False
    places = np.arange(len(gold.rows))
    return rows_agree(gold.rows, predicted.rows, (gold.columns, predicted.columns), places, places, Budget(rows=len(gold.rows)))


def tie_blocks(rows: Sequence[Sequence[Any]], order: OrderKeys | None) -> np.ndarray:
    """int64 [n]: the number of the block of each row. Neighbours that are equal in all keys share a block; without keys all rows do."""
    blocks = np.zeros(len(rows), np.int64)
    if order:
        for i in range(1, len(rows)):
            blocks[i] = blocks[i - 1] + (not all(same(rows[i - 1][k], rows[i][k]) for k in order))
    return blocks
