"""Conditions on dates."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.phrases import MONTHS, pick, small_number
from microgt.data.generator.profile import Dimension, Profile, plural
from microgt.spec.types import Absolute, At, InPeriod, Last, Previous, This, ToDate, Value


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
        period, said, before = self.rng.choices((self._relative, self._last, self._named, self._span), (3, 2, 5, 1.5))[0](dim)
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
            before = ""
        return Filter(InPeriod(of=dim.col, period=period), dim.column.id, said, before)

    def _relative(self, dim: Dimension) -> tuple[Any, str, str]:
        unit = self.rng.choices(("year", "month", "quarter", "week", "day"), (6, 5, 3, 1.5, 0.5))[0]
        kind = self.rng.choices((Previous, This, ToDate), (6, 4, 3))[0]
        if kind is ToDate:
            unit = self.rng.choice(("year", "year", "month", "quarter"))
            short = {"year": "YTD", "month": "MTD", "quarter": "QTD"}[unit]
            words = ("{u} to date", "{s}", "so far this {u}", "since the start of the {u}", "this {u} so far")
            return ToDate(unit=unit), pick(self.rng, words, u=unit, s=short), short
        if unit == "day":
            said = "yesterday" if kind is Previous else "today"
            return kind(unit=unit), said, f"{said}'s"
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
        return kind(unit=unit), word.format(u=unit), f"{'last' if kind is Previous else 'this'} {unit}'s"

    def _last(self, dim: Dimension) -> tuple[Any, str, str]:
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
        return Last(unit=unit, n=Value(value=n)), said, ""

    def _named(self, dim: Dimension) -> tuple[Any, str, str]:
        year, quarter, month = self._year(dim), self.rng.randint(1, 4), self.rng.choice(MONTHS)
        name = self.rng.choices((f"{year}", f"{month} {year}", f"Q{quarter} {year}", month), (5, 4, 2, 0.6))[0]
        said = name
        if name[0] == "Q" and self.rng.random() < 0.4:
            said = f"the {('first', 'second', 'third', 'fourth')[quarter - 1]} quarter of {year}"
        words = self.rng.choice(("in {}", "in {}", "for {}", "during {}", "{}", "of {}")).format(said)
        return At(value=Value(value=name)), words, name if said == name else ""

    def _span(self, dim: Dimension) -> tuple[Any, str, str]:
        """From one named period to another."""
        year = self._year(dim)
        first, last = sorted(self.rng.sample(range(12), 2))
        whole_years = self.rng.random() < 0.3
        start, end = (str(year), str(year + 1)) if whole_years else (f"{MONTHS[first]} {year}", f"{MONTHS[last]} {year}")
        said = start if whole_years or self.rng.random() < 0.3 else MONTHS[first]
        forms = ("from {a} to {b}", "between {a} and {b}", "from {a} through {b}", "{a} to {b}", "in {a} to {b}", "from {a} until {b}")
        return Absolute(start=Value(value=start), end=Value(value=end)), pick(self.rng, forms, a=said, b=end), ""

    def _year(self, dim: Dimension) -> int:
        first, last = self.profile.schema.ranges.get(dim.column.id, ("2022-01-01", "2024-12-31"))
        return self.rng.randint(int(first[:4]), int(last[:4]))
