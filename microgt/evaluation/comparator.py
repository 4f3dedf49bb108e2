"""Whether two results say the same.

Rows are a bag, and a row stays together; columns may be permuted. Order matters only when sort keys are given, and then not among rows
that tie on them. A result cut by LIMIT is compared as a window of the uncut one, so that any choice among the rows that
tie at the cut is accepted. See `cells` for when two cells are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Any

import numpy as np

from microgt.engine.result import ResultTable
from microgt.evaluation.cells import SIMPLE, Codes, columns_of
from microgt.evaluation.matching import Budget
from microgt.evaluation.permutation import Rows, rows_agree
from microgt.evaluation.places import Places, places

OrderKeys = Sequence[int]

_PLAIN = SIMPLE | {bool}  # of which equal ones of one type are the same cell


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
    kept, outputs, codes = gold.rows[start:stop], range(width), Codes()
    if _identical([row[:width] for row in kept] if len(gold.columns) > width else kept, predicted.rows):
        return Comparison(None)
    where = places(columns_of(gold.rows, order or (), codes), len(gold.rows))
    at_kept = where.at(slice(start, stop))
    inside = np.flatnonzero(np.isin(where.blocks, at_kept.blocks))
    from_gold = Rows(gold.columns, columns_of([gold.rows[i] for i in inside], outputs, codes), where.at(inside))
    given = Rows(predicted.columns, columns_of(predicted.rows, outputs, codes), at_kept)
    budget = Budget()
    if rows_agree(from_gold, given, budget):
        return Comparison(None)
    if budget.spent:
        return Comparison(Difference.BUDGET)
    anywhere = places((), stop - start)
    columns = from_gold.columns if len(inside) == len(kept) else columns_of(kept, outputs, codes)
    if np.ptp(at_kept.blocks) and rows_agree(Rows(gold.columns, columns, anywhere), replace(given, places=anywhere), Budget()):
        return Comparison(Difference.ORDER)
    return Comparison(Difference.VALUES)


def same_sequence(gold: ResultTable, predicted: ResultTable) -> bool:
    """Whether both hold the same rows in the same order, up to a permutation of columns."""
    if len(predicted.columns) != len(gold.columns) or len(predicted.rows) != len(gold.rows):
        return False
    if not gold.rows:
        return True
    fixed, outputs, codes = Places(np.arange(len(gold.rows))), range(len(gold.columns)), Codes()
    a, b = (Rows(table.columns, columns_of(table.rows, outputs, codes), fixed) for table in (gold, predicted))
    return rows_agree(a, b, Budget())


def identical(gold: ResultTable, predicted: ResultTable) -> bool:
    """Whether both hold the same plain cells in the same places: then they say the same, however gold is sorted or cut."""
    return len(gold.columns) == len(predicted.columns) and _identical(gold.rows, predicted.rows)


def _identical(a: Sequence[Sequence[Any]], b: Sequence[Sequence[Any]]) -> bool:
    if a != b:
        return False
    types = [list(map(type, chain.from_iterable(rows))) for rows in (a, b)]
    return types[0] == types[1] and _PLAIN.issuperset(types[0])
