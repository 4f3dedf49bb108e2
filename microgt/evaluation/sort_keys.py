"""Where the values that a query is sorted by are found among its columns; those that are no outputs are appended.

Names are resolved as DuckDB does (tried on 2.0): a bare name is first the last output with that alias, in an expression first a column.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp, parse_one

_HIDDEN = "__sort_key_"


def with_keys(query: exp.Query, terms: Sequence[exp.Ordered]) -> tuple[exp.Query, tuple[int, ...] | None]:
    """The query with every sort key among its columns, and the positions of the keys, appended ones from the end.

    terms: the first terms of its ORDER BY. The positions are None when a key has no column.
    """
    wanted = [term.this for term in terms]
    outputs = query.selects
    several = next((i for i, output in enumerate(outputs) if _is_several(output)), len(outputs))  # positions are known up to here
    if any(isinstance(key, exp.Var) for key in wanted):  # ORDER BY ALL
        return query, tuple(range(len(outputs))) if several == len(outputs) else None
    found = [_place(outputs, key) for key in wanted]
    places = [at if at is not None and (at < several or _number(key)) else None for at, key in zip(found, wanted, strict=True)]
    hidden = [i for i, at in enumerate(places) if at is None]
    if hidden:
        distinct = query.args.get("distinct")
        if any(map(_is_several, wanted)) or (isinstance(distinct, exp.Distinct) and distinct.args.get("on")):
            return query, None
        keys = [_key(wanted[i], outputs, found[i]) for i in hidden]
        if distinct and _is_distinct_anyway(query):
            query.set("distinct", None)
        if query.args.get("distinct") or not isinstance(query, exp.Select):
            query = _sorted_outside(query, terms, places)
        for n, (i, key) in enumerate(zip(hidden, keys, strict=True)):
            query.select(exp.alias_(key, f"{_HIDDEN}{n}"), copy=False)
            places[i] = n - len(hidden)
    return query, tuple(at for at in places if at is not None)


def over(query: exp.Expr) -> exp.Select:
    """`SELECT * FROM (query)`."""
    return parse_one(f"SELECT * FROM ({query.sql(dialect='duckdb')}) AS q", read="duckdb", into=exp.Select)


def _sorted_outside(query: exp.Query, terms: Sequence[exp.Ordered], places: Sequence[int | None]) -> exp.Select:
    """The query within another that sorts it: to the outputs of DISTINCT or UNION nothing can be added."""
    query.set("order", None)
    for term, at in zip(terms, places, strict=True):
        if at is not None:
            term.set("this", exp.Literal.number(at + 1))
    outer = over(query)
    outer.set("order", exp.Order(expressions=list(terms)))
    return outer


def _is_distinct_anyway(query: exp.Query) -> bool:
    """Whether all that it groups by are outputs, so that no two rows are the same."""
    group, outputs = query.args.get("group"), [output.unalias() for output in query.selects]
    return group is not None and bool(group.expressions) and all(key in outputs for key in group.expressions)


def _place(outputs: Sequence[exp.Expr], term: exp.Expr) -> int | None:
    """The position of the output that a term names: by number, by name, or by the same expression."""
    if number := _number(term):
        return number - 1
    if isinstance(term, exp.Column) and not term.table:
        name = term.name.lower()
        for names in ([output.alias for output in outputs], [output.alias_or_name for output in outputs]):
            named = [i for i, found in enumerate(names) if found.lower() == name]
            if named:
                return named[-1]
    return next((i for i, output in enumerate(outputs) if output.unalias() == term), None)


def _key(term: exp.Expr, outputs: Sequence[exp.Expr], at: int | None) -> exp.Expr:
    """What is to be appended for a term, which may be an output whose position is not known."""
    key = (term if at is None else outputs[at].unalias()).copy()
    if isinstance(key, exp.Collate) and key.expression.name.upper() == "NOCASE":
        return exp.Lower(this=key.this)
    return key


def _number(term: exp.Expr) -> int | None:
    """The number of an output, counted from 1."""
    term = term.unnest()
    return int(term.this) if isinstance(term, exp.Literal) and term.is_int else None


def _is_several(output: exp.Expr) -> bool:
    """Whether it may stand for several columns."""
    return output.is_star or output.find(exp.Columns, exp.Unnest, exp.Explode) is not None
