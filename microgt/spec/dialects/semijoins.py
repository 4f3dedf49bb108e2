"""EXISTS on a correlated query as IN, for an engine that has no correlated queries."""

from __future__ import annotations

from sqlglot import exp


def as_in(node: exp.Exists) -> exp.Expr | None:
    """`EXISTS (SELECT 1 FROM t WHERE t.k = o.k AND ...)` as `COALESCE(o.k IN (SELECT t.k FROM t WHERE ...), FALSE)`.

    None when not exactly one condition, an equality, reaches out of the query.
    """
    query = node.this.copy()
    own = {table.alias_or_name for table in query.find_all(exp.Table, exp.Subquery)}
    where = query.args.get("where")
    conditions = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else [where.this] if where else []
    reaching = [c for c in conditions if _reaches_out(c, own)]
    if len(reaching) != 1 or not isinstance(reaching[0], exp.EQ):
        return None
    sides = (reaching[0].this, reaching[0].expression)
    inner, outer = sides if _reaches_out(sides[1], own) else sides[::-1]
    if _reaches_out(inner, own):
        return None
    rest = [c for c in conditions if c is not reaching[0]]
    known = exp.Is(this=inner.copy(), expression=exp.Null()).not_()
    query.set("expressions", [inner.copy()])
    query.set("where", exp.Where(this=exp.and_(*rest, known)))
    found = exp.In(this=outer.copy(), query=exp.Subquery(this=query))
    return exp.Coalesce(this=found, expressions=[exp.false()])


def _reaches_out(node: exp.Expr, own: set[str]) -> bool:
    return any(column.table and column.table not in own for column in node.find_all(exp.Column))
