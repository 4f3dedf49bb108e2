"""Cells made comparable: which are numbers, and which are the same thing under another type.

Integers and decimals are compared exactly among themselves, so that neighbouring large ids stay apart; where either column holds floats,
numbers are equal within 1e-6 of the larger or 1e-9. A boolean is not a number, and neither is text that looks like one. NULL equals only
NULL, NaN only NaN, infinity only itself. A date is its midnight; a timestamp with a zone is taken to UTC. Text is compared after Unicode
composition (NFC), with case and blanks. Bytes are their hexadecimal text; lists, structs, intervals and UUIDs are their text.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import chain, count
from operator import ne
from types import NoneType
from typing import Any

import numpy as np

RELATIVE = 1e-6
ABSOLUTE = 1e-9
ONE = 1 << 20  # the tolerance on the scale of `scaled`
SIMPLE = frozenset({NoneType, int, float, str, Decimal, date, datetime})  # types of hashable cells, of which equal ones are the same

_BEND = ABSOLUTE / RELATIVE  # numbers below are compared by their difference, above by their ratio
_EPOCH = datetime(1970, 1, 1)
_NUMBERS = (int, float, Decimal)


def scaled(numbers: np.ndarray) -> np.ndarray:
    """int64: where finite numbers stand on a scale, on which two of them are close when they are at most `ONE` apart.

    Close: |a - b| <= max(1e-9, 1e-6 max(|a|, |b|)), to a millionth of that tolerance. Differences of integers are exact, so closeness is
    the same from both sides and in any order of sorting.
    """
    size = np.abs(numbers)
    beyond = np.log(np.maximum(size, _BEND)) - math.log(_BEND)
    steps = np.minimum(size, _BEND) / ABSOLUTE + beyond / -math.log1p(-RELATIVE)
    return np.rint(np.copysign(steps, numbers) * ONE).astype(np.int64)


def is_number(cell: Any) -> bool:
    """A finite number; a boolean is none."""
    return math.isfinite(_float(cell))


def key(cell: Any) -> Hashable:
    """What stands for a cell in exact comparison: equal keys mean equal cells."""
    match cell:
        case bool():
            return ("boolean", cell)
        case str():
            return cell if cell.isascii() else unicodedata.normalize("NFC", cell)
        case float() | Decimal():
            return ("nan",) if cell != cell else cell
        case None | int() | time():
            return cell
        case datetime():
            return ("moment", cell.replace(tzinfo=None) - _EPOCH - (cell.utcoffset() or timedelta()))
        case date():
            return ("moment", datetime(cell.year, cell.month, cell.day) - _EPOCH)
        case bytes():
            return cell.hex()
    return unicodedata.normalize("NFC", str(cell))


class Codes(defaultdict[Hashable, int]):
    """Numbers for the keys of all cells of a comparison, in order of appearance. 0 stands for any number."""

    def __init__(self) -> None:
        super().__init__(count(1).__next__)
        self.simple = _Remembered(self)


class _Remembered(dict[Hashable, int]):
    """The codes of cells of the types `SIMPLE`, each turned into its key once."""

    def __init__(self, codes: Codes):
        self._codes = codes

    def __missing__(self, cell: Hashable) -> int:
        code = self[cell] = self._codes[key(cell)]
        return code


class Column:
    """One column of n cells, encoded on demand and once. codes: shared by all columns that are to be compared with it."""

    def __init__(self, cells: Sequence[Any], codes: Codes):
        self.cells, self._codes = cells, codes
        self._types = set(map(type, cells))

    @cached_property
    def approximate(self) -> bool:
        """Whether it holds floats."""
        return any(issubclass(t, float) for t in self._types)

    @cached_property
    def exact(self) -> np.ndarray:
        """int64 [n]: cells with the same code are equal, without tolerance."""
        return self._coded(self.cells)

    @cached_property
    def loose(self) -> np.ndarray:
        """int64 [n]: as `exact`, with 0 for every finite number."""
        if not self.numeric.any():
            return self.exact
        codes = np.zeros(len(self.cells), np.int64)
        others = np.flatnonzero(~self.numeric)
        codes[others] = self._coded([self.cells[i] for i in others.tolist()])
        return codes

    @cached_property
    def numbers(self) -> np.ndarray:
        """float64 [n]: the finite numbers, something not finite elsewhere."""
        if not any(issubclass(t, _NUMBERS) for t in self._types - {bool}):
            return np.full(len(self.cells), np.nan)
        if self._types <= {float, int, Decimal, NoneType}:
            try:
                return np.array(self.cells, np.float64)
            except (OverflowError, ValueError):  # a huge integer; a signalling NaN
                pass
        return np.fromiter(map(_float, self.cells), np.float64, len(self.cells))

    @cached_property
    def numeric(self) -> np.ndarray:
        """bool [n]: which cells are finite numbers."""
        return np.isfinite(self.numbers)

    @cached_property
    def scaled(self) -> np.ndarray:
        """int64 [n]: the numbers on the scale of closeness, 0 elsewhere."""
        return scaled(np.where(self.numeric, self.numbers, 0.0))

    @cached_property
    def ascending(self) -> np.ndarray:
        """int64 [numbers]: `scaled` of the numbers alone, sorted."""
        return np.sort(self.scaled[self.numeric])

    @cached_property
    def content(self) -> tuple[bytes, ...]:
        """Equal for columns that are equal row by row."""
        return (self.loose.tobytes(), self.scaled.tobytes()) if self.approximate else (self.exact.tobytes(),)

    def _coded(self, cells: Sequence[Any]) -> np.ndarray:
        if self._are_keys(cells):
            code = self._codes.__getitem__
        elif self._types <= SIMPLE:
            code = self._codes.simple.__getitem__
        elif self._types <= {bool, NoneType}:
            code = {cell: self._codes[key(cell)] for cell in (True, False, None)}.__getitem__
        else:
            code, cells = self._codes.__getitem__, [key(cell) for cell in cells]
        return np.fromiter(map(code, cells), np.int64, len(cells))

    def _are_keys(self, cells: Sequence[Any]) -> bool:
        """Whether cells are their own keys: looked at all at once, which is faster than one by one."""
        if self._types <= {str, NoneType}:
            return "".join(filter(None, cells)).isascii()
        return self._types <= {int, float, Decimal, NoneType} and not any(map(ne, cells, cells))


def columns_of(rows: Sequence[Sequence[Any]], places: Iterable[int], codes: Codes) -> list[Column]:
    """The columns at `places` of a result of at least one row."""
    width, cells = len(rows[0]), list(chain.from_iterable(rows))
    return [Column(cells[i % width :: width], codes) for i in places]


def _float(cell: Any) -> float:
    """The number, NaN for what is none or beyond the range of floats."""
    if isinstance(cell, bool) or not isinstance(cell, _NUMBERS):
        return math.nan
    try:
        return float(cell)
    except (OverflowError, ValueError):
        return math.nan
