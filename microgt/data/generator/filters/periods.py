"""Conditions on dates."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.phrases import MONTHS, pick, small_number
from microgt.data.generator.profile import Dimension, Profile, plural
from microgt.spec.types import At, InPeriod, Last, Previous, This, ToDate, Value


@dataclass(frozen=True)
class PeriodFilters:
    """Samples conditions that a date lies in a period."""

    profile: Profile
    rng: random.Random

    def period(self, table: str) -> Filter | None:
        """The date lies in a period."""
        dims = self.profile.dates(table)
        if not dims:
            return None
        dim = self.rng.choice(dims)
        period, said = self.rng.choices((self._relative, self._last, self._named, self._named), (3, 2, 3, 2))[0](dim)
        name = self.rng.choice(dim.names)
        verb = name.removesuffix(" date").removesuffix(" at").removesuffix(" on").removesuffix(" day")
        if len(dims) > 1 and self.rng.random() < 0.85:
            said = pick(
                self.rng,
                ("with {d} {v}", "{b} {v}", "with a {d} {v}", "whose {d} is {v}", "that were {b} {v}", "by {d} {v}"),
                d=name,
                b=verb,
                v=said,
            )
        return Filter(InPeriod(of=dim.col, period=period), dim.column.id, said)

    def _relative(self, dim: Dimension) -> tuple[Any, str]:
        unit = self.rng.choices(("year", "month", "quarter", "week", "day"), (6, 5, 3, 1.5, 0.5))[0]
        kind = self.rng.choices((Previous, This, ToDate), (6, 4, 2))[0]
        if kind is ToDate:
            unit = self.rng.choice(("year", "year", "month", "quarter"))
            short = {"year": "YTD", "month": "MTD", "quarter": "QTD"}[unit]
            return ToDate(unit=unit), pick(
                self.rng, ("{u} to date", "{s}", "so far this {u}", "since the start of the {u}", "this {u} so far"), u=unit, s=short
            )
        if unit == "day":
            return kind(unit=unit), "yesterday" if kind is Previous else "today"
        word = self.rng.choice(
            (
                "last {u}",
                "last {u}",
                "in the last {u}",
                "previous {u}",
                "in the previous {u}",
                "during last {u}",
                "for last {u}",
                "the {u} before",
            )
            if kind is Previous
            else ("this {u}", "this {u}", "in the current {u}", "for the current {u}", "during this {u}")
        )
        return kind(unit=unit), word.format(u=unit)

    def _last(self, dim: Dimension) -> tuple[Any, str]:
        unit = self.rng.choices(("month", "day", "week", "quarter", "year"), (6, 4, 2, 2, 3))[0]
        n = self.rng.choice((7, 30, 90, 14, 10)) if unit == "day" else self.rng.choice((2, 3, 3, 4, 5, 6, 6, 12))
        said = pick(
            self.rng,
            (
                "in the last {n} {u}",
                "over the last {n} {u}",
                "in the past {n} {u}",
                "last {n} {u}",
                "past {n} {u}",
                "during the last {n} {u}",
                "over the past {n} {u}",
                "for the last {n} {u}",
            ),
            n=small_number(self.rng, n),
            u=plural(unit),
        )
        return Last(unit=unit, n=Value(value=n)), said

    def _named(self, dim: Dimension) -> tuple[Any, str]:
        first, last = self.profile.schema.ranges.get(dim.column.id, ("2022-01-01", "2024-12-31"))
        year = self.rng.randint(int(first[:4]), int(last[:4]))
        month, quarter = self.rng.choice(MONTHS), self.rng.randint(1, 4)
        name = self.rng.choices((f"{year}", f"{month} {year}", f"Q{quarter} {year}", month), (5, 4, 2, 0.6))[0]
        return At(value=Value(value=name)), self.rng.choice(("in {}", "in {}", "for {}", "during {}", "{}", "of {}")).format(name)
