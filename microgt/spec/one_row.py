"""Is a query known to have one row at most? Where one value is due, it must be: engines refuse several rows or take any of them."""

from __future__ import annotations

from microgt.schema.types import ColumnType, Schema
from microgt.spec.conditions import conjuncts
from microgt.spec.types import Col, Compare, Limit, Link, Node, Rows, Select, Through, Value
from microgt.spec.walk import Query, block, group_keys, is_grouped

_EXACT = {ColumnType.NUMBER: (int, float), ColumnType.TEXT: (str,)}  # values that are compared as they are


def has_one_row(query: Query, schema: Schema) -> bool:
    """Whether a query has one row or none whatever the data: it is limited to one, aggregates without keys, or fixes the primary key of
    its only table."""
    if query.limit and _is_to_one(query.limit):
        return True
    if not isinstance(query, Select):
        return False
    if is_grouped(query):
        return not group_keys(query)
    return has_one_row(query.source, schema) if query.source else _is_one_by_key(query, schema)


def _is_to_one(limit: Limit) -> bool:
    return limit.n.value in (0, 1) and limit.ties == "break" and not limit.per and not limit.other


def _is_one_by_key(select: Select, schema: Schema) -> bool:
    nodes = list(block(select))
    if any(isinstance(n, Through | Link) or (isinstance(n, Col) and n.via) for n in nodes):
        return False
    tables = {schema.column(n.column).table for n in nodes if isinstance(n, Col)} | {n.table for n in nodes if isinstance(n, Rows)}
    if not tables:
        return True
    keys = schema.table(min(tables)).primary_key
    return len(tables) == 1 and bool(keys) and set(keys) <= {_fixed(p, schema) for p in conjuncts(select.where)}


def _fixed(predicate: Node, schema: Schema) -> str | None:
    """The column that must have one certain value."""
    match predicate:
        case Compare(op="eq", left=Col() as col, right=Value() as value) | Compare(op="eq", left=Value() as value, right=Col() as col):
            exact = _EXACT.get(schema.column(col.column).type, ())
            return col.column if isinstance(value.value, exact) and not isinstance(value.value, bool) else None
    return None
