"""NULLs last, in ORDER BY and in windows, where the engine has no NULLS LAST: a key before the key."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.compiler.scope import literal


def null_key(of: exp.Expr) -> exp.Expr:
    """1 for NULL, else 0; a condition alone is no value in T-SQL."""
    unknown = exp.Is(this=of.copy(), expression=exp.Null())
    return exp.Case(ifs=[exp.If(this=unknown, true=literal(1))], default=literal(0))


def two_keys(key: exp.Ordered) -> list[exp.Ordered]:
    """`x` as `CASE WHEN x IS NULL THEN 1 ELSE 0 END, x` where an engine to which NULLs are small would sort them otherwise."""
    down, nulls_first = bool(key.args.get("desc")), bool(key.args.get("nulls_first"))
    own = exp.Ordered(this=key.this, desc=key.args.get("desc"), nulls_first=not down)
    if nulls_first is not down:
        return [own]
    return [exp.Ordered(this=null_key(key.this), desc=nulls_first or None, nulls_first=not nulls_first), own]


def keys_for_nulls(order: exp.Order) -> list[exp.Expr]:
    """All keys with one for NULLs before each, in which the name of an output is spelled out: it may stand only by itself."""
    outputs = _outputs(order.parent) if isinstance(order.parent, exp.Select) else {}
    keys: list[exp.Expr] = []
    for key in order.expressions:
        *before, own = two_keys(key) if isinstance(key, exp.Ordered) else [key]
        for column in [column for case in before for column in case.find_all(exp.Column)]:
            if not column.table and column.name in outputs:
                column.replace(outputs[column.name].copy())
        keys += [*before, own]
    return keys


def _outputs(block: exp.Select) -> dict[str, exp.Expr]:
    """The outputs by their names. One that rows are grouped by is the least of its group: MySQL takes a part of what is sorted by for
    ungrouped, where it is computed, though the group by has the same (only_full_group_by)."""
    keys = block.args["group"].expressions if block.args.get("group") else ()
    named = {o.alias: o.unalias() for o in block.expressions if isinstance(o, exp.Alias)}
    return {name: exp.Min(this=o.copy()) if o in keys and not isinstance(o, exp.Column) else o for name, o in named.items()}
