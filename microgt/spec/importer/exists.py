"""EXISTS with one equation to the outer query says the same as IN."""

from __future__ import annotations

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.spec.importer.aliases import conjuncts


def as_in(query: exp.Expr, outer: set[str]) -> tuple[exp.Column, exp.Select]:
    """EXISTS (SELECT ... FROM t WHERE t.x = outer.y AND ...) as outer.y IN (SELECT t.x FROM t WHERE ...): both parts.

    outer: aliases of the query around it. Raises `ImportSqlError` exists.
    """
    select = query.unnest()
    if not isinstance(select, exp.Select) or any(select.args.get(part) for part in ("group", "having", "limit", "offset")):
        raise ImportSqlError("exists", "EXISTS has a spec only over a plain SELECT; use IN (SELECT ...)", node=query)
    if any(shown.find(exp.AggFunc) for shown in select.expressions):
        raise ImportSqlError("exists", "EXISTS over an aggregate always holds, and has no spec", node=query)
    select = select.copy()
    own = {t.alias_or_name.lower() for t in select.find_all(exp.Table)}
    where = select.args.get("where")
    parts = conjuncts(where.this) if where else []
    links = [(part, ends) for part in parts if (ends := _ends(part, own, outer)) is not None]
    if len(links) != 1:
        message = f"EXISTS has a spec only with one equation to the outer query, not {len(links)}; use IN (SELECT ...)"
        raise ImportSqlError("exists", message, node=query)
    link, (inside, outside) = links[0]
    rest = [part for part in parts if part is not link]
    select.set("where", exp.Where(this=exp.and_(*rest)) if rest else None)
    select.set("expressions", [inside])
    select.set("distinct", None)
    select.set("order", None)
    return outside, select


def _ends(part: exp.Expr, own: set[str], outer: set[str]) -> tuple[exp.Column, exp.Column] | None:
    """The column inside and the column outside that are equated, or None."""
    if not isinstance(part, exp.EQ):
        return None
    for inside, outside in ((part.left, part.right), (part.right, part.left)):
        if isinstance(inside, exp.Column) and isinstance(outside, exp.Column):
            outward = outside.table.lower() in outer - own
            if outward and (not inside.table or inside.table.lower() in own):
                return inside, outside
    return None
