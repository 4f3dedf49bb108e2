"""Result cells as JSON values and as text for people."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from microgt.engine.result import ResultTable


def plain(cell: Any) -> Any:
    """A result cell as a JSON value: dates as ISO text, decimals as numbers, NaN and infinity as null."""
    if cell is None or isinstance(cell, bool | int | str):
        return cell
    if isinstance(cell, float | Decimal):
        number = float(cell)
        return number if math.isfinite(number) else None
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
    return str(cell)


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
    if written == "share" and isinstance(cell, int | float | Decimal):
        return f"{float(cell):.1%}"
    if written == "label" and isinstance(cell, int | float | Decimal) and float(cell).is_integer():
        return f"{cell:.0f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float | Decimal):
        number = float(cell)
        if number.is_integer() and abs(number) < 1e15:
            return f"{number:,.0f}"
        return f"{number:,.2f}" if abs(number) >= 1 else f"{number:.4g}"
    return str(plain(cell))
