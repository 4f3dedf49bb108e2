"""Result cells as JSON values and as text for people."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from microgt.engine.result import ResultTable

_MOST = 2**53 - 1  # up to here readers of JSON hold every integer


def plain(cell: Any) -> Any:
    """A result cell as a JSON value: dates as ISO text, NaN and infinity as null, numbers as numbers, or as text when a double cannot hold
    them."""
    if isinstance(cell, int):  # a boolean is an integer
        return cell if abs(cell) <= _MOST else str(cell)
    if isinstance(cell, float):
        return number(cell)
    if isinstance(cell, Decimal):
        found = number(cell)
        return found if found is None or Decimal(repr(found)) == cell else f"{cell:f}"
    if isinstance(cell, date | time):  # a datetime is a date
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, list | tuple):
        return [plain(item) for item in cell]
    if isinstance(cell, dict):
        return {str(key): plain(item) for key, item in cell.items()}
    return cell if cell is None else str(cell)


def number(cell: float | Decimal) -> float | None:
    """A number as it is drawn: the nearest double, None for NaN and infinity."""
    found = float(cell)
    return found if math.isfinite(found) else None


def is_number(cell: Any) -> bool:
    """Is it one? True and false are none."""
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def kind_of(table: ResultTable, index: int) -> Any:
    """Vega-Lite's type of a column: quantitative, temporal or nominal."""
    cells = [row[index] for row in table.rows if row[index] is not None]
    if cells and all(map(is_number, cells)):
        return "quantitative"
    if cells and all(isinstance(c, date | datetime) for c in cells):
        return "temporal"
    return "nominal"


def days(table: ResultTable) -> ResultTable:
    """The same result with timestamps as dates in each column where all of them are midnights, as months and weeks are."""
    whole = [_all_midnight([row[i] for row in table.rows]) for i in range(len(table.columns))]
    if not any(whole):
        return table
    rows = (tuple(_day(cell) if day else cell for cell, day in zip(row, whole, strict=True)) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _day(cell: Any) -> Any:
    return cell.date() if isinstance(cell, datetime) else cell


def _all_midnight(cells: list[Any]) -> bool:
    stamps = [cell for cell in cells if isinstance(cell, datetime)]
    return bool(stamps) and all(stamp.time() == time() for stamp in stamps)


def shown(cell: Any, written: str = "number") -> str:
    """A cell as people read it: thousands separated, at most four significant decimals, empty for NULL; `written` as of `Written`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if not is_number(cell):
        return str(plain(cell))
    if written == "share":
        return f"{cell:.1%}"
    if _is_whole(cell):
        return f"{int(cell)}" if written == "label" else f"{int(cell):,}"
    if isinstance(cell, Decimal) and cell.is_finite() and abs(cell) >= 1:
        return f"{cell:,.2f}"
    found = float(cell)
    return f"{found:,.2f}" if abs(found) >= 1 else f"{found:.4g}"


def _is_whole(cell: float | Decimal) -> bool:
    if isinstance(cell, Decimal):
        return cell.is_finite() and cell == cell.to_integral_value()
    return isinstance(cell, int) or cell.is_integer()
