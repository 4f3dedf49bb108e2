"""Samples conditions together with their words."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from microgt.data.generator.phrases import MONTHS, comparison, number_words, pick, small_number
from microgt.data.generator.profile import Dimension, Profile, plural
from microgt.schema.types import ColumnType
from microgt.spec.types import At, Between, Compare, In, InPeriod, IsNull, Last, Like, Not, Previous, This, ToDate, Value

_NICE = (
    1,
    2,
    5,
    10,
    15,
    20,
    25,
    30,
    50,
    75,
    100,
    150,
    200,
    250,
    300,
    500,
    750,
    1000,
    1500,
    2000,
    2500,
    5000,
    10_000,
    20_000,
    50_000,
    100_000,
    1_000_000,
)


@dataclass(frozen=True)
class Filter:
    """A predicate, the column it is on, and its words (which follow the noun)."""

    node: Any
    column: str
    words: str


class FilterSampler:
    """Samples filters on a table's own and its parents' columns."""

    def __init__(self, profile: Profile, rng: random.Random):
        self.profile, self.rng = profile, rng

    def sample(self, table: str) -> Filter | None:
        """Any kind of filter, frequent kinds more often."""
        kinds = (self.text, self.period, self.number, self.excluded, self.missing, self.either, self.between, self.contains, self.flag)
        weights = (9, 6, 4, 1.2, 1, 1.2, 1, 0.5, 1.5)
        for kind in self.rng.choices(kinds, weights, k=4):
            if found := kind(table):
                return found
        return None

    def _valued(self, table: str) -> list[Dimension]:
        dims = self.profile.dimensions(table)
        return [d for d in dims if d.column.type is ColumnType.TEXT and self.profile.schema.values.get(d.column.id)]

    def text(self, table: str) -> Filter | None:
        """column = 'value'."""
        dims = self._valued(table)
        if not dims:
            return None
        weights = [1.0 + 2.0 * (len(self.profile.schema.values[d.column.id]) < 60) for d in dims]
        dim = self.rng.choices(dims, weights)[0]
        value = self.profile.value(dim, self.rng)
        if value is None:
            return None
        name, said = self.rng.choice(dim.names), self._spelled(value)
        forms = (
            "for {v}",
            "for {v}",
            "in {v}",
            "in {v}",
            "from {v}",
            "with {d} {v}",
            "where {d} is {v}",
            "in the {v} {d}",
            "for {d} {v}",
            "of {v}",
            "for the {v} {d}",
            "that are {v}",
            "whose {d} is {v}",
            "by {v}",
            "at {v}",
            "on {v}",
            "only {v}",
            "for {v} only",
            "({v})",
            "with {v}",
            "via {v}",
            "under {v}",
            "are {v}",
            "were {v}",
            "that were {v}",
            "to {v}",
            "out of {v}",
            "came from {v}",
            "going to {v}",
            ", {v} only",
            "- {v}",
            "which are {v}",
            "paid by {v}",
            "in {d} {v}",
        )
        return Filter(Compare(op="eq", left=dim.col, right=Value(value=value)), dim.column.id, pick(self.rng, forms, v=said, d=name))

    def _spelled(self, value: str) -> str:
        return value.lower() if self.rng.random() < 0.35 else value

    def excluded(self, table: str) -> Filter | None:
        """column <> 'value'."""
        one = self.text(table)
        if one is None:
            return None
        value = self._spelled(one.node.right.value)
        words = pick(
            self.rng,
            (
                "excluding {v}",
                "except {v}",
                "not in {v}",
                "other than {v}",
                "without {v}",
                "outside {v}",
                "that are not {v}",
                "not counting {v}",
                "but not {v}",
                "ignoring {v}",
            ),
            v=value,
        )
        return Filter(one.node.model_copy(update={"op": "ne"}), one.column, words)

    def one_of(self, dim: Dimension, count: int) -> tuple[Any, list[str]]:
        """column in (values), and the values as said."""
        values: list[str] = []
        while len(values) < min(count, len(self.profile.schema.values[dim.column.id])):
            value = self.profile.value(dim, self.rng) or self.rng.choice(self.profile.schema.values[dim.column.id])
            if value not in values:
                values.append(value)
            elif self.rng.random() < 0.2:
                values.append(next(v for v in self.profile.schema.values[dim.column.id] if v not in values))
        return In(of=dim.col, values=tuple(Value(value=v) for v in values)), [self._spelled(v) for v in values]

    def either(self, table: str) -> Filter | None:
        """One of two values of a column."""
        dims = [d for d in self._valued(table) if len(self.profile.schema.values[d.column.id]) > 1]
        if not dims:
            return None
        dim = self.rng.choice(dims)
        node, values = self.one_of(dim, 2)
        words = pick(
            self.rng,
            ("for {a} or {b}", "in {a} or {b}", "in {a} and {b}", "for {a} and {b}", "that are {a} or {b}", "from either {a} or {b}"),
            a=values[0],
            b=values[-1],
        )
        return Filter(node, dim.column.id, words)

    def contains(self, table: str) -> Filter | None:
        """column like '%word%'."""
        dims = self._valued(table)
        if not dims:
            return None
        dim = self.rng.choice(dims)
        value = self.profile.value(dim, self.rng)
        word = max(value.split(), key=len) if value else ""
        if len(word) < 3 or not word.isalpha():
            return None
        how = self.rng.choice(("contains", "contains", "starts"))
        part = word if how == "contains" else (value or "")[: self.rng.randint(1, 3)].strip()
        forms = (
            ("whose {d} contains '{v}'", "with '{v}' in the {d}", "where {d} contains {v}", "with {d} like '{v}'")
            if how == "contains"
            else ("whose {d} starts with '{v}'", "with {d} starting with {v}", "where {d} begins with '{v}'")
        )
        words = pick(self.rng, forms, v=part, d=self.rng.choice(dim.names))
        return Filter(Like(how=how, of=dim.col, text=Value(value=part)), dim.column.id, words) if part else None

    def flag(self, table: str) -> Filter | None:
        """A boolean column is true or false."""
        dims = [d for d in self.profile.dimensions(table) if d.column.type is ColumnType.BOOLEAN]
        if not dims:
            return None
        dim, true = self.rng.choice(dims), self.rng.random() < 0.7
        name = " ".join(w for w in self.rng.choice(dim.names).split() if w not in ("is", "has"))
        words = pick(
            self.rng,
            ("that are {d}", "which are {d}", "with {d}", "where {d} is true", "({d})")
            if true
            else ("that are not {d}", "without {d}", "where {d} is false", "which are not {d}"),
            d=name,
        )
        return Filter(Compare(op="eq", left=dim.col, right=Value(value=true)), dim.column.id, words)

    def missing(self, table: str) -> Filter | None:
        """column is (not) null."""
        dims = [d for d in self.profile.dimensions(table) if d.column.table == table and not d.column.primary]
        if not dims:
            return None
        dim = self.rng.choice(dims)
        name, rng = self.rng.choice(dim.names), self.rng
        if rng.random() < 0.7:
            words = pick(
                rng,
                (
                    "without a {d}",
                    "with no {d}",
                    "missing a {d}",
                    "where {d} is missing",
                    "with unknown {d}",
                    "with missing {d}",
                    "that have no {d}",
                    "where the {d} is empty",
                ),
                d=name,
            )
            return Filter(IsNull(of=dim.col), dim.column.id, words)
        words = pick(rng, ("that have a {d}", "with a known {d}", "where {d} is known", "with a {d}", "where the {d} is filled in"), d=name)
        return Filter(Not(arg=IsNull(of=dim.col)), dim.column.id, words)

    # ------------------------------------------------------------ numbers

    def _numeric(self, table: str) -> Dimension | None:
        own = {c.id for c in self.profile.numeric(table)}
        dims = [
            d
            for d in self.profile.dimensions(table)
            if d.column.type is ColumnType.NUMBER and (d.column.id in own or self.rng.random() < 0.2)
        ]
        return self.rng.choice(dims) if dims else None

    def number(self, table: str) -> Filter | None:
        """column > number."""
        dim = self._numeric(table)
        if dim is None:
            return None
        op, value = self.rng.choice(("gt", "gt", "lt", "lt", "ge", "le")), self.rng.choice(_NICE)
        said = comparison(self.rng, op, number_words(self.rng, value))
        forms = (
            "with {d} {v}",
            "with a {d} of {v}",
            "where {d} is {v}",
            "whose {d} is {v}",
            "having {d} {v}",
            "with {v} {d}",
            "that have {v} {d}",
            "{d} {v}",
            "{v} {d}",
            "with {d} {v}",
            "had {d} {v}",
            "have {d} {v}",
            "were {v} {d}",
        )
        words = pick(self.rng, forms, d=self.rng.choice(dim.names), v=said)
        return Filter(Compare(op=op, left=dim.col, right=Value(value=value)), dim.column.id, words)

    def between(self, table: str) -> Filter | None:
        """low <= column <= high."""
        dim = self._numeric(table)
        if dim is None:
            return None
        low, high = sorted(self.rng.sample(_NICE, 2))
        a, b = number_words(self.rng, low), number_words(self.rng, high)
        words = pick(
            self.rng,
            (
                "with {d} between {a} and {b}",
                "where {d} is between {a} and {b}",
                "with {d} from {a} to {b}",
                "whose {d} is between {a} and {b}",
            ),
            d=self.rng.choice(dim.names),
            a=a,
            b=b,
        )
        return Filter(Between(of=dim.col, low=Value(value=low), high=Value(value=high)), dim.column.id, words)

    # ------------------------------------------------------------ periods

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
