"""Values near a value: those that tell `>` from `>=`, a filter from none, one month from the next."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from microgt.evaluation.variants.profile import ColumnProfile
from microgt.schema.types import ColumnType

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_DAY = re.compile(r"[12]\d{3}-\d{2}-\d{2}")
_NATIVE = {ColumnType.NUMBER: (int, float, Decimal), ColumnType.TEXT: (str,), ColumnType.TIME: (date,), ColumnType.BOOLEAN: (bool,)}
_EMPTY = {  # of a column without any value
    ColumnType.NUMBER: (1, 2, 3, 5, 10),
    ColumnType.TEXT: ("a", "b", "c", "d"),
    ColumnType.TIME: (date(2020, 1, 31), date(2020, 3, 1), date(2021, 3, 15)),
    ColumnType.BOOLEAN: (True, False),
}


def usual(column: ColumnProfile) -> tuple[Any, ...]:
    """The values of a column, or some of its type when it has none."""
    return column.values or _EMPTY.get(column.kind, ())


def beyond(column: ColumnProfile) -> Iterator[Any]:
    """A few values that the column does not have: beside its first value, and other months and years than its."""
    for value in usual(column)[:1]:
        yield from near(value, column)
    for value, days in zip(usual(column), (-400, 45, 800), strict=False):
        if isinstance(value, date):
            with suppress(OverflowError):
                yield value + timedelta(days=days)
        elif isinstance(value, str) and _DAY.fullmatch(value[:10]):
            with suppress(ValueError, OverflowError):
                yield f"{date.fromisoformat(value[:10]) + timedelta(days=days)}{value[10:]}"


def stored(value: Any, column: ColumnProfile) -> Any:
    """A cell as the column can hold it: keys may refer to keys of another type."""
    native = _NATIVE.get(column.kind)
    return value if native is None or value is None or isinstance(value, native) else fitting(value, column)


def fitting(value: Any, column: ColumnProfile) -> Any:
    """A literal as a value of the column; None when it can be none."""
    try:
        match column.kind:
            case ColumnType.NUMBER:
                return _number(value, column.whole)
            case ColumnType.TEXT:
                return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
            case ColumnType.TIME:
                return value if isinstance(value, date) else datetime.fromisoformat(str(value))
            case ColumnType.BOOLEAN:
                return value if isinstance(value, bool) else None
    except (ValueError, ArithmeticError):
        return None
    return None


def _number(value: Any, whole: bool) -> Any:
    if isinstance(value, date):
        return None
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if whole and number.is_integer() else number


def near(value: Any, column: ColumnProfile) -> Iterator[Any]:
    """Values just beside it, the smaller and the larger in turn."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield from (value - 1, value + 1)
    elif isinstance(value, float):
        step = 1.0 if value.is_integer() else _step(value)
        yield from (value - step, value + step)
    elif isinstance(value, date):
        with suppress(OverflowError):
            yield from (value - timedelta(days=1), value + timedelta(days=1))
    elif isinstance(value, str):
        yield from _texts(value)


def _step(value: float) -> float:
    """One unit in the last decimal place that is written."""
    decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return 10.0**-decimals


def _texts(value: str) -> Iterator[str]:
    """Texts that hold numbers or days move like those; others get something before or behind."""
    if _NUMBER.fullmatch(value):
        decimals = len(value.partition(".")[2])
        yield from (f"{Decimal(value) + step:.{decimals}f}" for step in (-1, 1))
    elif _DAY.fullmatch(value[:10]):
        with suppress(ValueError, OverflowError):
            day = date.fromisoformat(value[:10])
            yield from (f"{day + timedelta(days=step)}{value[10:]}" for step in (-1, 1))
    else:
        yield from (f"{value} b", f"a {value}")
