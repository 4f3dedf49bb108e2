"""What a gold query sorts by, read from its outermost ORDER BY, and the same query without its LIMIT to see where rows tie."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from microgt.evaluation.comparator import OrderKeys

_HIDDEN = "__sort_key_"


@dataclass(frozen=True)
class Ordering:
    """How the rows of a query are ordered and cut.

    sql: the query without LIMIT and OFFSET, with sort keys that are no outputs appended as further columns.
    keys: positions of the sort keys among its columns, the appended ones negative (from the end); None when a key has no column.
    window: the rows [start, stop) that LIMIT and OFFSET keep; None when nothing is cut.
    """

    sql: str
    keys: OrderKeys | None
    window: tuple[int, int] | None


def ordering(sql: str, sort_keys: int | None = None) -> Ordering | None:
    """The ordering of a DuckDB query, or None when it neither sorts nor cuts, or cannot be read.

    sort_keys: only the first so many terms of ORDER BY are meant; the others are there to break ties.
    """
    try:
        query = parse_one(sql, read="duckdb")
    except SqlglotError:
        return None
    while isinstance(query, exp.Subquery) and not query.args.get("order") and not query.args.get("limit"):
        query = query.this
    if not isinstance(query, exp.Select | exp.SetOperation):
        return None
    order = query.args.get("order")
    terms = [t.this for t in order.expressions][:sort_keys] if order else []
    window = _window(query)
    if not terms and window is None:
        return None
    if window is not None:
        query.set("limit", None)
        query.set("offset", None)
    keys = _keys(query, terms)
    return Ordering(query.sql(dialect="duckdb"), keys, window)


def _window(query: exp.Query) -> tuple[int, int] | None:
    """The rows kept, when LIMIT and OFFSET are plain numbers."""
    limit, offset = query.args.get("limit"), query.args.get("offset")
    if not isinstance(limit, exp.Limit):
        return None
    count, skip = limit.expression, offset.expression if offset else exp.Literal.number(0)
    if not all(isinstance(n, exp.Literal) and n.is_int for n in (count, skip)):
        return None
    return int(skip.this), int(skip.this) + int(count.this)


def _keys(query: exp.Query, terms: list[exp.Expr]) -> tuple[int, ...] | None:
    """Where each term's value is to be found; appends to the outputs of `query` what is not among them."""
    if any(isinstance(term, exp.Var) for term in terms):  # ORDER BY ALL
        return None if any(output.is_star for output in query.selects) else tuple(range(len(query.selects)))
    places: list[int | None] = [_place(query, term) for term in terms]
    hidden = [i for i, place in enumerate(places) if place is None]
    if hidden:
        if not isinstance(query, exp.Select) or query.args.get("distinct"):
            return None
        for n, i in enumerate(hidden):
            query.select(exp.alias_(terms[i].copy(), f"{_HIDDEN}{n}"), copy=False)
            places[i] = n - len(hidden)
    return tuple(place for place in places if place is not None)


def _place(query: exp.Query, term: exp.Expr) -> int | None:
    """The position of the output that a term names: by number, by name, or by the same expression."""
    outputs = query.selects
    if any(output.is_star for output in outputs):
        return None
    if isinstance(term, exp.Literal) and term.is_int:
        place = int(term.this) - 1
        return place if place < len(outputs) else None
    if isinstance(term, exp.Column) and not term.table:
        named = [i for i, output in enumerate(outputs) if output.alias_or_name.lower() == term.name.lower()]
        if named:
            return named[0]
    return next((i for i, output in enumerate(outputs) if output.unalias() == term), None)
