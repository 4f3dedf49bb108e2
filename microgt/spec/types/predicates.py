"""Conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from microgt.spec.types.expressions import Value
from microgt.spec.types.node import Node
from microgt.spec.types.periods import Period

if TYPE_CHECKING:  # unions of classes that hold each other: `unions.py` completes the models
    from microgt.spec.types.unions import AnyCol, Operand, Predicate, Query


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
    """`left op right`. `ne` keeps NULLs (IS DISTINCT FROM). Against a named period, a day too, `eq` is in it, `gt` after its end."""

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
    of: AnyCol
    period: Period
