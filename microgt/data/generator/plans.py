"""Samples a query together with the pieces that its question is made of. One method a kind of question."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter, FilterSampler
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.profile import Dimension, Profile, plural
from microgt.spec.types import Aggregate, And, Arithmetic, Col, Compare, DatePart, Ratio, Ref, Rows, Select, Sort, TimeBucket, Value
from microgt.spec.types import Limit as LimitTo

_PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    ("weekday", ("by weekday", "per weekday", "by day of the week", "for each day of the week", "across weekdays", "on each weekday")),
    ("hour", ("by hour", "by hour of the day", "per hour of day", "for each hour of the day", "at each hour")),
    ("month", ("by calendar month", "by month of the year", "per calendar month", "for each month of the year")),
)


@dataclass(frozen=True)
class Measured:
    """A measure, the table whose rows it is taken over, its words, and whether it grows when rows are added."""

    node: Aggregate | Ratio | Arithmetic
    table: str
    words: str
    additive: bool


@dataclass
class Plan:
    """A query and its question without opening and closing. `time`, `split`: whether an output is a time bucket, a category."""

    query: Select
    text: str
    category: str
    question: bool = False  # already a full sentence: no opening
    time: bool = False
    keys: int = 0
    additive: bool = True


class Planner:
    """Samples plans over one schema."""

    def __init__(self, profile: Profile, rng: random.Random):
        self.profile, self.rng = profile, rng
        self.filters = FilterSampler(profile, rng)
        names = [t.name for t in profile.schema.tables]
        self.weights = {t: 1.0 + len(profile.numeric(t)) + len(profile.parents(t)) for t in names}

    # ------------------------------------------------------------ pieces

    def table(self) -> str:
        """A table, those with measures and parents more often."""
        return self.rng.choices(list(self.weights), list(self.weights.values()))[0]

    def attributive(self, found: list[Filter], noun: str, table: str) -> str:
        """Now and then, put a filter's value before the noun (failed payments) and leave it out behind."""
        for i, one in enumerate(found):
            value = one.node.right.value if isinstance(one.node, Compare) and isinstance(one.node.right, Value) else None
            fits = isinstance(value, str) and one.node.op == "eq" and one.column.startswith(table + ".") and len(value.split()) < 3
            if isinstance(value, str) and fits and self.rng.random() < 0.6:
                found[i] = Filter(one.node, one.column, "")
                return f"{value if self.rng.random() < 0.4 else value.lower()} {noun}"
        return noun

    def measure(self, table: str, found: list[Filter] | None = None) -> Measured:
        """A count or an aggregate over one table. found: the filters said with it, of which one may move before the noun."""
        rng, numeric = self.rng, self.profile.numeric(table)
        noun = self.attributive(found or [], rng.choice(self.profile.table_names(table)), table)
        if not numeric or rng.random() < 0.3:
            return Measured(Aggregate(fn="count", of=Rows(table=table)), table, phrases.count_phrase(rng, noun), True)
        if not any(not f.words for f in found or ()) and rng.random() < 0.06 and (product := self._product(table)):
            return product
        if rng.random() < 0.08 and (columns := self.profile.categories(table)) and not any(not f.words for f in found or ()):
            dim = rng.choice(columns)
            node = Aggregate(fn="count_distinct", of=dim.col)
            return Measured(node, table, phrases.aggregate_phrase(rng, "count_distinct", rng.choice(dim.names)), False)
        column = rng.choice(numeric)
        fn = rng.choices(("sum", "avg", "max", "min", "median"), (5, 4, 1.2, 1, 0.4))[0]
        name = rng.choice(self.profile.column_names(column))
        words = phrases.aggregate_phrase(rng, fn, name)
        moved = found is not None and any(not f.words for f in found)
        if moved or rng.random() < 0.2:
            words += rng.choice((" of ", " of ", " for ", " from ", " in ")) + noun
        return Measured(Aggregate(fn=fn, of=Col(column=column.id)), table, words, fn == "sum")

    def _product(self, table: str) -> Measured | None:
        """quantity x price, where the table has both."""
        columns = self.profile.numeric(table)
        amounts = [c for c in columns if {"quantity", "qty", "units", "amount", "seats"} & set(c.words)]
        prices = [c for c in columns if {"price", "rate", "fee", "cost"} & set(c.words)]
        if not amounts or not prices or amounts[0] == prices[0]:
            return None
        of = Arithmetic(op="mul", left=Col(column=amounts[0].id), right=Col(column=prices[0].id))
        a, p = " ".join(amounts[0].words), " ".join(prices[0].words)
        names = ["revenue", "sales", "total sales", "total revenue", "turnover", f"total of {a} times {p}", "sales value", "income"]
        names += list(self.profile.synonyms.get(f"{table}.*", ())) * 3
        return Measured(Aggregate(fn="sum", of=of), table, self.rng.choice(names), True)

    def conditions(self, table: str, most: int = 2, avoid: tuple[str, ...] = ()) -> list[Filter]:
        """None, one or two filters on different columns."""
        count = self.rng.choices(range(most + 1), (5, 4, 1.5)[: most + 1])[0]
        found: list[Filter] = []
        for _ in range(count):
            one = self.filters.sample(table)
            if one and one.column not in {f.column for f in found} | set(avoid):
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

    def by_phrase(self, dim: Dimension) -> tuple[str, str]:
        """(singular, plural) name of a dimension."""
        name = self.rng.choice(dim.names)
        return name, plural(name)

    # ------------------------------------------------------------ kinds of question

    def value(self) -> Plan:
        """One number."""
        table = self.table()
        found = self.conditions(table)
        m = self.measure(table, found)
        return Plan(Select(outputs=(m.node,), where=self.where(found)), m.words + self.said(found), "single value", additive=m.additive)

    def plain_count(self) -> Plan:
        """How many rows a table has, or how many different values a column."""
        table, rng = self.rng.choice(list(self.weights)), self.rng
        noun = rng.choice(self.profile.table_names(table))
        dims = [d for d in self.profile.categories(table) if d.column.table == table]
        if dims and rng.random() < 0.35:
            dim = rng.choice(dims)
            node = Aggregate(fn="count_distinct", of=dim.col)
            text = pick(
                rng,
                (
                    "how many {d} are there",
                    "how many different {d} do we have",
                    "how many {d} do the {t} have",
                    "number of {d} we have {t} in",
                    "in how many {d} do we have {t}",
                    "count of distinct {d}",
                    "how many {d}",
                ),
                d=plural(rng.choice(dim.names)),
                t=noun,
            )
        else:
            node = Aggregate(fn="count", of=Rows(table=table))
            text = pick(
                rng,
                (
                    "how many {t} are there",
                    "how many {t} do we have",
                    "how many {t} are there in total",
                    "number of {t}",
                    "how many {t} have we had so far",
                    "how many {t} do we know about",
                    "count all {t}",
                    "total {t}",
                    "how many {t} did we have",
                    "overall number of {t}",
                ),
                t=noun,
            )
        return Plan(Select(outputs=(node,)), text, "single value", question=text.startswith(("how", "in")))

    def two_values(self) -> Plan:
        """Two or three numbers at once."""
        table = self.table()
        chosen = list({m.node: m for m in (self.measure(table) for _ in range(self.rng.choice((2, 2, 3))))}.values())
        found = self.conditions(table, 1)
        text = " and ".join(m.words for m in chosen) if len(chosen) < 3 else ", ".join(m.words for m in chosen)
        return Plan(Select(outputs=tuple(m.node for m in chosen), where=self.where(found)), text + self.said(found), "single value")

    def by_dimension(self) -> Plan:
        """A measure by one or two categories."""
        table = self.table()
        dims = self.profile.categories(table)
        if not dims:
            return self.value()
        rng = self.rng
        keys = [rng.choice(dims)]
        if rng.random() < 0.15 and len(dims) > 1:
            keys.append(rng.choice([d for d in dims if d != keys[0]]))
        found = self.conditions(table, 1, tuple(d.column.id for d in keys))
        m = self.measure(table, found)
        names = [self.by_phrase(d) for d in keys]
        name = " and ".join(n for n, _ in names)
        plurals = " and ".join(p for _, p in names)
        if rng.random() < 0.3:
            text = pick(rng, phrases.FRONT_BY, d=name, m=m.words, p=plurals) + self.said(found)
        else:
            by, said = pick(rng, phrases.BY, d=name, p=plurals), self.said(found)
            text = m.words + (by + said if rng.random() < 0.6 else said + by)
        query = Select(outputs=(*(d.col for d in keys), m.node), where=self.where(found))
        sort = self._sorted(query, len(keys), m.additive)
        return Plan(sort[0], text + sort[1], "by dimension", keys=len(keys), additive=m.additive)

    def _sorted(self, query: Select, measure: Any, additive: bool) -> tuple[Select, str]:
        """Now and then, sort by the measure."""
        if self.rng.random() > 0.12:
            return query, ""
        direction = self.rng.choice(("desc", "desc", "asc"))
        down = (
            ", highest first",
            ", sorted from high to low",
            ", largest to smallest",
            " in descending order",
            " sorted descending",
            ", biggest first",
        )
        up = (", lowest first", " from low to high", " in ascending order", " sorted ascending", ", smallest first")
        sort = Sort(direction=direction, by=Ref(output=measure))
        return query.model_copy(update={"sort": (sort,)}), self.rng.choice(down if direction == "desc" else up)

    def over_time(self) -> Plan:
        """A measure by period, perhaps split by a category."""
        table = self.table()
        dates = self.profile.dates(table)
        if not dates:
            return self.by_dimension()
        rng, date = self.rng, self.rng.choice(dates)
        grain = rng.choices(("month", "quarter", "year", "week", "day"), (6, 2, 3, 1, 1.5))[0]
        outputs: tuple = (TimeBucket(grain=grain, of=date.col),)
        split = ""
        dims = self.profile.categories(table)
        if rng.random() < 0.2 and dims:
            dim = rng.choice(dims)
            outputs += (dim.col,)
            name, many = self.by_phrase(dim)
            split = pick(rng, (" by {d}", " and {d}", " for each {d}", " per {d}", " split by {d}", " and by {d}"), d=name, p=many)
        found = self.conditions(table, 1, tuple(o.column for o in outputs[1:]))
        m = self.measure(table, found)
        named = f" of {rng.choice(date.names)}" if len(dates) > 1 else ""
        said = self.said(found)
        if rng.random() < 0.3 and not named:
            text = phrases.FRONT_EVERY[grain].format(m=m.words) + split + said
        else:
            every = rng.choice(phrases.EVERY[grain]) + named + split
            text = m.words + (every + said if rng.random() < 0.6 else said + every)
        query = Select(outputs=(*outputs, m.node), where=self.where(found))
        return Plan(query, text, "over time", time=True, keys=len(outputs), additive=m.additive)

    def by_part(self) -> Plan:
        """A measure by weekday, by hour of the day or by month of the year."""
        table, rng = self.table(), self.rng
        dates = self.profile.dates(table)
        if not dates:
            return self.by_dimension()
        part, names = rng.choice(_PARTS)
        found = self.conditions(table, 1)
        m = self.measure(table, found)
        text = m.words + self.said(found) + " " + rng.choice(names)
        query = Select(outputs=(DatePart(part=part, of=rng.choice(dates[:1]).col), m.node), where=self.where(found))
        return Plan(query, text, "over time", keys=1, additive=m.additive)

    def best_period(self) -> Plan:
        """The month (year, day) with the most or least of a measure."""
        table, rng = self.table(), self.rng
        dates = self.profile.dates(table)
        if not dates:
            return self.top()
        grain = rng.choice(("month", "month", "year", "quarter", "day", "week"))
        m, best = self.measure(table), rng.random() < 0.8
        sort = Sort(direction="desc" if best else "asc", by=m.node)
        w = rng.choice(("highest", "most", "largest") if best else ("lowest", "fewest", "smallest"))
        text = pick(
            rng,
            (
                "which {g} had the {w} {m}",
                "{g} with the {w} {m}",
                "{b} {g} by {m}",
                "what was the {b} {g} for {m}",
                "in which {g} was {m} {w}",
                "{b} {g} ever by {m}",
            ),
            g=grain,
            w=w,
            m=m.words,
            b="best" if best else "worst",
        )
        query = Select(outputs=(TimeBucket(grain=grain, of=dates[0].col),), sort=(sort,), limit=LimitTo(n=Value(value=1)))
        return Plan(query, text, "top-n", question=True)

    def versus(self) -> Plan:
        """Rows in which one number exceeds another of the same row."""
        table, rng = self.table(), self.rng
        numeric = self.profile.numeric(table)
        if len(numeric) < 2:
            return self.value()
        a, b = rng.sample(numeric, 2)
        op: Any
        op, word = rng.choice(
            (("gt", "larger than"), ("gt", "higher than"), ("lt", "smaller than"), ("lt", "lower than"), ("eq", "equal to"))
        )
        first, second = (rng.choice(self.profile.column_names(c)) for c in (a, b))
        noun = rng.choice(self.profile.table_names(table))
        text = pick(
            rng,
            (
                "how many {t} have a {a} {w} their {b}",
                "number of {t} with {a} {w} {b}",
                "{t} where {a} is {w} {b}, how many",
                "count {t} whose {a} is {w} the {b}",
            ),
            t=noun,
            a=first,
            b=second,
            w=word,
        )
        where = Compare(op=op, left=Col(column=a.id), right=Col(column=b.id))
        return Plan(Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=where), text, "comparison", question=True)

    def top(self) -> Plan:
        """The n groups with the most or least of a measure."""
        table = self.table()
        dims = [d for d in self.profile.categories(table) if len(self.profile.schema.values.get(d.column.id, "abc")) > 2]
        if not dims:
            return self.rows()
        dim, rng = rng_choice(self.rng, dims), self.rng
        found = self.conditions(table, 1, (dim.column.id,))
        m = self.measure(table, found)
        best = rng.random() < 0.75
        name, many = self.by_phrase(dim)
        one = rng.random() < 0.4
        n = 1 if one else rng.choice((3, 5, 5, 10, 10, 2, 4, 7, 20))
        sort = Sort(direction="desc" if best else "asc", by=m.node if one else Ref(output=1))
        outputs = (dim.col,) if one else (dim.col, m.node)
        query = Select(outputs=outputs, where=self.where(found), sort=(sort,), limit=LimitTo(n=Value(value=n)))
        count = isinstance(m.node, Aggregate) and m.node.fn == "count"
        text = self._top_text(m, name, many, n, best, count)
        return Plan(query, text + self.said(found), "top-n", question=one, keys=1, additive=m.additive)

    def _top_text(self, m: Measured, name: str, many: str, n: int, best: bool, count: bool) -> str:
        rng = self.rng
        most = ("highest", "largest", "most", "biggest", "greatest") if best else ("lowest", "smallest", "fewest", "least")
        nouns = self.profile.table_names(m.table)
        if n == 1:
            forms = [
                "which {d} has the {w} {m}",
                "what {d} has the {w} {m}",
                "{d} with the {w} {m}",
                "the {d} with the {w} {m}",
                "who is the {d} with the {w} {m}",
                "which is the {d} with the {w} {m}",
            ]
            if best and not count:
                forms += ["which {d} generates the most {m}", "best {d} by {m}", "top {d} by {m}", "which {d} leads in {m}"]
            words = rng.choice(nouns) if count else m.words
            if count:
                most = ("most", "most", "largest number of", "highest number of") if best else ("fewest", "least", "lowest number of")
            return pick(rng, forms, d=name, w=rng.choice(most), m=words)
        k = small_number(rng, n)
        forms = [
            "top {k} {p} by {m}",
            "top {k} {p} by {m}",
            "{k} best {p} by {m}",
            "{k} {p} with the highest {m}",
            "which {k} {p} have the highest {m}",
            "the {k} {p} with the most {m}",
            "top {k} {p} in terms of {m}",
            "{k} largest {p} by {m}",
            "leading {k} {p} by {m}",
            "rank the top {k} {p} by {m}",
        ]
        if not best:
            forms = [
                "bottom {k} {p} by {m}",
                "{k} worst {p} by {m}",
                "{k} {p} with the lowest {m}",
                "which {k} {p} have the lowest {m}",
                "lowest {k} {p} by {m}",
                "{k} smallest {p} by {m}",
                "the {k} {p} with the least {m}",
            ]
        return pick(rng, forms, k=k, p=many, m=m.words)

    def rows(self) -> Plan:
        """Columns of some rows."""
        table, rng = self.table(), self.rng
        shown = self.profile.shown(table)
        if not shown:
            return self.value()
        label = self.profile.label(table)
        count = rng.choices((1, 2, 3), (5, 3, 1))[0]
        columns = rng.sample(shown, min(count, len(shown)))
        if label and rng.random() < 0.6:
            columns = [label, *[c for c in columns if c != label]][:count]
        found = self.conditions(table, 2, tuple(c.id for c in columns))
        noun = rng.choice(self.profile.table_names(table))
        names = [rng.choice(self.profile.column_names(c)) for c in columns]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        distinct = len(columns) == 1 and columns[0] != label and rng.random() < 0.5
        query = Select(outputs=tuple(Col(column=c.id) for c in columns), where=self.where(found), distinct=distinct)
        if distinct:
            text = pick(
                rng,
                ("different {c} of {t}", "distinct {c} of {t}", "unique {c} among {t}", "all the different {c}", "which {c} are there"),
                c=plural(names[0]),
                t=noun,
            )
        else:
            text = pick(
                rng,
                ("{c} of {t}", "{c} of all {t}", "{c} for {t}", "the {c} of the {t}", "{t} with their {c}", "{t}: {c}", "{c} of every {t}"),
                c=listed,
                t=noun,
            )
            if columns == [label]:
                text = pick(
                    rng, ("which {t}", "{t}", "names of {t}", "all {t}", "names of the {t}", "what are the names of the {t}"), t=noun
                )
        query, order = self._ordered_rows(query, table)
        return Plan(query, text + self.said(found) + order, "filter")

    def _ordered_rows(self, query: Select, table: str) -> tuple[Select, str]:
        """Now and then, sort rows by a number, perhaps with a limit."""
        numeric, rng = self.profile.numeric(table), self.rng
        if not numeric or query.distinct or rng.random() > 0.35:
            return query, ""
        column = rng.choice(numeric)
        name = rng.choice(self.profile.column_names(column))
        down = rng.random() < 0.65
        sort = (Sort(direction="desc" if down else "asc", by=Col(column=column.id)),)
        if rng.random() < 0.6:
            n = rng.choice((1, 3, 5, 10))
            w = rng.choice(("highest", "largest", "biggest", "most") if down else ("lowest", "smallest", "least"))
            k = "" if n == 1 else small_number(rng, n) + " "
            text = pick(
                rng,
                (", only the {k}with the {w} {c}", " with the {k}{w} {c}", ", the {k}{w} by {c}", " having the {k}{w} {c}"),
                k=k,
                w=w,
                c=name,
            )
            return query.model_copy(update={"sort": sort, "limit": LimitTo(n=Value(value=n))}), text
        order = (
            (" from highest to lowest {c}", " sorted by {c} descending", " by {c}, highest first", " ordered by {c} from high to low")
            if down
            else (" sorted by {c}", " ordered by {c}", " in order of {c}", " by ascending {c}", " sorted by {c} ascending")
        )
        return query.model_copy(update={"sort": sort}), pick(rng, order, c=name)

    def ratio(self) -> Plan:
        """The share of rows that fulfil a condition, one total over another, or an average made of totals."""
        table, rng = self.table(), self.rng
        condition = self.rng.choice((self.filters.text, self.filters.text, self.filters.number, self.filters.missing, self.filters.flag))(
            table
        )
        dims = self.profile.categories(table)
        noun = rng.choice(self.profile.table_names(table))
        numeric = self.profile.numeric(table)
        rows = Aggregate(fn="count", of=Rows(table=table))
        additive = False
        if (condition and condition.column.rpartition(".")[0] == table and rng.random() < 0.5) or len(numeric) < 1:
            if not condition or condition.column.rpartition(".")[0] != table:
                return self.by_dimension()
            node = Ratio(numerator=rows.model_copy(update={"where": condition.node}), denominator=rows)
            text = pick(
                rng,
                (
                    "share of {t} {f}",
                    "percentage of {t} {f}",
                    "what fraction of {t} {f}",
                    "percent of {t} {f}",
                    "proportion of {t} {f}",
                    "what share of {t} are {f}",
                    "rate of {t} {f}",
                ),
                t=noun,
                f=condition.words,
            )
            avoid = (condition.column,)
        elif len(numeric) >= 2 and rng.random() < 0.5:
            a, b = rng.sample(numeric, 2)
            node = Ratio(numerator=Aggregate(fn="sum", of=Col(column=a.id)), denominator=Aggregate(fn="sum", of=Col(column=b.id)))
            first, second = (rng.choice(self.profile.column_names(c)) for c in (a, b))
            text = pick(
                rng,
                (
                    "ratio of {a} to {b}",
                    "{a} per {b}",
                    "{a} as a share of {b}",
                    "{a} to {b} ratio",
                    "total {a} divided by total {b}",
                    "ratio of total {a} to total {b}",
                    "{a} over {b}",
                    "{a} relative to {b}",
                ),
                a=first,
                b=second,
            )
            avoid = ()
        else:
            a = rng.choice(numeric)
            node = Ratio(numerator=Aggregate(fn="sum", of=Col(column=a.id)), denominator=rows)
            name = rng.choice(self.profile.column_names(a))
            text = pick(
                rng,
                ("{a} per {t}", "total {a} per {t}", "{a} divided by number of {p}", "{a} for each single {t}"),
                a=name,
                t=phrases.singular(noun),
                p=noun,
            )
            avoid = ()
        keys: tuple[Dimension, ...] = ()
        if dims and rng.random() < 0.55:
            keys = (rng.choice([d for d in dims if d.column.id not in avoid] or dims),)
            name, many = self.by_phrase(keys[0])
            text += pick(rng, phrases.BY, d=name, p=many)
        found = self.conditions(table, 1, (*avoid, *(k.column.id for k in keys)))
        query = Select(outputs=(*(k.col for k in keys), node), where=self.where(found))
        return Plan(query, text + self.said(found), "ratio", keys=len(keys), additive=additive)

    def compared(self) -> Plan:
        """A measure for two or three named values of a dimension."""
        table, rng = self.table(), self.rng
        dims = [d for d in self.profile.categories(table) if len(self.profile.schema.values.get(d.column.id, ())) >= 2]
        if not dims:
            return self.by_dimension()
        m, dim = self.measure(table), rng.choice(dims)
        node, values = self.filters.one_of(dim, rng.choice((2, 2, 3)))
        name, _ = self.by_phrase(dim)
        a, b = ", ".join(values[:-1]), values[-1]
        forms = (
            "compare {m} for {a} and {b}",
            "compare {m} between {a} and {b}",
            "{m} for {a} vs {b}",
            "{m}: {a} versus {b}",
            "{m} in {a} compared to {b}",
            "{a} vs {b} {m}",
            "how does {m} compare for {a} and {b}",
            "{m} by {d} for {a} and {b}",
            "difference in {m} between {a} and {b}",
            "{m} of {a} against {b}",
        )
        found = self.conditions(table, 1, (dim.column.id,))
        where = self.where([Filter(node, dim.column.id, ""), *found])
        text = pick(rng, forms, m=m.words, a=a, b=b, d=name) + self.said(found)
        return Plan(Select(outputs=(dim.col, m.node), where=where), text, "comparison", keys=1, additive=m.additive)


def rng_choice(rng: random.Random, options: list[Dimension]) -> Dimension:
    """One option; names (as of products or customers) twice as often."""
    weights = [2.0 if d.column.words[-1] in ("name", "title") else 1.0 for d in options]
    return rng.choices(options, weights)[0]
