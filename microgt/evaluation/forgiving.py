"""Milder questions than `comparator.compare`, reported beside it. Both look at rows as bags, whatever the order."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from microgt.engine.result import ResultTable
from microgt.evaluation.cells import Codes, columns_of, is_number
from microgt.evaluation.comparator import compare
from microgt.evaluation.matching import Budget
from microgt.evaluation.permutation import Rows, rows_agree
from microgt.evaluation.places import places

_UP = 1e-6  # of the last digit: what is a middle but for noise is rounded away from zero on both sides


def subset(gold: ResultTable, predicted: ResultTable) -> bool:
    """Whether `predicted` says what `gold` says when some of its columns are left out; rows stay together, and none may be missing."""
    n = len(gold.rows)
    if len(predicted.columns) < len(gold.columns) or len(predicted.rows) != n:
        return False
    if not n:
        return True
    codes, anywhere = Codes(), places((), n)
    sides = (Rows(t.columns, columns_of(t.rows, range(len(t.columns)), codes), anywhere) for t in (gold, predicted))
    return rows_agree(*sides, budget=Budget())


def equal_when_rounded(gold: ResultTable, predicted: ResultTable, digits: int = 2) -> bool:
    """Whether both say the same, at need with floats and decimals rounded."""
    return compare(gold, predicted) or compare(_rounded(gold, digits), _rounded(predicted, digits))


def _rounded(table: ResultTable, digits: int) -> ResultTable:
    rows = tuple(tuple(_round(cell, digits) if isinstance(cell, float | Decimal) else cell for cell in row) for row in table.rows)
    return ResultTable(table.columns, rows)


def _round(cell: float | Decimal, digits: int) -> Any:
    steps = float(cell) * 10**digits if is_number(cell) else math.inf
    if abs(steps) > 2**52:  # no digits to lose
        return cell
    return math.copysign(math.floor(abs(steps) + 0.5 + _UP), steps) / 10**digits
