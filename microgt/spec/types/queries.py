"""Query blocks, their clauses, and set operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from microgt.spec.types.expressions import Value
from microgt.spec.types.node import ColumnId, Flag, Node, TableId, union

if TYPE_CHECKING:  # unions of classes that hold each other: `unions.py` completes the models
    from microgt.spec.types.unions import Grouping, Key, Operand, Output, Predicate, Query


class Sort(Node):
    """One sort key."""

    kind: Literal["sort"] = "sort"
    direction: Literal["asc", "desc"]
    by: Operand


class Limit(Node):
    """The first n rows, or the first n of each group of rows with the same `per`.

    ties: break them by the dimensions, or include all rows tied with the last. other: the rows that are cut become one row "Other", the
    last, with the sum of their counts and totals.
    """

    kind: Literal["limit"] = "limit"
    n: Value
    ties: Literal["break", "include"] = "break"
    per: tuple[Key, ...] = Field(default=(), max_length=2)
    other: Flag = False


class Link(Node):
    """Join by equality of two columns that no key connects."""

    kind: Literal["link"] = "link"
    left: ColumnId
    right: ColumnId


class Through(Node):
    """A table that the join must pass through though no column of it is used."""

    kind: Literal["through"] = "through"
    table: TableId


Join = union(Through, Link)


class Select(Node):
    """One query block. `by`: keys that group but are not shown. `source`: read from this query instead of tables.

    orphans: keep rows whose parent is missing (left join) or drop them (inner join).
    empty_groups: keep parents without children (customers with zero orders) or drop them.
    """

    layout: ClassVar = "clauses"
    opening: ClassVar = ("source",)
    sees_outputs: ClassVar = ("having", "sort", "limit")
    kind: Literal["select"] = "select"
    outputs: tuple[Output, ...] = Field(min_length=1, max_length=16)
    source: Query | None = None
    where: Predicate | None = None
    by: tuple[Grouping, ...] = Field(default=(), max_length=4)
    having: Predicate | None = None
    sort: tuple[Sort, ...] = Field(default=(), max_length=4)
    limit: Limit | None = None
    distinct: Flag = False
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
