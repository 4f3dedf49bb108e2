"""Whether two results say the same.

Rows are a bag, and a row stays together; columns may be permuted. Order matters only when sort keys are given, and then not among rows
that tie on them. A result cut by LIMIT is compared as a window of the uncut one, so that any choice among the rows that
tie at the cut is accepted. See `cells` for when two cells are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from types import NoneType
from typing import Any

import numpy as np

from microgt.engine.result import ResultTable
from microgt.evaluation.cells import Codes, columns_of
from microgt.evaluation.pairing import Budget
from microgt.evaluation.permutation import Rows, rows_agree
from microgt.evaluation.places import Places, places

OrderKeys = Sequence[int]

_PLAIN = {NoneType, bool, int, float, str, Decimal, date, datetime}  # of which equal ones of one type are the same cell


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
    names, kept = gold.columns[:width], gold.rows[start:stop]
    if _identical(kept, predicted.rows):
        return Comparison(None)
    where = places(columns_of(gold.rows, order or (), Codes()), len(gold.rows))
    at_kept = where.at(slice(start, stop))
    inside = np.flatnonzero(np.isin(where.blocks, at_kept.blocks))
    budget = Budget()
    if _agree([gold.rows[i] for i in inside], predicted, names, where.at(inside), at_kept, budget):
        return Comparison(None)
    if budget.spent:
        return Comparison(Difference.BUDGET)
    anywhere = places((), stop - start)
    if np.ptp(at_kept.blocks) and _agree(kept, predicted, names, anywhere, anywhere, Budget()):
        return Comparison(Difference.ORDER)
    return Comparison(Difference.VALUES)


def same_sequence(gold: ResultTable, predicted: ResultTable) -> bool:
    """Whether both hold the same rows in the same order, up to a permutation of columns."""
    if len(predicted.columns) != len(gold.columns) or len(predicted.rows) != len(gold.rows):
        return False
    fixed = Places(np.arange(len(gold.rows)))
    return _agree(gold.rows, predicted, gold.columns, fixed, fixed, Budget())


def identical(gold: ResultTable, predicted: ResultTable) -> bool:
    """Whether both hold the same plain cells in the same places: then they say the same, however gold is sorted or cut."""
    return len(gold.columns) == len(predicted.columns) and _identical(gold.rows, predicted.rows)


def _identical(a: Sequence[Sequence[Any]], b: Sequence[Sequence[Any]]) -> bool:
    if a != b:
        return False
    types = [list(map(type, chain.from_iterable(rows))) for rows in (a, b)]
    return types[0] == types[1] and _PLAIN.issuperset(types[0])


def _agree(
    rows: Sequence[Sequence[Any]], predicted: ResultTable, names: Sequence[str], of_gold: Places, of_predicted: Places, budget: Budget
) -> bool:
    """Whether the predicted rows are a choice from gold's rows, of which the first cells under `names` count."""
    codes, width = Codes(), range(len(names))
    return rows_agree(
        Rows(names, columns_of(rows, width, codes), of_gold),
        Rows(predicted.columns, columns_of(predicted.rows, width, codes), of_predicted),
        budget,
    )
