"""Conditions on texts and flags, and on whether there is a value at all."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.phrases import pick
from microgt.data.generator.profile import Dimension, Profile
from microgt.schema.types import ColumnType
from microgt.spec.types import Compare, In, IsNull, Like, Not, Value

_EITHER = (
    "for {a} or {b}", "in {a} or {b}", "in {a} and {b}", "for {a} and {b}", "that are {a} or {b}", "from either {a} or {b}", "that are either {a} or {b}",
    "({a} or {b})", "with {d} {a} or {b}", "whose {d} is {a} or {b}", "in ({a} or {b})", "are {a} or {b}", "with {a} or {b}", "either {a} or {b}",
    ", {a} or {b}", "are either {a} or {b}", "is {a} or {b}", "by {a} or {b}",
)  # fmt: skip


@dataclass(frozen=True)
class ValueFilters:
    """Samples conditions that compare with values of a column."""

    profile: Profile
    rng: random.Random

    def _valued(self, table: str) -> list[Dimension]:
        dims = self.profile.dimensions(table)
        schema = self.profile.schema
        texts = [d for d in dims if d.column.type is ColumnType.TEXT and d.column.id not in schema.dated]
        return [d for d in texts if schema.values.get(d.column.id)]

    def text(self, table: str) -> Filter | None:
        """column = 'value'."""
        dims = self._valued(table)
        if not dims:
            return None
        weights = [(1.0 + 2.0 * (len(self.profile.schema.values[d.column.id]) < 60)) * self.profile.interest(d.column) for d in dims]
        dim = self.rng.choices(dims, weights)[0]
        value = self.profile.value(dim, self.rng)
        if value is None:
            return None
        name, said = self.rng.choice(dim.names), self._spelled(value, dim.column.id)
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
        words = pick(self.rng, forms, v=said, d=name)
        before = self._spelled(value, dim.column.id, 0.6) if len(value.split()) < 4 else ""
        return Filter(Compare(op="eq", left=dim.col, right=Value(value=value)), dim.column.id, words, before)

    def _spelled(self, value: str, column: str, lower: float = 0.35) -> str:
        """A value as people say it: what stands for it, mostly, where it is a code."""
        meant = self.profile.words.values.get(column, {}).get(value)
        if meant and (len(value) == 1 or self.rng.random() < 0.85):
            return meant
        return value.lower() if self.rng.random() < lower else value

    def excluded(self, table: str) -> Filter | None:
        """column <> 'value'."""
        one = self.text(table)
        if one is None:
            return None
        value = self._spelled(one.node.right.value, one.column)
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
                "leaving out {v}",
                "leaving out everything from {v}",
                "apart from {v}",
                "that aren't {v}",
                "not {v}",
                "whose {d} is not {v}",
                "with a {d} other than {v}",
            ),
            v=value,
            d=" ".join(self.profile.schema.column(one.column).words),
        )
        return Filter(one.node.model_copy(update={"op": "ne"}), one.column, words, f"non {value}" if self.rng.random() < 0.3 else "")

    def one_of(self, dim: Dimension, count: int) -> tuple[Any, list[str]]:
        """column in (values), and the values as said."""
        values: list[str] = []
        while len(values) < min(count, len(self.profile.schema.values[dim.column.id])):
            value = self.profile.value(dim, self.rng) or self.rng.choice(self.profile.schema.values[dim.column.id])
            if value not in values:
                values.append(value)
            elif self.rng.random() < 0.2:
                values.append(next(v for v in self.profile.schema.values[dim.column.id] if v not in values))
        return In(of=dim.col, values=tuple(Value(value=v) for v in values)), [self._spelled(v, dim.column.id) for v in values]

    def either(self, table: str) -> Filter | None:
        """One of two to four values of a column."""
        return self._one_of(table, self.rng.choice((2, 2, 3, 3, 4)), _EITHER)

    def _one_of(self, table: str, count: int, forms: tuple[str, ...]) -> Filter | None:
        dims = [d for d in self._valued(table) if len(self.profile.schema.values[d.column.id]) > 1]
        if not dims:
            return None
        dim = self.rng.choice(dims)
        node, values = self.one_of(dim, count)
        said = pick(self.rng, forms, a=", ".join(values[:-1]), b=values[-1], d=self.rng.choice(dim.names))
        before = f"{values[0]} or {values[1]}" if len(values) == 2 and all(len(v.split()) < 3 for v in values) else ""
        return Filter(node, dim.column.id, said, before)

    def neither(self, table: str) -> Filter | None:
        """None of two values of a column."""
        one = self._one_of(table, 2, _EITHER)
        if one is None:
            return None
        a, b = (self._spelled(value.value, one.column) for value in (one.node.values[0], one.node.values[-1]))
        forms = (
            "not in {a} or {b}",
            "that are neither {a} nor {b}",
            "except {a} and {b}",
            "outside {a} and {b}",
            "excluding {a} and {b}",
            "not {a} or {b}",
            "other than {a} and {b}",
            "without {a} and {b}",
        )
        return Filter(Not(arg=one.node), one.column, pick(self.rng, forms, a=a, b=b))

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
            ("that are {d}", "which are {d}", "are {d}", "with {d}", "where {d} is true", "({d})")
            if true
            else ("that are not {d}", "without {d}", "where {d} is false", "which are not {d}", "are not {d}"),
            d=name,
        )
        return Filter(Compare(op="eq", left=dim.col, right=Value(value=true)), dim.column.id, words, name if true else f"non {name}")

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
                    "with no {d} on record",
                    "without any {d}",
                    "whose {d} is unknown",
                    "that have not got a {d}",
                    "that have no {d} yet",
                    "where nobody noted a {d}",
                    "with no known {d}",
                ),
                d=name,
            )
            return Filter(IsNull(of=dim.col), dim.column.id, words)
        words = pick(
            rng,
            ("that have a {d}", "with a known {d}", "where {d} is known", "with a {d}", "where the {d} is filled in", "whose {d} we know"),
            d=name,
        )
        return Filter(Not(arg=IsNull(of=dim.col)), dim.column.id, words)
