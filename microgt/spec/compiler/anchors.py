"""The last date in the data, which relative periods count from.

A table of days is filled ahead, often for years: its own last date says nothing. There it is the last date that a row refers to.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from microgt.schema.types import ColumnType, Schema
from microgt.spec.compiler.casts import align, as_time
from microgt.spec.compiler.expressions import expression, kind
from microgt.spec.compiler.origins import column_of
from microgt.spec.compiler.scope import Scope, name, noted, reading
from microgt.spec.references import references
from microgt.spec.types import Col, Node

_OF_DAYS = {"calendar", "date", "dates", "day", "days"}


def last_date(of: Node, scope: Scope) -> exp.Subquery:
    """SELECT the last date in the data of a column, or of what an output of the source comes from."""
    column = column_of(of, scope.source and scope.source.query)
    if column is not None:
        return _last_of_column(column, scope.context.schema)
    inside = Scope(scope.context, source=scope.source)
    dates = as_time(expression(of, inside), kind(of, inside))
    return exp.Subquery(this=exp.select(exp.Max(this=dates)).from_(reading(inside)))


def _last_of_column(col: Col, schema: Schema) -> exp.Subquery:
    """Of a table of days it is the last that a row refers to (by the key of `via`, if one is named)."""
    column = schema.column(col.column)
    query = exp.select(exp.Max(this=as_time(_column(col.column, schema), column.type))).from_(exp.Table(this=name(column.table)))
    if _is_of_days(column.table, schema):
        referred = list(_referred(column.table, col.via[-1:], schema))
        query = query.where(exp.or_(*referred)) if referred else query
    return exp.Subquery(this=query)


def _is_of_days(table: str, schema: Schema) -> bool:
    """Is its primary key a date, or a single column in a table that is called a calendar?"""
    primary = schema.table(table).primary_key
    called = not _OF_DAYS.isdisjoint(schema.table(table).words)
    return len(primary) == 1 and (called or schema.column(primary[0]).type is ColumnType.TIME)


def _referred(table: str, via: tuple[str, ...], schema: Schema) -> Iterator[exp.Expr]:
    """For each key that leads to the table: is there a row that refers to this one?"""
    for (many, one), *more in references(schema):
        child = schema.column(many).table
        if more or schema.column(one).table != table or child == table or (via and many not in via):
            continue
        pair = align(_column(one, schema), schema.column(one).type, _column(many, schema), schema.column(many).type)
        found = exp.select(pair.right).from_(exp.Table(this=name(child)))
        yield exp.In(this=pair.left, query=exp.Subquery(this=found))


def _column(column_id: str, schema: Schema) -> exp.Column:
    column = schema.column(column_id)
    return noted(exp.Column(this=name(column.name), table=name(column.table)), column.type)
