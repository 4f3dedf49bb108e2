"""Columns, values, arithmetic and aggregates of SQL as nodes of a spec."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import ColumnType
from microgt.spec.importer.casts import IN_ARITHMETIC, OF_DAYS, OF_MOMENTS, literal_cast, target, without_cast
from microgt.spec.importer.places import quoted
from microgt.spec.importer.tables import Tables
from microgt.spec.types import Aggregate, Arithmetic, Col, DateDiff, DatePart, Inner, Ratio, Rows, TimeBucket, Value
from microgt.spec.walk import has_measure, within

_OPERATORS: dict[Any, Any] = {exp.Add: "add", exp.Sub: "sub", exp.Mul: "mul", exp.Div: "div"}
_AGGREGATES: dict[Any, Any] = {exp.Count: "count", exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min", exp.Max: "max", exp.Median: "median"}
_PARTS: dict[str, Any] = {
    **{part: part for part in ("year", "quarter", "month", "day", "hour")},
    "isodow": "weekday",
    "dayofweekiso": "weekday",
    "%Y": "year",
    "%m": "month",
    "%d": "day",
    "%H": "hour",
}
_PART_FUNCTIONS: dict[Any, Any] = {exp.Year: "year", exp.Quarter: "quarter", exp.Month: "month", exp.Day: "day"}
_GRAINS: tuple[Any, ...] = ("hour", "day", "week", "month", "quarter", "year")
# Of ANY_VALUE and FIRST the group has one value, or it does not matter which.
_TRANSPARENT = (exp.Paren, exp.IgnoreNulls, exp.AnyValue, exp.First)
_NUMERIC = ("sum", "avg", "median")
_NEVER_MULTIPLIED = ("min", "max", "count_distinct")

_COMPUTED = (
    "what is computed: + - * /, COUNT, SUM, AVG, MIN, MAX, MEDIAN and FILTER on them, "
    "year to hour of a date, DATE_TRUNC, DATEDIFF in days, a SELECT of one value"
)
_WINDOWS = "write it into the spec: rank, share, running_total, moving, prior, delta, percent_change"

Nested = Callable[[exp.Query], Any]
Condition = Callable[[exp.Expr, "Expressions"], Any]


class Expressions:
    """Reads the expressions of one block. nested: reads a query inside it; condition: reads the condition of FILTER."""

    def __init__(self, tables: Tables, nested: Nested, condition: Condition):
        self.tables, self.nested, self.condition = tables, nested, condition

    def read(self, node: exp.Expr) -> Any:
        """The spec node of an expression. Raises `ImportSqlError` function for what has none."""
        if isinstance(node, exp.Subquery) and not isinstance(node.this, exp.Subquery):
            return self.nested(node.this)
        if isinstance(node, exp.Query):
            return self.nested(node)
        if isinstance(node, _TRANSPARENT):
            return self.read(node.this)
        if isinstance(node, exp.Column):
            return self.tables.column(node)
        if isinstance(node, exp.Cast) and not _is_constant(node):
            return self._cast(node)
        if isinstance(node, exp.Literal | exp.Boolean | exp.Neg | exp.Cast):
            return Value(value=literal(node))
        if isinstance(node, exp.Binary) and type(node) in _OPERATORS:
            return self._arithmetic(node)
        if type(node) in _AGGREGATES:
            return self._aggregate(node)
        if isinstance(node, exp.Filter) and type(node.this) in _AGGREGATES:
            return self._aggregate(node.this, where=node.expression.this)
        if (date := self._date(node)) is not None:
            return date
        if isinstance(node, exp.Window):
            raise ImportSqlError("function", f"a window is not imported: {quoted(node)}; {_WINDOWS}", node=node)
        raise ImportSqlError("function", f"no spec computes {quoted(node)}; {_COMPUTED}", node=node)

    def read_below(self, node: exp.Expr, casts: Collection[tuple[ColumnType, str]]) -> Any:
        """As `read`, without an outermost cast that is one of `casts`: where the node stands the compiler writes it itself."""
        cast = node.unnest()
        return self._cast(cast, casts) if isinstance(cast, exp.Cast) and not _is_constant(cast) else self.read(node)

    def _cast(self, node: exp.Cast, written: Collection[tuple[ColumnType, str]] = ()) -> Any:
        read = self.read(node.this)
        kind = self.tables.kind(read)
        return read if (kind, target(node)) in written else without_cast(node, read, kind)

    def _arithmetic(self, node: exp.Binary) -> Arithmetic | Ratio:
        """Division is by NULLIF(right, 0) anyway; one measure by another is a ratio."""
        right = node.right.unnest()
        divides = isinstance(node, exp.Div)
        if divides and isinstance(right, exp.Nullif) and right.expression == exp.Literal.number(0):
            right = right.this
        if node.args.get("typed") and not (_is_fraction(node.left) or _is_fraction(right)):
            message = f"a division that drops the remainder has no spec: {quoted(node)}; one of fractions has (divide by 2.0)"
            raise ImportSqlError("function", message, node=node)
        left, right = (self.read_below(side, IN_ARITHMETIC) for side in (node.left, right))
        if divides and has_measure(left) and has_measure(right):
            return Ratio(numerator=left, denominator=right)
        return Arithmetic(op=_OPERATORS[type(node)], left=left, right=right)

    # -------------------------------------------------------------- aggregates

    def _aggregate(self, node: exp.Expr, where: exp.Expr | None = None) -> Aggregate:
        fn, of = _AGGREGATES[type(node)], node.this
        if isinstance(of, exp.Distinct):
            if len(of.expressions) != 1 or fn not in ("count", "min", "max"):
                message = f"{node.key.upper()} of different values has no spec here; COUNT, MIN and MAX of one operand have"
                raise ImportSqlError("distinct_aggregate", message, node=node)
            fn, of = ("count_distinct" if fn == "count" else fn), of.expressions[0]
        only = self.condition(where, self) if where is not None else None
        if fn == "count" and isinstance(of, exp.Star | exp.Literal):
            return self._count_rows().model_copy(update={"where": only})
        read = self.read_below(of, IN_ARITHMETIC) if fn in _NUMERIC else self.read(of)
        if fn == "count" and self._counts_rows(read):
            return Aggregate(fn="count", of=Rows(table=self.tables.owner(read).table), where=only)
        return Aggregate(fn=fn, of=read, at=self._at(fn, read), where=only)

    def _counts_rows(self, of: Any) -> bool:
        """Whether counting this column counts the rows of its table: a primary key that no join multiplies."""
        if not isinstance(of, Col):
            return False
        owner = self.tables.owner(of)
        return self.tables.schema.table(owner.table).primary_key == (of.column,) and owner == self.tables.tree.finest and not owner.via

    def _count_rows(self) -> Aggregate:
        """COUNT(*): the rows of the join are those of its finest table. An outer join's lone parents count too."""
        if self.tables.derived:
            return Aggregate(fn="count", of=Value(value=1))
        tree, grain = self.tables.tree, self.tables.grain
        if self.tables.keeps.get("empty_groups") == "keep":
            return Aggregate(fn="count", of=Rows(table=tree.coarsest.table), at=grain.table)
        return Aggregate(fn="count", of=Rows(table=grain.table), at=None if grain == tree.finest else grain.table)

    def _at(self, fn: str, read: Any) -> str | None:
        """The table to name in `at`: the finest, where the join multiplies the rows of what is aggregated, and where that changes the
        aggregate or the facts that meet would be taken apart."""
        owners = list(dict.fromkeys(self.tables.owner(n) for n in within(read) if isinstance(n, Col)))
        if not owners or not all(self.tables.tree.finer(owner) for owner in owners):
            return None
        return self.tables.grain.table if fn not in _NEVER_MULTIPLIED or self.tables.tree.finest is None else None

    # -------------------------------------------------------------- dates

    def _date(self, node: exp.Expr) -> Any:
        if isinstance(node, exp.Extract) and (part := _PARTS.get(node.name.lower())):
            return self._part(part, node.expression)
        if type(node) in _PART_FUNCTIONS:
            return self._part(_PART_FUNCTIONS[type(node)], node.this)
        if isinstance(node, exp.TimeToStr) and (part := _PARTS.get(node.args["format"].name)):
            return self._part(part, node.this)
        if isinstance(node, exp.Anonymous) and node.name.lower() in ("date_part", "datepart") and len(node.expressions) == 2:
            part = _PARTS.get(node.expressions[0].name.lower())
            return self._part(part, node.expressions[1]) if part else None
        if isinstance(node, exp.DateTrunc | exp.TimestampTrunc) and (grain := str(node.args["unit"].name).lower()) in _GRAINS:
            return TimeBucket(grain=_GRAINS[_GRAINS.index(grain)], of=self._date_column(node.this, grain))
        if isinstance(node, exp.DateDiff):
            return self._days_between(node)
        return None

    def _part(self, part: Any, node: exp.Expr) -> DatePart:
        return DatePart(part=part, of=self._date_column(node, part))

    def _days_between(self, node: exp.DateDiff) -> DateDiff:
        """DATEDIFF counts the borders between units, `DateDiff` whole units: the same for days only."""
        if node.unit and node.unit.name.lower() != "day":
            message = f"a difference in other units than days counts borders and has no spec: {quoted(node)}; one in days has"
            raise ImportSqlError("function", message, node=node)
        start, end = (self.read_below(side, OF_DAYS) for side in (node.expression, node.this))
        return DateDiff(unit="day", start=start, end=end)

    def _date_column(self, node: exp.Expr, unit: str) -> Col | Inner:
        """The column that is cut into units; of a date made from it only the hours are gone."""
        read = self.read_below(node, OF_MOMENTS if unit == "hour" else OF_DAYS)
        if not isinstance(read, Col | Inner):
            raise ImportSqlError("function", f"a date that is no column has no parts in a spec: {quoted(node)}", node=node)
        return read


def _is_constant(node: exp.Expr) -> bool:
    return node.find(exp.Column, exp.AggFunc, exp.Query) is None


def literal(node: Any) -> bool | int | float | str:
    """A constant of SQL as a Python value. Raises `ImportSqlError` function."""
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        return -literal(node.this)  # type: ignore[operator]
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Paren):
        return literal(node.this)
    if isinstance(node, exp.Cast):
        return literal_cast(node, literal(node.this))
    if not isinstance(node, exp.Literal):
        raise ImportSqlError("function", f"a constant is wanted, not {quoted(node)}", node=node)
    text = str(node.this)
    if node.is_string:
        return text
    number = float(text) if any(c in text for c in ".eE") else int(text)
    if number == float("inf"):
        raise ImportSqlError("shape", f"the number {text} is too large", node=node)
    return number


def _is_fraction(node: exp.Expr) -> bool:
    """Whether a number is no integer for certain, so that division by it, or of it, drops nothing."""
    node = node.unnest()
    if isinstance(node, exp.Literal):
        return not node.is_string and not node.is_int
    if isinstance(node, exp.Cast):
        return target(node) == "fraction"
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div):
        return _is_fraction(node.left) or _is_fraction(node.right)
    return isinstance(node, exp.Avg)
