"""Whether a query says which of several rows it means.

SQL may leave open what it takes: any value of a group, or one of the rows that tie at the LIMIT of a nested query (ties at the outermost
LIMIT are the comparator's matter). Such a gold query has several right answers, of which the engine returns one.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

_ANY = (exp.AnyValue, exp.First, exp.Last)


def readings(sql: str) -> tuple[str, str] | None:
    """A DuckDB query with what it leaves open decided in two opposite ways: the smallest is taken, and the largest. None when it leaves
    nothing open, as far as is looked at here."""
    try:
        query = parse_one(sql, read="duckdb")
    except SqlglotError:
        return None
    if not query.find(*_ANY) and not any(_nested_limits(query)):
        return None
    return _decided(query.copy(), exp.Min, descending=False), _decided(query, exp.Max, descending=True)


def _nested_limits(query: exp.Expr) -> list[exp.Select]:
    return [select for select in query.find_all(exp.Select) if select is not query and select.args.get("limit")]


def _decided(query: exp.Expr, chosen: Callable[..., exp.Expr], *, descending: bool) -> str:
    for select in _nested_limits(query):
        order = select.args.get("order") or exp.Order(expressions=[])
        for place in range(1, len(select.expressions) + 1):
            order.append("expressions", exp.Ordered(this=exp.Literal.number(place), desc=descending or None))
        select.set("order", order)
    for node in list(query.find_all(*_ANY)):
        whole = node.parent if isinstance(node.parent, exp.IgnoreNulls) else node
        whole.replace(chosen(this=node.this.copy()))
    return query.sql(dialect="duckdb")
