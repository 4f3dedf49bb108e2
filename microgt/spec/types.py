"""The spec: a tree of frozen pydantic models. These types ARE the grammar: `grammar.py` derives the decoder's rules from them.

    Spec       = Answer(query, view) | Unanswerable(reason)
    Query      = Select | SetOperation(op, left, right)
    Output     = Expr | TimeBucket | Measure
    Expr       = Col | Value | Arithmetic | DatePart | DateDiff | Inner
    Measure    = Aggregate | Ratio | Arithmetic of measures
    Predicate  = And | Or | Not | Compare | Between | In | InQuery | Like | IsNull | InPeriod
    Operand    = Expr | TimeBucket | Measure | Ref | Query (one value)
    Period     = Previous | This | Last | ToDate | At | Absolute
    View       = TableView | NumberView | Chart

No measure in outputs, sort or having means plain rows (joins keep their multiplicity); a measure means grouping by the fields
and `by`. Joins are never written: they are the smallest tree of keys that connects the columns used.

In JSON a column is a plain string (`"orders.amount"`), a number is a number, text is `{"value": "EU"}`; everything else is an
object with its `kind`.

How a type becomes actions (see `grammar.py`) is said by `layout`:
  variants  one rule for each combination of enum member, list length and optional field present
  clauses   one rule for each combination of enum member and `opening` field; other optional fields and further list items follow as
            tagged clauses in field order, closed by `end`
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    TypeAdapter,
    model_serializer,
    model_validator,
)
from pydantic_core import core_schema


class Pointer(Enum):
    """What a leaf points at in the graph."""

    TABLE = "table"
    COLUMN = "column"
    VALUE = "value"


TableId = Annotated[str, Pointer.TABLE]
ColumnId = Annotated[str, Pointer.COLUMN]
Scalar = bool | int | float | str
Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
OutputIndex = Literal[0, 1, 2, 3, 4, 5, 6, 7]


class Node(BaseModel):
    """Base of all spec types."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    layout: ClassVar[Literal["variants", "clauses"]] = "variants"
    opening: ClassVar[tuple[str, ...]] = ()  # optional fields of a `clauses` type that are decided first
    sees_outputs: ClassVar[tuple[str, ...]] = ()  # fields in which `Ref` may name this query's outputs

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler) -> Any:
        fields = type(self).model_fields
        return {k: v for k, v in handler(self).items() if k == "kind" or getattr(self, k) != fields[k].default}


# ------------------------------------------------------------------ expressions


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
        text = {"type": "object", "properties": {"value": value, "kind": {"const": "value"}}, "required": ["value"]}
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, text], "title": "Value"}


class Arithmetic(Node):
    """`left op right` on expressions or on measures. Division is by NULLIF(right, 0)."""

    kind: Literal["arithmetic"] = "arithmetic"
    op: Literal["add", "sub", "mul", "div"]
    left: Operand
    right: Operand


class DatePart(Node):
    """A part of a date as a number (month 1-12, weekday 1-7 from Monday, hour 0-23)."""

    kind: Literal["date_part"] = "date_part"
    part: Literal["year", "quarter", "month", "day", "weekday", "hour"]
    of: Col


class DateDiff(Node):
    """Whole units from `start` to `end`."""

    kind: Literal["date_diff"] = "date_diff"
    unit: Grain
    start: Operand
    end: Operand


class TimeBucket(Node):
    """A date truncated to its period: one group for each month."""

    kind: Literal["time_bucket"] = "time_bucket"
    grain: Grain
    of: Col


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


class Ratio(Node):
    """Total over total: numerator / NULLIF(denominator, 0), as a fraction."""

    kind: Literal["ratio"] = "ratio"
    numerator: Operand
    denominator: Operand


# ------------------------------------------------------------------ periods


class Previous(Node):
    """The last whole unit before the one that holds the anchor: last year."""

    kind: Literal["previous"] = "previous"
    unit: Grain


