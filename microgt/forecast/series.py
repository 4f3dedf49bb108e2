"""A series: one value for each period, none left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from microgt.errors import InsufficientData

# Unit of time -> numpy's unit, how many of them, and after how many periods a series of it may repeat itself.
_UNITS = {
    "hour": ("h", 1, 24),
    "day": ("D", 1, 7),
    "week": ("D", 7, 52),
    "month": ("M", 1, 12),
    "quarter": ("M", 3, 4),
    "year": ("M", 12, 1),
}
_NAMED = 3  # periods that a refusal names


def season_of(unit: str) -> int:
    """Periods of a unit after which a series may repeat itself: 12 for months, 1 for years."""
    return _UNITS[unit][2]


def periods(first: date, unit: str, count: int) -> tuple[Any, ...]:
    """The starts of `count` periods from `first` on: dates, or moments for hours."""
    code, step, _ = _UNITS[unit]
    starts = np.datetime64(first, code) + np.arange(count) * np.timedelta64(step, code)
    return tuple(starts.astype("datetime64[s]" if code == "h" else "datetime64[D]").tolist())


@dataclass(frozen=True)
class Series:
    """values: of the periods from `first` on, each a `unit` long. name: what tells it from other series, such as ("north",)."""

    unit: str
    first: date
    values: np.ndarray
    name: tuple[Any, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def next(self, count: int) -> tuple[Any, ...]:
        """The starts of the periods after the last."""
        return periods(self.first, self.unit, len(self) + count)[len(self) :]

    @classmethod
    def regular(
        cls, cells: Mapping[Any, float | None], unit: str, *, first: date, last: date, fill: float | None, name: tuple[Any, ...] = ()
    ) -> Series:
        """A series from `first` to `last`, with `fill` for periods without a value.

        Raises `InsufficientData` when there are such periods and nothing stands for them, and for values that are no finite number.
        """
        starts = _from_to(first, last, unit)
        found = [cells.get(start) for start in starts]
        missing = [str(start) for start, value in zip(starts, found, strict=True) if value is None]
        if missing and fill is None:
            named = ", ".join(missing[:_NAMED]) + (", ..." if len(missing) > _NAMED else "")
            raise InsufficientData(f"{len(missing)} of {len(starts)} {unit}s have no value ({named}), and a forecast needs all of them")
        values = np.array([fill if value is None else float(value) for value in found], dtype=float)
        if not np.isfinite(values).all():
            raise InsufficientData("some values are infinite or no number")
        return cls(unit, first, values, name)


def _from_to(first: date, last: date, unit: str) -> tuple[Any, ...]:
    return periods(first, unit, max(count_from(first, last, unit), 0))


def count_from(first: date, last: date, unit: str) -> int:
    """How many periods there are from that which begins at `first` to that in which `last` lies."""
    code, step, _ = _UNITS[unit]
    return int((np.datetime64(last, code) - np.datetime64(first, code)) // np.timedelta64(step, code)) + 1


def start_of(moment: datetime, unit: str) -> datetime:
    """The start of the period in which a moment lies; weeks begin on Mondays."""
    day = datetime(moment.year, moment.month, moment.day)
    match unit:
        case "hour":
            return day.replace(hour=moment.hour)
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def as_period(cell: Any, unit: str) -> Any:
    """The start of a period as an engine returns it, as `periods` has it."""
    if unit == "hour" or not isinstance(cell, datetime):
        return cell
    return cell.date()
