"""Columns, values, arithmetic and aggregates of SQL as nodes of a spec."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.spec.importer.tables import Tables
from microgt.spec.types import Aggregate, Arithmetic, Col, DateDiff, DatePart, Inner, Rows, TimeBucket, Value

_OPERATORS: dict[Any, Any] = {exp.Add: "add", exp.Sub: "sub", exp.Mul: "mul", exp.Div: "div"}
_AGGREGATES: dict[Any, Any] = {exp.Count: "count", exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min", exp.Max: "max", exp.Median: "median"}
_PARTS: dict[Any, Any] = {
    "YEAR": "year",
    "QUARTER": "quarter",
    "MONTH": "month",
    "DAY": "day",
    "ISODOW": "weekday",
    "DAYOFWEEKISO": "weekday",
    "HOUR": "hour",
}
_PART_FUNCTIONS: dict[Any, Any] = {exp.Year: "year", exp.Quarter: "quarter", exp.Month: "month", exp.Day: "day"}
_GRAINS: tuple[Any, ...] = ("hour", "day", "week", "month", "quarter", "year")
# Wrappers that change how a value is written, not which it is; the compiler casts where types ask for it.
_TRANSPARENT = (exp.Paren, exp.IgnoreNulls, exp.Cast, exp.TryCast, exp.AnyValue, exp.First, exp.Lower, exp.Upper, exp.Alias)
_NEVER_MULTIPLIED = ("min", "max", "count_distinct")

Nested = Callable[[exp.Query], Any]


class Expressions:
    """Reads the expressions of one block. nested: reads a query inside it."""

    def __init__(self, tables: Tables, nested: Nested):
        self.tables, self.nested = tables, nested

    def read(self, node: exp.Expr) -> Any:
        """The spec node of an expression. Raises `ImportSqlError` function for what has none."""
        if isinstance(node, exp.Subquery) and not isinstance(node.this, exp.Subquery):
            return self.nested(node.this)
        if isinstance(node, exp.Query):
            return self.nested(node)
        if isinstance(node, _TRANSPARENT):
            return self.read(node.this)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal | exp.Boolean | exp.Neg):
            return Value(value=literal(node))
        if isinstance(node, exp.Binary) and type(node) in _OPERATORS:
            return Arithmetic(op=_OPERATORS[type(node)], left=self.read(node.left), right=self.read(node.right))
        if type(node) in _AGGREGATES:
            return self._aggregate(node)
        if (date := self._date(node)) is not None:
            return date
        raise ImportSqlError("function", f"{type(node).__name__} has no spec: {node.sql()[:60]}")

    def _column(self, node: exp.Column) -> Col | Inner:
        if self.tables.derived:
            names = next(iter(self.tables.derived.values()))
            if node.name.lower() not in names:
                raise ImportSqlError("unknown_column", f"the query read from has no output {node.name!r}")
            place: Any = names.index(node.name.lower())
            return Inner(output=place)
        instance, column = self.tables.column(node)
        return Col(column=column, via=instance.via)

    def _aggregate(self, node: exp.Expr) -> Aggregate:
        fn, of = _AGGREGATES[type(node)], node.this
        if isinstance(of, exp.Distinct):
            if len(of.expressions) != 1 or fn not in ("count", "min", "max"):
                raise ImportSqlError("distinct_aggregate", f"{node.sql()} has no spec")
            fn, of = ("count_distinct" if fn == "count" else fn), of.expressions[0]
        if fn == "count" and (isinstance(of, exp.Star | exp.Literal) or self._counts_rows(of)):
            return self._count_rows()
        read = self.read(of)
        return Aggregate(fn=fn, of=read, at=self._grain(read) if fn not in _NEVER_MULTIPLIED else None)

    def _counts_rows(self, of: exp.Expr) -> bool:
        """Whether counting this column counts the rows of the finest table: its primary key."""
        if not isinstance(of, exp.Column) or self.tables.derived or self.tables.outer:
            return False
        instance, column = self.tables.column(of)
        return (
            self.tables.schema.table(instance.table).primary_key == (column,) and instance == self.tables.tree.finest and not instance.via
        )

    def _count_rows(self) -> Aggregate:
        if self.tables.derived:
            return Aggregate(fn="count", of=Value(value=1))
        if self.tables.keeps_parents:
            raise ImportSqlError("outer_count", "COUNT(*) over parents without children counts 1 for them; count a column of the child")
        finest = self.tables.tree.finest
        if finest is not None and not finest.via:
            return Aggregate(fn="count", of=Rows(table=finest.table))
        plain = next(i for i in self.tables.tree.instances if not i.via)
        return Aggregate(fn="count", of=Rows(table=plain.table), at=plain.table)

    def _grain(self, read: Any) -> str | None:
        """The table to name in `at`: the finest, where the join multiplies the rows of what is aggregated."""
        columns = _columns(read)
        if not columns:
            return None
        tree = self.tables.tree
        instances = [i for i in tree.instances if i == (self.tables.schema.column(columns[0].column).table, columns[0].via)]
        if not instances or not tree.finer(instances[0]):
            return None
        finest = tree.finest or next(i for i in tree.instances if not i.via)
        return finest.table

    def _date(self, node: exp.Expr) -> Any:
        if isinstance(node, exp.Extract) and (part := _PARTS.get(node.name.upper())):
            return DatePart(part=part, of=self._date_column(node.expression))
        if type(node) in _PART_FUNCTIONS:
            return DatePart(part=_PART_FUNCTIONS[type(node)], of=self._date_column(node.this))
        if isinstance(node, exp.DateTrunc | exp.TimestampTrunc) and (grain := str(node.args["unit"].name).lower()) in _GRAINS:
            return TimeBucket(grain=_GRAINS[_GRAINS.index(grain)], of=self._date_column(node.this))
        if isinstance(node, exp.DateDiff) and (unit := (node.unit.name if node.unit else "day").lower()) in _GRAINS:
            return DateDiff(unit=_GRAINS[_GRAINS.index(unit)], start=self.read(node.expression), end=self.read(node.this))
        return None

    def _date_column(self, node: exp.Expr) -> Col:
        read = self.read(node)
        if not isinstance(read, Col):
            raise ImportSqlError("function", f"a part of something else than a column: {node.sql()[:60]}")
        return read


def _columns(node: Any) -> list[Col]:
    if isinstance(node, Col):
        return [node]
    return [c for child in (node.left, node.right) for c in _columns(child)] if isinstance(node, Arithmetic) else []


def literal(node: Any) -> bool | int | float | str:
    """A constant of SQL as a Python value."""
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        return -literal(node.this)  # type: ignore[operator]
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Paren | exp.Cast | exp.TryCast):
        return literal(node.this)
    if isinstance(node, exp.Lower | exp.Upper):
        return literal(node.this)
    if not isinstance(node, exp.Literal):
        raise ImportSqlError("function", f"not a constant: {node.sql()[:60]}")
    text = str(node.this)
    if node.is_string:
        return text
    return float(text) if any(c in text for c in ".eE") else int(text)