class This(Node):
    """The unit that holds the anchor: this year."""

    kind: Literal["this"] = "this"
    unit: Grain


class Last(Node):
    """The n units that end with the anchor's own unit: the last 3 months."""

    kind: Literal["last"] = "last"
    unit: Grain
    n: Value


class ToDate(Node):
    """From the start of the anchor's unit to the anchor: year to date."""

    kind: Literal["to_date"] = "to_date"
    unit: Grain


class At(Node):
    """A named period: "2023", "2023-03", "March 2023", "March", "Q2 2023", "2023-03-01"."""

    kind: Literal["at"] = "at"
    value: Value


class Absolute(Node):
    """From `start` to `end`, both named periods, both included."""

    kind: Literal["absolute"] = "absolute"
    start: Value
    end: Value


# ------------------------------------------------------------------ predicates


class And(Node):
    """All hold."""

    kind: Literal["and"] = "and"
    args: tuple[Predicate, ...] = Field(min_length=2, max_length=5)


class Or(Node):
    """At least one holds."""

    kind: Literal["or"] = "or"
    args: tuple[Predicate, ...] = Field(min_length=2, max_length=5)


class Not(Node):
    """Does not hold. Over `InQuery` it is an anti-join: a NULL in the query never empties it."""

    kind: Literal["not"] = "not"
    arg: Predicate


class Compare(Node):
    """`left op right`. `ne` keeps NULLs (IS DISTINCT FROM)."""

    kind: Literal["compare"] = "compare"
    op: Literal["eq", "ne", "gt", "ge", "lt", "le"]
    left: Operand
    right: Operand


class Between(Node):
    """low <= of <= high."""

    kind: Literal["between"] = "between"
    of: Operand
    low: Operand
    high: Operand


class In(Node):
    """One of the values."""

    kind: Literal["in"] = "in"
    of: Operand
    values: tuple[Value, ...] = Field(min_length=1, max_length=6)


class InQuery(Node):
    """One of the values that a query returns."""

    kind: Literal["in_query"] = "in_query"
    of: Operand
    query: Query


class Like(Node):
    """Text match without regard to case. `pattern` takes SQL's % and _."""

    kind: Literal["like"] = "like"
    how: Literal["contains", "starts", "ends", "pattern"]
    of: Operand
    text: Value


class IsNull(Node):
    """Has no value."""

    kind: Literal["is_null"] = "is_null"
    of: Operand


class InPeriod(Node):
    """The date lies in the period."""

    kind: Literal["in_period"] = "in_period"
    of: Col
    period: Period


# ------------------------------------------------------------------ queries


class Sort(Node):
    """One sort key."""

    kind: Literal["sort"] = "sort"
    direction: Literal["asc", "desc"]
    by: Operand


class Limit(Node):
    """The first n rows. `ties`: break them by the dimensions, or include all rows tied with the last."""

    kind: Literal["limit"] = "limit"
    n: Value
    ties: Literal["break", "include"] = "break"


class Link(Node):
    """Join by equality of two columns that no key connects."""

    kind: Literal["link"] = "link"
    left: ColumnId
    right: ColumnId


class Through(Node):
    """A table that the join must pass through though no column of it is used."""

    kind: Literal["through"] = "through"
    table: TableId


class Select(Node):
    """One query block. `by`: keys that group but are not shown. `source`: read from this query instead of tables.

    orphans: keep rows whose parent is missing (left join) or drop them (inner join).
    empty_groups: keep parents without children (customers with zero orders) or drop them.
    """

    layout: ClassVar = "clauses"
    opening: ClassVar = ("source",)
    sees_outputs: ClassVar = ("having", "sort")
    kind: Literal["select"] = "select"
    outputs: tuple[Output, ...] = Field(min_length=1, max_length=16)
    source: Query | None = None
    where: Predicate | None = None
    by: tuple[Grouping, ...] = Field(default=(), max_length=4)
    having: Predicate | None = None
    sort: tuple[Sort, ...] = Field(default=(), max_length=4)
    limit: Limit | None = None
    distinct: bool = False
    through: tuple[Join, ...] = Field(default=(), max_length=4)
    orphans: Literal["keep", "drop"] = "keep"
    empty_groups: Literal["drop", "keep"] = "drop"


