"""Cells made comparable: which are numbers, and which are the same thing under another type.

Numbers (int, float, Decimal) are equal within 1e-6 of the larger or 1e-9; two columns that hold only integers are compared exactly, so
that neighbouring large ids stay apart. A boolean is not a number, and neither is text that looks like one. NULL equals only NULL, NaN
only NaN. A date is its midnight; a timestamp with a zone is taken to UTC. Text is compared after Unicode composition (NFC), with case.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

RELATIVE = 1e-6
ABSOLUTE = 1e-9


def close(a: Any, b: Any) -> Any:
    """|a - b| <= max(1e-9, 1e-6 max(|a|, |b|)), for floats or arrays of them. Only for finite numbers."""
    return np.abs(a - b) <= np.maximum(ABSOLUTE, RELATIVE * np.maximum(np.abs(a), np.abs(b)))


def is_number(cell: Any) -> bool:
    """A finite number; a boolean is none."""
    if isinstance(cell, int):
        return not isinstance(cell, bool)
    return isinstance(cell, float | Decimal) and math.isfinite(cell)


def key(cell: Any) -> Hashable:
    """What stands for a cell in exact comparison: equal keys mean equal cells."""
    match cell:
        case None | bytes():
            return cell
        case bool():
            return ("boolean", cell)
        case str():
            return cell if cell.isascii() else unicodedata.normalize("NFC", cell)
        case float() | Decimal() if not math.isfinite(cell):
            return "nan" if math.isnan(cell) else ("infinite", cell > 0)
        case Decimal() if cell == cell.to_integral_value():
            return int(cell)
        case datetime():
            return cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell
        case date():
            return datetime(cell.year, cell.month, cell.day)
        case list() | tuple():
            return ("list", *(key(item) for item in cell))
        case dict():
            return ("struct", *((key(k), key(v)) for k, v in cell.items()))
    return cell


def same(a: Any, b: Any) -> bool:
    """Whether two cells are equal."""
    if is_number(a) and is_number(b):
        return a == b if isinstance(a, int) and isinstance(b, int) else bool(close(float(a), float(b)))
    return key(a) == key(b)


@dataclass(frozen=True)
class Cells:
    """One column of n cells."""

    cells: Sequence[Any]

    @cached_property
    def keys(self) -> list[Hashable]:
        """Of each cell."""
        return [key(cell) for cell in self.cells]

    @cached_property
    def numeric(self) -> np.ndarray:
        """bool [n]: which cells are finite numbers."""
        return np.fromiter((is_number(cell) for cell in self.cells), bool, len(self.cells))

    @cached_property
    def numbers(self) -> np.ndarray:
        """float64 [n]: the numbers, 0 elsewhere."""
        return np.fromiter((_float(c) if n else 0.0 for c, n in zip(self.cells, self.numeric, strict=True)), np.float64, len(self.cells))

    @cached_property
    def integral(self) -> bool:
        """Whether every number among the cells is an integer by type (an integer, or a decimal without a fraction part)."""
        return all(_integer(cell) for cell, number in zip(self.cells, self.numeric, strict=True) if number)

    @cached_property
    def kinds(self) -> tuple[int, int, int]:
        """How many are NULL, text, numbers: a cheap first look."""
        return sum(c is None for c in self.cells), sum(isinstance(c, str) for c in self.cells), int(self.numeric.sum())


def codes(a: Cells, b: Cells) -> tuple[np.ndarray, np.ndarray, bool]:
    """int64 [n], int64 [m], exact: cells that can be equal have the same code.

    exact: cells of the same code are equal. Otherwise the codes of numbers are those of runs of neighbours, each within tolerance of the
    next, whose ends may be further apart.
    """
    table: dict[Hashable, int] = {}
    coded = [np.fromiter((table.setdefault(k, len(table)) for k in x.keys), np.int64, len(x.keys)) for x in (a, b)]
    exact = a.integral and b.integral
    if not exact:
        runs = _runs(np.concatenate([a.numbers[a.numeric], b.numbers[b.numeric]]))
        split = int(a.numeric.sum())
        coded[0][a.numeric] = len(table) + runs[:split]
        coded[1][b.numeric] = len(table) + runs[split:]
    return coded[0], coded[1], exact


def _runs(values: np.ndarray) -> np.ndarray:
    """int64 [n]: the number of the run of close neighbours that each value is in."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    breaks = ~close(ranked[1:], ranked[:-1])
    runs = np.empty(len(values), np.int64)
    runs[order] = np.concatenate([[0], np.cumsum(breaks)]) if len(values) else []
    return runs


def _integer(cell: Any) -> bool:
    return isinstance(cell, int) or (isinstance(cell, Decimal) and cell.as_tuple().exponent == 0)


def _float(cell: Any) -> float:
    try:
        return float(cell)
    except OverflowError:  # an integer beyond the range of floats
        return math.copysign(1.7e308, cell)
