"""SQLite's SQL for DuckDB, as far as one can be written as the other."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from microgt.schema.types import Schema


def to_duckdb(sql: str, schema: Schema) -> str | None:
    """SQLite's SQL for DuckDB; None when it cannot be parsed.

    SQLite reads "text" as a string when no column is called so, and its LIKE has no regard to case.
    """
    try:
        tree = sqlglot.parse_one(sql, read="sqlite")
    except SqlglotError:
        return None
    columns = {c.name.lower() for c in schema.columns}
    for column in list(tree.find_all(exp.Column)):
        if column.this.args.get("quoted") and not column.table and column.name.lower() not in columns:
            column.replace(exp.Literal.string(column.name))
    for like in list(tree.find_all(exp.Like)):
        like.replace(exp.ILike(**like.args))
    return tree.sql("duckdb")


def for_duckdb(sql: str, schema: Schema) -> str | None:
    """As `to_duckdb`, and columns beside aggregates that are no key, which SQLite takes from any row of a group, are taken so too."""
    translated = to_duckdb(sql, schema)
    return translated and with_bare_columns(translated, exp.AnyValue)


def with_bare_columns(sql: str, by: type[exp.AggFunc]) -> str:
    """DuckDB's SQL in which columns beside aggregates that are no key, as SQLite allows, are aggregated by `by`."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for select in list(tree.find_all(exp.Select)):
        for column in _bare(select):
            column.replace(by(this=column.copy()))
    return tree.sql("duckdb")


def _bare(select: exp.Select) -> list[exp.Column]:
    """The columns of outputs, HAVING and ORDER BY that stand outside aggregates and nested queries and are no key."""
    parts = [*select.expressions, *(select.args[part] for part in ("having", "order") if select.args.get(part))]
    group = select.args.get("group")
    if not group and not any(part.find(exp.AggFunc) for part in parts):
        return []
    keys = {key.sql().lower() for key in (group.expressions if group else ())}
    names = {o.alias.lower() for o in select.expressions if isinstance(o, exp.Alias)}
    found = []
    for part in parts:
        for node in part.walk(prune=lambda n: isinstance(n, exp.AggFunc | exp.Query) or n.sql().lower() in keys):
            if isinstance(node, exp.Column) and node.sql().lower() not in keys | names:
                found.append(node)
    return found
