"""What a gold query sorts by, read from its outermost ORDER BY, and the same query without its LIMIT to see where rows tie."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from microgt.evaluation.comparator import OrderKeys
from microgt.evaluation.sort_keys import over, with_keys

_CUT = ("limit", "offset")


@dataclass(frozen=True)
class Ordering:
    """How the rows of a query are ordered and cut.

    sql: the query without LIMIT and OFFSET, with sort keys that are no outputs appended as further columns.
    keys: positions of the sort keys among its columns, the appended ones negative (from the end); None when a key has no column.
    skip: how many rows OFFSET leaves out of a query that is cut; None when nothing is cut, or by an expression (then `sql` is still cut).
    """

    sql: str
    keys: OrderKeys | None
    skip: int | None


def ordering(sql: str, sort_keys: int | None = None) -> Ordering | None:
    """The ordering of a DuckDB query, or None when it neither sorts nor cuts, or cannot be read.

    sort_keys: only the first so many terms of ORDER BY are meant; the others are there to break ties.
    """
    try:
        query = _outermost(parse_one(sql, read="duckdb"))
    except SqlglotError:
        return None
    if not isinstance(query, exp.Select | exp.SetOperation):
        return None
    order = query.args.get("order")
    terms = order.expressions[:sort_keys] if order else []
    skip = _skip(query)
    if not terms and skip is None:
        return None
    if skip is not None:
        for part in _CUT:
            query.set(part, None)
    query, keys = with_keys(query, terms)
    return Ordering(query.sql(dialect="duckdb"), keys, skip)


def _outermost(query: exp.Expr) -> exp.Expr:
    """The query that sorts and cuts, without brackets around it. What follows the brackets is moved in where that changes nothing."""
    while isinstance(query, exp.Subquery) and not query.args.get("order"):
        after = {part: query.args[part] for part in ("with_", *_CUT) if query.args.get(part)}
        inner = query.this
        if any(inner.args.get(part) for part in ("with_" if "with_" in after else "", *(_CUT if after.keys() & set(_CUT) else ()))):
            break
        for part, value in after.items():
            inner.set(part, value)
        query = inner
    if not isinstance(query, exp.Subquery | exp.Values):
        return query
    after = {part: query.args.get(part) for part in ("with_", "order", *_CUT)}
    for part in after:
        query.set(part, None)
    outer = over(query)
    for part, value in after.items():
        outer.set(part, value)
    return outer


def _skip(query: exp.Query) -> int | None:
    """The number of OFFSET, 0 under a LIMIT alone; None without either, or when the number is not plain."""
    offset = query.args.get("offset")
    if offset is None:
        return 0 if query.args.get("limit") else None
    number = offset.expression.unnest()
    return int(number.this) if isinstance(number, exp.Literal) and number.is_int else None
