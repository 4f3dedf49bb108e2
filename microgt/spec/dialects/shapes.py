"""Shapes of queries that not every engine takes, in others that all take. Each pass changes the tree in place and returns its root."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.compiler.scope import name


def swapped(root: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """The root after `old` gave way to `new`."""
    if old is root:
        return new
    old.replace(new)
    return root


def first_block(query: exp.Expr) -> exp.Select:
    """The leftmost SELECT, whose outputs name the columns of the whole."""
    while not isinstance(query, exp.Select):
        query = query.this
    return query


def output_columns(query: exp.Expr, table: str) -> list[exp.Expr]:
    """The outputs of a query as columns of `table`."""
    return [exp.Column(this=name(o.alias_or_name), table=name(table)) for o in first_block(query).expressions]


def derived(query: exp.Expr, alias: str) -> exp.Subquery:
    """`(query) AS alias`."""
    return exp.Subquery(this=query, alias=exp.TableAlias(this=name(alias)))


# ------------------------------------------------------------------ passes


def unsorted(root: exp.Expr) -> exp.Expr:
    """Nested queries lose an ORDER BY that cuts nothing: it means nothing, and T-SQL refuses it."""
    for query in root.find_all(exp.Query):
        if query is not root and query.args.get("order") and not query.args.get("limit") and not isinstance(query, exp.Subquery):
            query.set("order", None)
    return root


def bracketed(root: exp.Expr) -> exp.Expr:
    """A side of a set operation in brackets becomes `SELECT * FROM (side) AS side`: SQLite has no such brackets."""
    for operation in list(root.find_all(exp.SetOperation)):
        for key in ("this", "expression"):
            side = operation.args[key]
            if isinstance(side, exp.Subquery):
                inner = side.this
                operation.set(key, exp.select(*output_columns(inner, "side")).from_(derived(inner, "side"), copy=False))
    return root


def without_column_aliases(root: exp.Expr) -> exp.Expr:
    """`(query) AS q(value)` becomes `(query) AS q`, and `q.value` the query's own name of it: SQLite and BigQuery have no such lists."""
    for subquery in list(root.find_all(exp.Subquery)):
        alias = subquery.args.get("alias")
        if not alias or not alias.args.get("columns"):
            continue
        own = [c.this for c in output_columns(subquery.this, alias.name)]
        names = {given.name: mine for given, mine in zip(alias.args["columns"], own, strict=True)}
        alias.set("columns", None)
        block = subquery.find_ancestor(exp.Select)
        inside = {id(c) for c in subquery.this.find_all(exp.Column)}
        for column in list(block.find_all(exp.Column)) if block else ():
            if column.table == alias.name and id(column) not in inside:
                column.set("this", names[column.name].copy())
    return root


def without_qualify(root: exp.Expr) -> exp.Expr:
    """`QUALIFY window <= n` becomes a condition on a query around the block, which shows the window as a column."""
    for block in list(root.find_all(exp.Select)):
        if block.args.get("qualify"):
            root = swapped(root, block, _qualified(block.copy()))
    return root


def _qualified(block: exp.Select) -> exp.Select:
    if block.is_star:  # the whole of a set operation
        source = block.args["from_"].this
        block.set("expressions", output_columns(source.this, source.alias))
    condition, order = block.args["qualify"], block.args.get("order")
    outer = exp.select(*output_columns(block, "ranked"))
    for part in ("limit", "distinct"):
        outer.set(part, block.args.get(part))
    for part in ("qualify", "order", "limit", "distinct"):
        block.set(part, None)
    holder = exp.Paren(this=condition.this)
    for i, window in enumerate(list(holder.find_all(exp.Window)), 1):
        shown = _shown(block, window.copy(), f"rank_{i}")
        window.replace(shown)
    for i, key in enumerate(order.expressions if order else (), 1):
        key.set("this", _as_output(block, key.this, f"sort_{i}"))
    outer.set("order", order)
    return outer.from_(derived(block, "ranked"), copy=False).where(holder.this, copy=False)


def _as_output(block: exp.Select, key: exp.Expr, alias: str) -> exp.Expr:
    """The column of `ranked` that a sort key is; appended to the block when it is no output."""
    for output, column in zip(block.expressions, output_columns(block, "ranked"), strict=True):
        if key == output.unalias() or (isinstance(key, exp.Column) and not key.table and key.name == output.alias_or_name):
            return column
    return _shown(block, key.copy(), alias)


def _shown(block: exp.Select, of: exp.Expr, alias: str) -> exp.Column:
    block.append("expressions", exp.alias_(of, name(alias)))
    return exp.Column(this=name(alias), table=name("ranked"))
