"""How units of time are made of each other."""

from __future__ import annotations

_FINER = {
    "hour": ("hour",),
    "day": ("hour", "day"),
    "week": ("hour", "day", "week"),
    "month": ("hour", "day", "month"),
    "quarter": ("hour", "day", "month", "quarter"),
    "year": ("hour", "day", "month", "quarter", "year"),
}
_COUNTS = {
    "hour": {"hour": 1, "day": 24, "week": 168},
    "day": {"day": 1, "week": 7},
    "week": {"week": 1},
    "month": {"month": 1, "quarter": 3, "year": 12},
    "quarter": {"quarter": 1, "year": 4},
    "year": {"year": 1},
}


def is_made_of(unit: str, grain: str) -> bool:
    """Does each unit start where a period of the grain starts? Months are made of days, and not of weeks."""
    return grain in _FINER[unit]


def resets_of(grain: str) -> tuple[str, ...]:
    """The units, longer than the grain, that are made of whole periods of it."""
    return tuple(unit for unit in ("week", "month", "quarter", "year") if unit != grain and is_made_of(unit, grain))


def counts_in(grain: str) -> dict[str, int]:
    """Unit -> how many periods of the grain it always has."""
    return _COUNTS[grain]
