"""WHERE conditions together with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from microgt.data.generator.profile import Profile
from microgt.data.generator.sql import words
from microgt.data.generator.sql.keys import Source
from microgt.data.generator.sql.sampler import Sampler
from microgt.schema.types import Column, ColumnType


@dataclass(frozen=True)
class Condition:
    """A condition on one column. test: SQL with {c} for the column.

    clause: `age is over 20`. having: `an age over 20`, where it can be said so. telling: words that follow the noun directly (`older
    than 20`), before: that precede it (`French`).
    """

    column: Column
    test: str
    clause: str
    having: str
    telling: str = ""
    before: str = ""

    def sql(self, source: Source) -> str:
        """In a query over `source`."""
        return self.test.replace("{c}", source.column(self.column.id))


class Conditions:
    """Samples conditions on the rows of a table and of those near it."""

    def __init__(self, sampler: Sampler):
        self.s, self.rng = sampler, sampler.rng

    def some(
        self, table: str, most: int = 2, *, least: int = 0, avoid: Sequence[Column] = (), furthest: int = 2, up: bool = False
    ) -> list[Condition]:
        """Up to `most` conditions on different columns, seldom many."""
        count = self.rng.choices(range(least, most + 1), (6, 6, 3, 0.6)[least : most + 1])[0]
        found: list[Condition] = []
        for _ in range(count):
            one = self.one(table, avoid=[*avoid, *(f.column for f in found)], furthest=furthest, up=up)
            if one:
                found.append(one)
        return found

    def one(self, table: str, *, avoid: Sequence[Column] = (), furthest: int = 2, up: bool = False) -> Condition | None:
        """A condition of any kind."""
        column = self.s.column(table, lambda c: c not in avoid and self._usable(c), furthest=furthest, up=up)
        if column is None:
            return None
        return self.on(column, table if column.table != table else None)

    def on(self, column: Column, of: str | None) -> Condition | None:
        """A condition on a column. of: the table asked about, when it is another's."""
        if column.type is ColumnType.NUMBER and self.s.cells.numbers(column):
            return self.number(column, of)
        if column.type is ColumnType.TIME:
            return self.date(column, of)
        return self.text(column, of)

    def _usable(self, column: Column) -> bool:
        profile: Profile = self.s.profile
        if column.type is ColumnType.OTHER or column.id in profile.key_columns:
            return False
        return not column.primary or (column.type is ColumnType.TEXT and self.rng.random() < 0.3)

    # ------------------------------------------------------------------ kinds

    def text(self, column: Column, of: str | None) -> Condition | None:
        """A text or a flag is, is not, contains, is one of."""
        value = self.s.cells.text(column, self.rng)
        if value is None:
            return None
        roll, name = self.rng.random(), self.s.name(column, of)
        if roll < 0.13:
            return self._like(column, name, value)
        if roll < 0.22:
            return self._either(column, name, value)
        if roll < 0.28:
            forms = ("{n} is not {v}", "{n} is not {v}", "{n} is different from {v}", "{n} does not equal {v}")
            clause = self._form(forms, n=name, v=self.said(value))
            return Condition(column, f"{{c}} <> {literal(value)}", clause, f"{self._article(name)} other than {self.said(value)}")
        return self._equal(column, name, value, of)

    def _equal(self, column: Column, name: str, value: str, of: str | None) -> Condition:
        said = self.said(value)
        clause = self._form(("{n} is {v}", "{n} is {v}", "{n} equals {v}", "{n} = {v}", "{n} is called {v}"), n=name, v=said)
        if not name.endswith("name"):
            clause = clause.replace(" is called ", " is ")
        having = self._form(("{n} {v}", "the {n} {v}", "{a} of {v}", "{n} of {v}", "{n} {v}"), n=name, a=self._article(name), v=said)
        places = bool(words.PLACES & set(column.words))
        telling = self._form(
            ("in {v}", "from {v}", "in {v}", "located in {v}") if places else ("of {n} {v}", "that are {v}", "for {n} {v}", "in {n} {v}"),
            v=said,
            n=name,
        )
        if column.words[-1] in ("name", "title") and column == self.s.profile.label(column.table):
            place = self.s.one(column.table)
            ways = ("in the {t} {v}", "in {t} {v}", "of the {t} {v}", "of {t} {v}", "for {v}", "by {v}", "with the {t} {v}")
            telling = self._form(ways, t=place, v=said) if of else self._form(("named {v}", "called {v}", "with the name {v}"), v=said)
        plain = of is None and len(value) > 2 and len(value.split()) < 3 and value.replace(" ", "").isalpha()
        before = value if plain and self.s.cells.repeats(column) and column.words[-1] != "name" else ""
        return Condition(column, f"{{c}} = {literal(value)}", clause, having, telling, before)

    def _like(self, column: Column, name: str, value: str) -> Condition | None:
        part = max(value.split(), key=len)
        part = part if len(part) <= 6 or self.rng.random() < 0.6 else part[: self.rng.randint(2, 5)]
        if not part.isalnum():
            return None
        start = value.startswith(part) and self.rng.random() < 0.35
        if start:
            part = part[: self.rng.choice((1, 1, 2, 3))]
            forms = (
                "{n} starts with {v}",
                "{n} begins with {v}",
                "{n} starts with the letter {v}" if len(part) == 1 else "{n} starts with {v}",
            )
            return Condition(
                column,
                f"{{c}} ILIKE {literal(part + '%')}",
                self._form(forms, n=name, v=self.quoted(part)),
                f"{name} starting with {self.quoted(part)}",
            )
        forms = (
            "{n} contains {v}",
            "{n} includes {v}",
            "{n} has the word {v}",
            "{n} contains the substring {v}",
            "{n} contains the word {v}",
        )
        having = self._form(("{v} in the {n}", "the word {v} in {n}", "{n} containing {v}"), n=name, v=self.quoted(part))
        return Condition(column, f"{{c}} ILIKE {literal(f'%{part}%')}", self._form(forms, n=name, v=self.quoted(part)), having)

    def _either(self, column: Column, name: str, value: str) -> Condition | None:
        other = self.s.cells.text(column, self.rng)
        if other is None or other == value:
            return None
        a, b = self.said(value), self.said(other)
        clause = self._form(("{n} is {a} or {b}", "{n} is either {a} or {b}", "{n} is one of {a} and {b}"), n=name, a=a, b=b)
        having = self._form(("{n} {a} or {b}", "either {n} {a} or {n} {b}"), n=name, a=a, b=b)
        test = f"({{c}} = {literal(value)} OR {{c}} = {literal(other)})"
        return Condition(
            column,
            test,
            clause,
            having,
            self._form(("in {a} or {b}", "from {a} or {b}") if words.PLACES & set(column.words) else ("that are {a} or {b}",), a=a, b=b),
        )

    def number(self, column: Column, of: str | None) -> Condition | None:
        """A number is above, below, between."""
        rng, name = self.rng, self.s.name(column, of)
        roll = rng.random()
        if roll < 0.1:
            return self._between(column, name)
        if roll < 0.25:
            value = rng.choice(self.s.cells.numbers(column))
            clause = self._form(("{n} is {v}", "{n} equals {v}", "{n} is equal to {v}", "{n} is exactly {v}"), n=name, v=spelled(value))
            when = "in {v}" if "year" in column.words else ""
            return Condition(column, f"{{c}} = {literal(value)}", clause, f"{name} {spelled(value)}", when.format(v=spelled(value)))
        value = self.s.cells.bound(column, rng)
        if value is None:
            return None
        op = rng.choices((">", "<", ">=", "<="), (9, 6, 2, 1.5))[0]
        said = rng.choice(words.bound(column, op)).format(v=spelled(value))
        up, down, *_ = words.scale(column)
        adjective = up if op in (">", ">=") else down
        telling = f"{adjective} than {spelled(value)}" if adjective and op in (">", "<") and of is None else ""
        having = self._form(("{a} {v}", "{n} {v}", "{a} of {v}", "{n} {v}"), a=self._article(name), n=name, v=said)
        return Condition(column, f"{{c}} {op} {literal(value)}", f"{name} is {said}", having, telling)

    def _between(self, column: Column, name: str) -> Condition | None:
        first, last = (self.s.cells.bound(column, self.rng, *part) for part in ((0.0, 0.45), (0.55, 1.0)))
        if first is None or last is None or first >= last:
            return None
        low, high = spelled(first), spelled(last)
        clause = self._form(
            ("{n} is between {a} and {b}", "{n} lies between {a} and {b}", "{n} is in the range {a} to {b}"), n=name, a=low, b=high
        )
        having = self._form(("{n} between {a} and {b}", "{n} from {a} to {b}"), n=name, a=low, b=high)
        return Condition(column, f"{{c}} BETWEEN {literal(first)} AND {literal(last)}", clause, having)

    def date(self, column: Column, of: str | None) -> Condition | None:
        """A day is before or after another."""
        days = [str(v)[:10] for v in self.s.cells.of(column)]
        if len(days) < 3:
            return None
        op, name, day = self.rng.choice((">", "<", ">=", "<=")), self.s.name(column, of), self.rng.choice(sorted(days)[1:-1])
        said = self.rng.choice(words.bound(column, op)).format(v=day)
        return Condition(column, f"{{c}} {op} {literal(day)}", f"{name} is {said}", f"{name} {said}")

    # ------------------------------------------------------------------ words

    def after(self, found: Sequence[Condition]) -> str:
        """The conditions behind the noun, with a space before them; '' for none."""
        if not found:
            return ""
        first = found[0]
        if len(found) == 1:
            options = [
                f" whose {first.clause}",
                f" with {first.having}",
                f" with {first.having}",
                f" that have {first.having}",
                f" where {first.clause}",
                f" having {first.having}",
            ]
            options += [f" {first.telling}"] * 4 if first.telling else []
            return self.rng.choice(options)
        if self.rng.random() < 0.35 and first.telling:
            return f" {first.telling}" + self.rng.choice((" and", "")) + self.after(found[1:])
        if self.rng.random() < 0.5:
            return self.rng.choice((" with ", " that have ", " having ")) + " and ".join(c.having for c in found)
        return self.rng.choice((" whose ", " where ", " for which ")) + self.rng.choice((" and ", " and ", " and whose ")).join(
            c.clause for c in found
        )

    def noun(self, table: str, found: Sequence[Condition], noun: str) -> str:
        """The noun with its conditions: now and then the first one stands before it."""
        if found and found[0].before and self.rng.random() < 0.3:
            value = found[0].before.lower() if self.rng.random() < 0.4 else found[0].before
            return f"{value} {noun}{self.after(found[1:])}"
        return noun + self.after(found)

    def where(self, found: Sequence[Condition], source: Source) -> str:
        """The clause, with a space before it; '' for none."""
        return " WHERE " + " AND ".join(c.sql(source) for c in found) if found else ""

    def said(self, value: str) -> str:
        """A text as typed: in quotes, bare, in lower case."""
        roll = self.rng.random()
        return self.quoted(value) if roll < 0.4 else value.lower() if roll > 0.9 else value

    def quoted(self, value: str) -> str:
        """In one or two quotation marks."""
        mark = self.rng.choice(("'", '"'))
        return f"{mark}{value}{mark}"

    def _article(self, name: str) -> str:
        return ("an " if name[0] in "aeiou" else "a ") + name

    def _form(self, forms: Sequence[str], **names: str) -> str:
        return self.rng.choice(forms).format(**names)


def literal(value: Any) -> str:
    """A value in SQL."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def spelled(value: Any) -> str:
    """A number as typed."""
    return str(int(value)) if value == int(value) else f"{value:.10g}"
