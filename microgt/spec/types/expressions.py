"""Columns, values, what is computed from them, and measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic_core import core_schema

from microgt.spec.types.node import ColumnId, Flag, Grain, Node, OutputIndex, Scalar, TableId

if TYPE_CHECKING:  # unions of classes that hold each other: `unions.py` completes the models
    from microgt.spec.types.unions import AnyCol, Counted, Operand, Predicate


class Col(Node):
    """A column. `via` names the foreign-key columns to walk (a path) where several lead to the column's table."""

    kind: Literal["col"] = "col"
    column: ColumnId
    via: tuple[ColumnId, ...] = Field(default=(), max_length=2)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        return {"column": data} if isinstance(data, str) else data

    @model_serializer(mode="wrap")
    def _to_text(self, handler) -> Any:
        return handler(self) if self.via else self.column

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict:
        return {"anyOf": [{"type": "string", "description": "table.column"}, handler(schema)]}


class Value(Node):
    """A literal. The decoder can only point at a value node of the graph or pick a small constant."""

    kind: Literal["value"] = "value"
    value: Scalar

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, data: Any) -> Any:
        return {"value": data} if isinstance(data, Scalar) else data

    @model_serializer(mode="plain")
    def _to_scalar(self) -> Any:
        return {"value": self.value} if isinstance(self.value, str) else self.value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict:
        value = {"type": ["string", "number", "boolean"]}
        fields = {"value": value, "kind": {"const": "value"}}
        whole = {"type": "object", "properties": fields, "required": ["value"], "additionalProperties": False}
        return {"anyOf": [value, whole], "title": "Value"}


class Arithmetic(Node):
    """`left op right` on expressions or on measures. Division is by NULLIF(right, 0)."""

    kind: Literal["arithmetic"] = "arithmetic"
    op: Literal["add", "sub", "mul", "div"]
    left: Operand
    right: Operand


class DatePart(Node):
    """A part of a date as a number (month 1-12, weekday 1-7 from Monday, hour 0-23), or its English name, sorted by the calendar."""

    kind: Literal["date_part"] = "date_part"
    part: Literal["year", "quarter", "month", "day", "weekday", "hour", "month_name", "weekday_name"]
    of: AnyCol


class DateDiff(Node):
    """Whole units from `start` to `end`."""

    kind: Literal["date_diff"] = "date_diff"
    unit: Grain
    start: Operand
    end: Operand


class TimeBucket(Node):
    """A date truncated to its period: one group for each month.

    complete: without the last period when the data, or `as_of`, ends before it does. What has no date is kept.
    """

    kind: Literal["time_bucket"] = "time_bucket"
    grain: Grain
    of: AnyCol
    complete: Flag = False


class Bin(Node):
    """A number as the lower edge of its bin of width n, or as 1 to n for the n bins with equally many rows of the whole
    column: of all rows of its table, or of the query that it comes from."""

    kind: Literal["bin"] = "bin"
    by: Literal["width", "quantiles"]
    of: AnyCol
    n: Value


class Inner(Node):
    """The n-th output of the query that this one reads from (`Select.source`)."""

    kind: Literal["inner"] = "inner"
    output: OutputIndex


class Ref(Node):
    """The n-th output of this query."""

    kind: Literal["ref"] = "ref"
    output: OutputIndex


# ------------------------------------------------------------------ measures


class Rows(Node):
    """The rows of a table, for counting."""

    kind: Literal["rows"] = "rows"
    table: TableId


class Aggregate(Node):
    """`fn` over an expression or over rows. `at`: the table whose rows are aggregated when a join makes them finer than `of`'s own
    table (imported SQL says so where its author let a join multiply). `where`: only these rows count for this measure."""

    kind: Literal["aggregate"] = "aggregate"
    fn: Literal["count", "count_distinct", "sum", "avg", "min", "max", "median"]
    of: Counted
    at: TableId | None = None
    where: Predicate | None = None


class Percentile(Aggregate):
    """The value below which `p` percent of the values lie, interpolated. p is above 0 and below 100."""

    kind: Literal["percentile"] = "percentile"
    fn: Literal["percentile"] = "percentile"
    p: Value


class Ratio(Node):
    """Total over total: numerator / NULLIF(denominator, 0), as a fraction."""

    kind: Literal["ratio"] = "ratio"
    numerator: Operand
    denominator: Operand
