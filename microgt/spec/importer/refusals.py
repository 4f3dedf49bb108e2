"""What several parts of the importer refuse: names that are not there, joins that a spec does not have."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from microgt.errors import ImportSqlError, did_you_mean
from microgt.spec.importer.places import quoted


def unknown_table(node: exp.Expr, name: str, where: str, names: Sequence[str]) -> ImportSqlError:
    """Of a table that is not there. where: of what it is none; names: those there are."""
    return ImportSqlError("unknown_table", f"no table {name!r} {where}{did_you_mean(name, names)}", node=node, given=name, choices=names)


def unknown_column(node: exp.Expr, name: str, where: str, names: Sequence[str]) -> ImportSqlError:
    """Of a column that is not there. where: of what it is none; names: those there are."""
    return ImportSqlError("unknown_column", f"no column {name!r} {where}{did_you_mean(name, names)}", node=node, given=name, choices=names)


def outer_column(column: exp.Column, own: Sequence[str]) -> ImportSqlError:
    """Of a column of a query that stands around its own. own: names of the tables of its own query."""
    tables = ", ".join(own)
    message = f"{column.sql()} belongs to no table of its own query ({tables}); a query inside another has a spec when it stands alone"
    return ImportSqlError("correlated", message, node=column, given=column.table, choices=own)


def joined_query(source: exp.Expr) -> ImportSqlError:
    """Of a query among several tables of FROM."""
    return ImportSqlError("derived_table", "a query can be read from, not joined with; join tables, or use IN (SELECT ...)", node=source)


def on_outer_join(condition: exp.Expr) -> ImportSqlError:
    """Of what an outer join has in ON beside its keys."""
    message = f"a condition beside the keys of an outer join has no spec: {quoted(condition)}; in WHERE it has, and drops what has no match"
    return ImportSqlError("outer_join", message, node=condition)
