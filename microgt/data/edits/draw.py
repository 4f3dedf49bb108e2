"""Changes that fit an answer, drawn at random, and the words for them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from microgt.data.edits.wordings import Half, said
from microgt.data.generator.phrases import small_number
from microgt.data.generator.profile import plural
from microgt.refine import filters, groups, order, views
from microgt.refine.change import Change
from microgt.refine.periods import Span
from microgt.refine.selects import tables_of
from microgt.schema.types import Column, ColumnType, Schema
from microgt.spec.types import At, Col, Last, Previous, Rows, Select, TableView, This, TimeBucket, ToDate, Value
from microgt.spec.walk import block

_MARKS = ("bar", "barh", "line", "area", "donut", "pie", "scatter")
_SAID_OF = {"barh": "horizontal bar"}
_EVERY = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}
_GRAINS = ("month", "month", "year", "quarter", "week", "day")
_FUNCTIONS = {
    "sum": ("total", "sum"), "avg": ("average", "mean"), "min": ("minimum", "lowest"), "max": ("maximum", "highest"), "median": ("median",)
}  # fmt: skip
_LONGEST_VALUE = 30


@dataclass(frozen=True)
class Drawn:
    """A change in words."""

    words: str
    change: Change


@dataclass(frozen=True)
class Draw:
    """Draws changes of one query. A method gives `None` where the query does not bear its change."""

    select: Select
    schema: Schema
    half: Half
    rng: random.Random

    def one(self) -> Drawn | None:
        """Of some kind."""
        kinds, weights = zip(*_KINDS, strict=True)
        return self.rng.choices(kinds, weights)[0](self)

    def _say(self, kind: str, change: Change, **slots: str) -> Drawn:
        return Drawn(said(kind, self.half, self.rng, **slots), change)

    # -------------------------------------------------------------- how it is shown

    def chart(self) -> Drawn:
        """Another mark."""
        mark = self.rng.choice(_MARKS)
        return self._say("chart", views.As(mark), mark=_SAID_OF.get(mark, mark))

    def table(self) -> Drawn:
        """No chart."""
        return self._say("table", views.Plain(TableView()))

    def forecast(self) -> Drawn:
        """What is to come."""
        buckets = [node.grain for node in self.select.outputs if isinstance(node, TimeBucket)]
        unit = buckets[0] if buckets and self.rng.random() < 0.7 else self.rng.choice(_GRAINS)
        n = self.rng.choice((1, 2, 3, 3, 4, 6, 6, 12))
        units = unit if n == 1 else f"{unit}s"
        return self._say("forecast", views.Forecasting(n, unit), n=small_number(self.rng, n), units=units)

    # -------------------------------------------------------------- order

    def top(self) -> Drawn:
        """The first by a number."""
        kind, direction = self.rng.choice((("top", "desc"), ("top", "desc"), ("bottom", "asc")))
        n = self.rng.choice((1, 2, 3, 3, 5, 5, 8, 10, 10, 20))
        return self._say(kind, order.Top(n, direction), n=small_number(self.rng, n))

    def all_rows(self) -> Drawn:
        """No limit."""
        return self._say("all_rows", order.AllRows())

    def sort(self) -> Drawn:
        """By a number."""
        kind, direction = self.rng.choice((("largest_first", "desc"), ("smallest_first", "asc")))
        return self._say(kind, order.SortedBy("number", direction))

    # -------------------------------------------------------------- dimensions and measures

    def grain(self) -> Drawn:
        """By a unit of time."""
        unit = self.rng.choice(_GRAINS)
        return self._say("grain", groups.By(groups.Grain(unit)), unit=unit, every=_EVERY[unit])

    def by(self) -> Drawn | None:
        """By a column."""
        column = self._column(ColumnType.TEXT)
        if column is None:
            return None
        also = self.rng.random() < 0.35
        return self._say("also_by" if also else "by", groups.By(groups.Columns((column.id,)), also), name=self._name(column))

    def ungrouped(self) -> Drawn | None:
        """One dimension less."""
        shown = [o.column for o in self.select.outputs if isinstance(o, Col)]
        if not shown or len(self.select.outputs) < 2:
            return None
        column = self.schema.column(self.rng.choice(shown))
        return self._say("ungrouped", groups.Ungrouped((column.id,)), **self._names(column))

    def instead(self) -> Drawn:
        """Another function."""
        fn, word = self._function()
        return self._say("instead", groups.Instead(fn), fn=word)

    def measure(self) -> Drawn | None:
        """Another column, in place of the measure or beside it."""
        column = self._column(ColumnType.NUMBER)
        if column is None or column.primary:
            return None
        (fn, word), also = self._function(), self.rng.random() < 0.4
        change = groups.Measure(fn, (Col(column=column.id),), also)
        return self._say("also_measure" if also else "measure", change, fn=word, name=self._name(column))

    def count(self) -> Drawn:
        """Rows of a table."""
        table = self.schema.table(self.rng.choice(sorted(self._tables)))
        return self._say("count", groups.Measure("count", (Rows(table=table.name),)), names=plural(" ".join(table.words)))

    def share(self) -> Drawn:
        """Of the total."""
        return self._say("share", groups.AsShare())

    # -------------------------------------------------------------- filters

    def value(self) -> Drawn | None:
        """Only one value of a column, or all but one."""
        column = self._column(ColumnType.TEXT)
        values = [v for v in self.schema.values.get(column.id, ()) if v.strip() and len(v) <= _LONGEST_VALUE] if column else []
        if not column or not values:
            return None
        value = self.rng.choice(values[:200])
        held = filters.OfColumn(((column.id, (value,)),))
        spelled = value.lower() if self.rng.random() < 0.2 else value
        if self.rng.random() < 0.7:
            return self._say("only", filters.Only(held), value=spelled)
        return self._say("without", filters.Without(held), value=spelled)

    def year(self) -> Drawn:
        """A year."""
        year = str(self.rng.randint(2005, 2025))
        return self._say("during", filters.During(Span(At(value=Value(value=year)))), period=year)

    def relative(self) -> Drawn:
        """A period that moves."""
        unit = self.rng.choice(("year", "year", "month", "quarter", "week"))
        n = self.rng.choice((2, 3, 3, 6, 12))
        words, period = self.rng.choice(
            (
                (f"last {unit}", Previous(unit=unit)),
                (f"this {unit}", This(unit=unit)),
                (f"{unit} to date", ToDate(unit=unit)),
                (f"the last {small_number(self.rng, n)} {unit}s", Last(unit=unit, n=Value(value=n))),
            )
        )
        return self._say("relative", filters.During(Span(period)), period=words)

    def than(self) -> Drawn:
        """On one side of a number."""
        n = self.rng.choice((5, 10, 20, 50, 100, 200, 500, 1000, 2500, 10000))
        kind, op = self.rng.choice((("above", "gt"), ("below", "lt")))
        return self._say(kind, filters.Than(op, n), n=f"{n:,}" if self.rng.random() < 0.3 else str(n))

    def no_filter(self) -> Drawn | None:
        """No condition."""
        asked = [n.column for n in block(self.select) if isinstance(n, Col) and self.select.where is not None]
        if not asked:
            return None
        return self._say("no_filter", filters.NoFilter(), **self._names(self.schema.column(asked[-1])))

    # -------------------------------------------------------------- names

    @property
    def _tables(self) -> set[str]:
        return tables_of(block(self.select)) or {self.schema.tables[0].name}

    def _column(self, kind: ColumnType) -> Column | None:
        """Of the query's tables, or of tables beside them."""
        near = self._tables
        if self.rng.random() < 0.4:
            keys = [{end.rpartition(".")[0] for end in (k.column, k.target)} for k in self.schema.keys]
            near = near.union(*(key for key in keys if key & near))
        ends = {end for k in self.schema.keys for end in (k.column, k.target)}
        found = [c for c in self.schema.columns if c.table in near and c.type is kind and c.id not in ends]
        return self.rng.choice(found) if found else None

    def _name(self, column: Column) -> str:
        """Its words, after those of its table when others have the same name."""
        words, alike = " ".join(column.words), [c for c in self.schema.columns if c.words == column.words]
        return f"{' '.join(self.schema.table(column.table).words)} {words}" if len(alike) > 1 else words

    def _names(self, column: Column) -> dict[str, str]:
        return {"name": self._name(column), "names": plural(self._name(column))}

    def _function(self) -> tuple[str, str]:
        fn = self.rng.choice(("avg", "avg", "sum", "sum", "max", "min", "median"))
        return fn, self.rng.choice(_FUNCTIONS[fn])


_KINDS: tuple[tuple[Callable[[Draw], Drawn | None], float], ...] = (
    (Draw.chart, 3), (Draw.table, 1), (Draw.forecast, 1.5), (Draw.top, 3), (Draw.all_rows, 1), (Draw.sort, 2), (Draw.grain, 3),
    (Draw.by, 4), (Draw.ungrouped, 1.5), (Draw.instead, 2), (Draw.measure, 2), (Draw.count, 1), (Draw.share, 1), (Draw.value, 5),
    (Draw.year, 2), (Draw.relative, 2), (Draw.than, 2), (Draw.no_filter, 2),
)  # fmt: skip
