"""Conditions on numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.phrases import comparison, number_words, pick
from microgt.data.generator.profile import Dimension, Profile
from microgt.schema.types import ColumnType
from microgt.spec.types import Between, Compare, Value

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
class NumberFilters:
    """Samples conditions that compare with round numbers."""

    profile: Profile
    rng: random.Random

    def _numeric(self, table: str) -> Dimension | None:
        own = {c.id for c in self.profile.numeric(table)}
        dims = [
            d
            for d in self.profile.dimensions(table)
            if d.column.type is ColumnType.NUMBER and (d.column.id in own or self.rng.random() < 0.2)
        ]
        return self.rng.choices(dims, [self.profile.interest(d.column) for d in dims])[0] if dims else None

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
