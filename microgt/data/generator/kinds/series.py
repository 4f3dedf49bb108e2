"""A measure of each period, for the kinds that compare periods with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.pieces import Measured, Pieces
from microgt.data.generator.profile import Dimension
from microgt.spec.types import Select, TimeBucket

GRAINS = ("month", "month", "month", "quarter", "year", "week", "day")
_SHOWN = 0.35  # how often only some periods are asked for


@dataclass(frozen=True)
class Series:
    """date, bucket: the period. every: its words, with a space before them. said: the words of the conditions."""

    date: Dimension
    bucket: TimeBucket
    measure: Measured
    every: str
    said: str
    conditions: tuple[Filter, ...]

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
    found = pieces.conditions(table, 1, (date.column.id,))
    measure = pieces.measure(table, found)
    if additive and not measure.additive:
        return None
    named = f" of {rng.choice(date.names)}" if date != dates[0] else ""
    bucket = TimeBucket(grain=grain, of=date.col)
    return Series(date, bucket, measure, rng.choice(phrases.EVERY[grain]) + named, pieces.said(found), tuple(found))


def shown(pieces: Pieces, found: Series) -> Series:
    """Of the last year or some other period alone, now and then."""
    return found.only(pieces.filters.periods.within(found.date)) if pieces.rng.random() < _SHOWN else found
