"""Conditions on dates: in a period, before or after one."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.phrases import MONTHS, pick, small_number
from microgt.data.generator.profile import Dimension, Profile, plural
from microgt.spec.types import Absolute, At, Compare, InPeriod, Last, Previous, This, ToDate, Value

_VERB = ("{b} {v}", "that were {b} {v}", "that {b} {v}", "who {b} {v}", "which were {b} {v}", "we {b} {v}")
_NAMED = ("with {d} {v}", "with a {d} {v}", "whose {d} is {v}", "by {d} {v}", "where the {d} is {v}")
_SAYS_WHICH = 0.85  # of conditions on a table with several dates, that say which
_BEYOND: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        "ge",
        (
            "since {v}",
            "since {v}",
            "from {v} on",
            "from {v} onwards",
            "in {v} or later",
            "as of {v}",
            "starting {v}",
            "since the start of {v}",
        ),
    ),
    ("gt", ("after {v}", "after {v}", "later than {v}", "after the end of {v}")),
    ("lt", ("before {v}", "before {v}", "earlier than {v}", "prior to {v}", "until the start of {v}")),
    ("le", ("up to {v}", "until the end of {v}", "through {v}", "in {v} or before", "no later than {v}")),
)


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
        which = len(dims) > 1 and self.rng.random() < _SAYS_WHICH
        dim = self.rng.choice(dims) if which else dims[0]
        if self.rng.random() < 0.2:
            node, said, before = self._beyond(dim)
        else:
            node, said, before = self._inside(dim)
        verbs = self.profile.verbs(dim.column, table)
        if which or (verbs and self.rng.random() < 0.3):
            forms = _VERB if verbs and self.rng.random() < 0.7 else _NAMED
            said, before = pick(self.rng, forms, d=self.rng.choice(dim.names), b=self.rng.choice(verbs or ("",)), v=said), ""
        return Filter(node, dim.column.id, said, before)

    def within(self, dim: Dimension) -> Filter:
        """This date lies in a period; which date is not said."""
        node, said, _ = self._inside(dim)
        return Filter(node, dim.column.id, said)

    def since(self, dim: Dimension) -> Filter:
        """This date is not before the start of a period; which date is not said."""
        name = self._name(dim)
        return Filter(Compare(op="ge", left=dim.col, right=Value(value=name)), dim.column.id, pick(self.rng, _BEYOND[0][1], v=name))

    def _inside(self, dim: Dimension) -> tuple[Any, str, str]:
        period, said, before = self.rng.choices((self._relative, self._last, self._named, self._span), (3, 2, 5, 1.5))[0](dim)
        return InPeriod(of=dim.col, period=period), said, before

    def _beyond(self, dim: Dimension) -> tuple[Any, str, str]:
        """Before or after a named period or a day."""
        op, forms = self.rng.choices(_BEYOND, (5, 3, 3, 1.5))[0]
        value, said = self._day(dim) if self.rng.random() < 0.2 else (self._name(dim),) * 2
        return Compare(op=op, left=dim.col, right=Value(value=value)), pick(self.rng, forms, v=said), ""

    def _day(self, dim: Dimension) -> tuple[str, str]:
        """A day as the spec writes it and as people do."""
        year, month, day = self._year(dim), self.rng.randint(1, 12), self.rng.randint(1, 28)
        iso, name = f"{year}-{month:02}-{day:02}", MONTHS[month - 1]
        return iso, self.rng.choice((iso, f"{name} {day}, {year}", f"{day} {name} {year}", f"{name[:3]} {day} {year}"))

    def _name(self, dim: Dimension) -> str:
        """A year, or a part of one."""
        year = self._year(dim)
        parts = (f"{year}", f"{self.rng.choice(MONTHS)} {year}", f"Q{self.rng.randint(1, 4)} {year}", f"H{self.rng.randint(1, 2)} {year}")
        return self.rng.choices(parts, (5, 5, 2, 0.8))[0]

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
        name = self.rng.choice(MONTHS) if self.rng.random() < 0.05 else self._name(dim)
        said = name
        if name[0] in "QH" and name[1].isdigit() and self.rng.random() < 0.5:
            part, number = "quarter" if name[0] == "Q" else "half", int(name[1])
            said = f"the {('first', 'second', 'third', 'fourth')[number - 1]} {part} of {name[3:]}"
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
