"""A measure of each period, for the kinds that compare periods with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.pieces import Measured, Pieces
from microgt.data.generator.profile import Dimension
from microgt.spec.grains import is_made_of
from microgt.spec.types import Absolute, At, Last, Period, Previous, Select, This, TimeBucket, ToDate, Value

GRAINS = ("month", "month", "month", "quarter", "year", "week", "day")
_IN_A_PERIOD = 0.4  # how often only some periods are asked for
_UNITS = {"H1": "year", "H2": ""} | {f"Q{n}": "quarter" for n in range(1, 5)}  # of named periods; other names are of months


@dataclass(frozen=True)
class Series:
    """date, bucket: the period. every: its words, with a space before them. said: the words of the conditions. unsaid: whether the date is
    the one that is meant where none is named."""

    date: Dimension
    bucket: TimeBucket
    measure: Measured
    every: str
    said: str
    conditions: tuple[Filter, ...]
    unsaid: bool

    @property
    def grain(self) -> Any:
        """The unit of its periods."""
        return self.bucket.grain

    def only(self, shown: Filter) -> Series:
        """The same of some periods alone."""
        return replace(self, said=f"{self.said} {shown.words}", conditions=(*self.conditions, shown))

    def query(self, *outputs: Any) -> Select:
        """The periods and these measures of them."""
        return Select(outputs=(self.bucket, *outputs), where=Pieces.where(list(self.conditions)))


def series(pieces: Pieces, *, grains: Sequence[Any] = GRAINS, additive: bool = False) -> Series | None:
    """additive: only of counts and totals. None where the table has no date or no such measure."""
    rng, table = pieces.rng, pieces.table()
    dates = pieces.profile.dates(table)
    if not dates:
        return None
    date, grain = dates[0] if rng.random() < 0.7 else rng.choice(dates), rng.choice(grains)
    found = pieces.conditions(table, 1, (date.column.id,), alone=False)
    measure = pieces.measure(table, found)
    if additive and not measure.additive:
        return None
    named = f" of {rng.choice(date.names)}" if date != dates[0] else ""
    bucket = TimeBucket(grain=grain, of=date.col)
    every = rng.choice(phrases.EVERY[grain]) + named
    return Series(date, bucket, measure, every, pieces.said(found), tuple(found), date == dates[0])


def perhaps_in_a_period(pieces: Pieces, found: Series) -> Series:
    """Of the last year or some other period alone, now and then; of none that is shorter than those that are compared."""
    if not found.unsaid or pieces.rng.random() > _IN_A_PERIOD:
        return found
    within = pieces.filters.periods.within(found.date)
    unit = unit_of(within.node.period)
    return found.only(within) if unit and (unit == found.grain or is_made_of(unit, found.grain)) else found


def unit_of(period: Period) -> str:
    """The unit that a period is one or several of, or that it starts together with; nothing where it is none."""
    match period:
        case This(unit=unit) | Previous(unit=unit) | ToDate(unit=unit) | Last(unit=unit):
            return unit
        case At(value=Value(value=name)) | Absolute(start=Value(value=name)):
            first = str(name).split()[0]
            return "year" if first.isdigit() else _UNITS.get(first, "month")
    return ""
