"""The pieces that all kinds of question are made of: a table, a measure, conditions, and their words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter, FilterSampler
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.profile import Dimension, Profile, plural, singular
from microgt.schema.types import Column
from microgt.spec.types import Aggregate, And, Arithmetic, Col, Ratio, Rows, Select, Value

_PAIRS: tuple[tuple[Any, Any], ...] = (("min", "max"), ("avg", "max"), ("sum", "avg"), ("min", "avg"), ("avg", "median"))


@dataclass(frozen=True)
class Measured:
    """A measure, the table whose rows it is taken over, its words, and whether it grows when rows are added."""

    node: Aggregate | Ratio | Arithmetic
    table: str
    words: str
    additive: bool


@dataclass
class Plan:
    """A query and its question without opening and closing."""

    query: Select
    text: str
    category: str
    question: bool = False  # already a full sentence: no opening
    time: bool = False  # the first output is a time bucket
    keys: int = 0  # outputs that group
    mark: str = ""  # the chart that the text asks for itself


class Pieces:
    """Samples pieces over one schema."""

    def __init__(self, profile: Profile, rng: random.Random):
        self.profile, self.rng = profile, rng
        self.filters = FilterSampler(profile, rng)
        names = [t.name for t in profile.schema.tables]
        self.weights = {t: 1.0 + len(profile.numeric(t)) ** 0.5 + 2 * len(profile.parents(t)) for t in names}

    def table(self) -> str:
        """A table, those with measures and parents more often."""
        return self.rng.choices(list(self.weights), list(self.weights.values()))[0]

    def column(self, options: Sequence[Column]) -> Column:
        """One of the columns, the interesting ones more often."""
        return self.rng.choices(options, [self.profile.interest(c) for c in options])[0]

    def dimension(self, options: Sequence[Dimension]) -> Dimension:
        """One of the dimensions, the interesting ones more often."""
        return self.rng.choices(options, [self.profile.interest(d.column) for d in options])[0]

    def attributive(self, found: list[Filter], noun: str, table: str) -> str:
        """Now and then, put filters' values before the noun (failed card payments, 2024 orders) and leave them out behind."""
        for i, one in enumerate(found):
            own = one.column.startswith(table + ".")
            if one.before and self.rng.random() < (0.5 if own else 0.3):
                found[i] = Filter(one.node, one.column, "", others=one.others)
                noun = f"{one.before} {noun}"
        return noun

    def measure(self, table: str, found: list[Filter] | None = None) -> Measured:
        """A count or an aggregate over one table. found: the filters said with it, some of which may move before the noun."""
        rng, numeric = self.rng, self.profile.numeric(table)
        noun = rng.choice(self.profile.table_names(table))
        if not numeric or rng.random() < 0.3:
            noun = self.attributive(found or [], noun, table)
            return Measured(Aggregate(fn="count", of=Rows(table=table)), table, phrases.count_phrase(rng, noun), True)
        if rng.random() < 0.06 and (product := self.product(table)):
            return product
        if len(numeric) > 1 and rng.random() < 0.07:
            return self._computed(table, numeric)
        if rng.random() < 0.08 and (columns := self.profile.categories(table)):
            dim = self.dimension(columns)
            node = Aggregate(fn="count_distinct", of=dim.col)
            return Measured(node, table, phrases.aggregate_phrase(rng, "count_distinct", rng.choice(dim.names)), False)
        return self._aggregate(table, self.column(numeric), noun, found or [])

    def _aggregate(self, table: str, column: Column, noun: str, found: list[Filter]) -> Measured:
        """An aggregate of a column, perhaps of the rows' noun: average fee of pending orders."""
        rng = self.rng
        fn = rng.choices(("sum", "avg", "max", "min", "median"), (5, 4, 1.2, 1, 0.4))[0]
        name = rng.choice(self.profile.column_names(column))
        if rng.random() < 0.35:
            words, said = phrases.aggregate_phrase(rng, fn, name), self.attributive(found, noun, table)
            each = (" per " + singular(noun),) * 2 if fn in ("avg", "median") and said == noun else ()
            words += rng.choice((" of " + said, " of " + said, " for " + said, " from " + said, " in " + said, *each))
        else:
            words = phrases.aggregate_phrase(rng, fn, self.attributive(found, name, table))
        return Measured(Aggregate(fn=fn, of=Col(column=column.id)), table, words, fn == "sum")

    def measures(self, table: str) -> list[Measured]:
        """Two or three different measures; often two of one column."""
        rng, numeric = self.rng, self.profile.numeric(table)
        if numeric and rng.random() < 0.4:
            column = self.column(numeric)
            name = rng.choice(self.profile.column_names(column))
            pair = rng.choice(_PAIRS)
            first, second = (pick(rng, phrases.FUNCTIONS[fn]) for fn in pair)
            nodes = [Aggregate(fn=fn, of=Col(column=column.id)) for fn in pair]
            return [Measured(nodes[0], table, first, False), Measured(nodes[1], table, f"{second} {name}", False)]
        return list({m.node: m for m in (self.measure(table) for _ in range(rng.choice((2, 2, 3))))}.values())

    def named(self, text: str) -> str:
        """Now and then, say that names are wanted."""
        return text.removeprefix("names of ") + self.rng.choice(phrases.NAMES) if self.rng.random() < 0.25 else text

    def product(self, table: str) -> Measured | None:
        """quantity x price, where the table has both."""
        columns = self.profile.numeric(table)
        amounts = [c for c in columns if {"quantity", "qty", "units", "amount", "seats"} & set(c.words)]
        prices = [c for c in columns if {"price", "rate", "fee", "cost"} & set(c.words)]
        if not amounts or not prices or amounts[0] == prices[0]:
            return None
        of = Arithmetic(op="mul", left=Col(column=amounts[0].id), right=Col(column=prices[0].id))
        a, p = " ".join(amounts[0].words), " ".join(prices[0].words)
        names = ["revenue", "sales", "total sales", "total revenue", "turnover", f"total of {a} times {p}", "sales value", "income"]
        names += list(self.profile.words.names.get(f"{table}.*", ())) * 3
        return Measured(Aggregate(fn="sum", of=of), table, self.rng.choice(names), True)

    def _computed(self, table: str, numeric: Sequence[Column]) -> Measured:
        """The total or the average of what is computed from numbers of a row: amount plus tax, price times twelve."""
        rng, a = self.rng, self.column(numeric)
        first = rng.choice(self.profile.column_names(a))
        if rng.random() < 0.2:
            n = rng.choice((2, 3, 4, 10, 12, 12, 52, 100))
            right: Col | Value = Value(value=n)
            op, forms = "mul", ("{a} times {b}", "{a} multiplied by {b}", "{b} times the {a}")
            second = small_number(rng, n) if n != 12 or rng.random() < 0.5 else "twelve"
        else:
            b = self.column([c for c in numeric if c != a])
            right, second = Col(column=b.id), rng.choice(self.profile.column_names(b))
            op = rng.choice(("add", "sub", "sub"))
            forms = phrases.SUMS if op == "add" else phrases.DIFFERENCES
        fn: Any = rng.choices(("sum", "avg", "max"), (5, 5, 1))[0]
        words = phrases.aggregate_phrase(rng, fn, pick(rng, forms, a=first, b=second))
        return Measured(Aggregate(fn=fn, of=Arithmetic(op=op, left=Col(column=a.id), right=right)), table, words, fn == "sum")

    def conditions(self, table: str, most: int = 2, avoid: tuple[str, ...] = (), *, alone: bool = True) -> list[Filter]:
        """None, one or more filters on different columns, at most 4. alone: whether the question has no others."""
        count = self.rng.choices(range(most + 1), (4, 4, 2.5, 2, 1)[: most + 1])[0]
        found: list[Filter] = []
        for i in range(count):
            one = self.filters.last(table, alone=alone and not found) if i == count - 1 else self.filters.simple(table)
            if one and not one.columns & {*avoid, *(column for f in found for column in f.columns)}:
                found.append(one)
        return found

    @staticmethod
    def where(found: list[Filter]):
        """The predicate of some filters."""
        return None if not found else found[0].node if len(found) == 1 else And(args=tuple(f.node for f in found))

    def said(self, found: list[Filter]) -> str:
        """The words of some filters, in the order of the predicate."""
        text = ""
        for i, f in enumerate(found):
            text += (self.rng.choice((" and", "", "")) if i and text and f.words else "") + " " + f.words
        return text

    def some_of(self, options: Sequence[Dimension], *counts: int) -> list[Dimension]:
        """So many of the dimensions, one of the counts, or all where there are fewer."""
        return self.rng.sample(options, min(self.rng.choice(counts), len(options)))

    def wanted(self, columns: Sequence[Dimension], *before: str) -> str:
        """The words that ask for columns behind a question. before: names of further ones."""
        names = [*before, *(self.rng.choice(d.names) for d in columns)]
        return pick(self.rng, phrases.WANTED, c=phrases.listed(names, self.rng))

    def by_phrase(self, dim: Dimension) -> tuple[str, str]:
        """(singular, plural) name of a dimension."""
        name = self.rng.choice(dim.names)
        return name, plural(name)