class SetOperation(Node):
    """Two queries with the same number of outputs. `union_all` keeps duplicates."""

    layout: ClassVar = "clauses"
    sees_outputs: ClassVar = ("sort",)
    kind: Literal["set"] = "set"
    op: Literal["union", "union_all", "intersect", "except"]
    left: Query
    right: Query
    sort: tuple[Sort, ...] = Field(default=(), max_length=2)
    limit: Limit | None = None


# ------------------------------------------------------------------ views and specs


class TableView(Node):
    """Rows and columns."""

    kind: Literal["table"] = "table"


class NumberView(Node):
    """One number, large."""

    kind: Literal["number"] = "number"


class Chart(Node):
    """A chart of the result: x and y name outputs; color splits into series."""

    layout: ClassVar = "clauses"
    kind: Literal["chart"] = "chart"
    mark: Literal["bar", "barh", "stacked", "grouped", "line", "area", "scatter", "donut", "pie", "histogram", "heatmap"]
    x: Ref = Ref(output=0)
    y: Ref = Ref(output=1)
    color: Ref | None = None


class Answer(Node):
    """A query and how to show it."""

    sees_outputs: ClassVar = ("view",)
    kind: Literal["answer"] = "answer"
    query: Query
    view: View = TableView()


class Unanswerable(Node):
    """Why the question cannot be answered from this database."""

    kind: Literal["unanswerable"] = "unanswerable"
    reason: Literal["no_column", "no_value", "no_path", "out_of_scope"]


# ------------------------------------------------------------------ unions


def _kind_of(data: Any) -> str | None:
    """The discriminator, which also understands the JSON shorthands."""
    if isinstance(data, str):
        return "col"
    if isinstance(data, bool | int | float):
        return "value"
    if isinstance(data, dict):
        if "kind" in data:
            return data["kind"]
        return next(
            (kind for key, kind in (("outputs", "select"), ("column", "col"), ("value", "value"), ("query", "answer")) if key in data), None
        )
    return getattr(data, "kind", None)


def _union(*members: type[Node]) -> Any:
    tagged: tuple[Any, ...] = tuple(Annotated[m, Tag(get_args(m.model_fields["kind"].annotation)[0])] for m in members)
    union = tagged[0]
    for member in tagged[1:]:
        union = union | member
    return Annotated[union, Discriminator(_kind_of)]


Query = _union(Select, SetOperation)
Operand = _union(Col, Value, Arithmetic, DatePart, DateDiff, TimeBucket, Inner, Ref, Aggregate, Ratio, Select, SetOperation)
Output = _union(Col, Value, Arithmetic, DatePart, DateDiff, TimeBucket, Inner, Aggregate, Ratio)
Grouping = _union(Col, Arithmetic, DatePart, DateDiff, TimeBucket, Inner)
Counted = _union(Rows, Col, Value, Arithmetic, DatePart, DateDiff, Inner)
Predicate = _union(And, Or, Not, Compare, Between, In, InQuery, Like, IsNull, InPeriod)
Period = _union(Previous, This, Last, ToDate, At, Absolute)
Join = _union(Through, Link)
View = _union(TableView, NumberView, Chart)
Spec = _union(Answer, Unanswerable)

for _model in (Arithmetic, DateDiff, Aggregate, Ratio, And, Or, Not, Compare, Between, In, InQuery, Like, IsNull, InPeriod):
    _model.model_rebuild()
for _model in (Sort, Select, SetOperation, Answer):
    _model.model_rebuild()
del _model

SPEC = TypeAdapter(Spec)
