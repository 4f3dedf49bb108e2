"""Named periods: "2023", "2023-03", "March 2023", "March", "Q2 2023", "H1 2023", "2023-03-01"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from microgt.spec.calendar import MONTHS
from microgt.spec.types import Scalar

EXAMPLES = ("2023", "2023-03", "March 2023", "March", "Q2 2023", "Q2", "H1 2023", "2023-03-01")

_YEAR = r"(?P<year>[12]\d{3})"
_MONTH = r"(?P<month>" + "|".join(f"{m[:3]}(?:{m[3:]})?\\.?" if m[3:] else m for m in MONTHS) + r"|sept\.?)"
_QUARTER = r"q(?P<quarter>[1-4])"
_HALF = r"h(?P<half>[12])"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        _YEAR,
        rf"{_YEAR}-(?P<number>\d{{1,2}})(?:-(?P<day>\d{{1,2}}))?",
        rf"{_MONTH}(?:,? {_YEAR})?",
        rf"{_YEAR} {_MONTH}",
        rf"{_QUARTER}(?:[ -]{_YEAR})?",
        rf"{_YEAR}[ -]?{_QUARTER}",
        rf"{_HALF}(?:[ -]{_YEAR})?",
        rf"{_YEAR}[ -]?{_HALF}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_DAY} {_MONTH},? {_YEAR}",
    )
)
_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAYS_IN = {"day": 1, "week": 7}

Moment = TypeVar("Moment", date, datetime)


class Named(NamedTuple):
    """A period by name. `index`: month 1-12, quarter 1-4 or half 1-2; `year` is None for a bare one."""

    unit: str
    year: int | None
    index: int = 1
    day: int = 1

    @property
    def months_before(self) -> int:
        """Months of the year before the period."""
        return (self.index - 1) * _MONTHS_IN.get(self.unit if self.unit != "day" else "month", 1)

    @property
    def start(self) -> date | None:
        """Its first day, when the year is known."""
        return date(self.year, self.months_before + 1, self.day) if self.year else None


def parse_period(value: Scalar) -> Named | None:
    """The period that a value names, or None."""
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        return None
    text = " ".join(str(int(value) if isinstance(value, float) else value).strip().lower().split())
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return _named(found.groupdict())
    return None


def _named(parts: dict[str, str | None]) -> Named | None:
    year = int(parts["year"] or 0) if parts.get("year") else None
    if quarter := parts.get("quarter"):
        return Named("quarter", year, int(quarter))
    if half := parts.get("half"):
        return Named("half", year, int(half))
    month = _month_number(parts)
    if month is None:
        return Named("year", year)
    if not 1 <= month <= 12:
        return None
    if not parts.get("day"):
        return Named("month", year, month)
    day = int(parts["day"] or 0)
    return Named("day", year, month, day) if year and 1 <= day <= monthrange(year, month)[1] else None


def _month_number(parts: dict[str, str | None]) -> int | None:
    if parts.get("number"):
        return int(parts["number"] or 0)
    word = parts.get("month")
    return next(i for i, m in enumerate(MONTHS, 1) if m.startswith(word[:3])) if word else None


def shifted(when: Moment, n: int, unit: str) -> Moment:
    """`when` plus n units; the day is clamped to the month's last."""
    if unit == "hour":
        return when + timedelta(hours=n)
    if unit in _DAYS_IN:
        return when + timedelta(days=n * _DAYS_IN[unit])
    months = when.year * 12 + when.month - 1 + n * _MONTHS_IN[unit]
    year, month = divmod(months, 12)
    return when.replace(year=year, month=month + 1, day=min(when.day, monthrange(year, month + 1)[1]))


def truncated(when: date, unit: str) -> date:
    """The start of the unit that holds `when`; weeks start on Monday."""
    if unit == "hour":
        return when.replace(minute=0, second=0, microsecond=0) if isinstance(when, datetime) else datetime(when.year, when.month, when.day)
    day = date(when.year, when.month, when.day)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "day":
        return day
    length = _MONTHS_IN[unit]
    return date(day.year, (day.month - 1) // length * length + 1, 1)
