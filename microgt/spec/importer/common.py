"""WITH: each query stands where its name is used."""

from __future__ import annotations

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.spec.importer.clauses import refuse_unread


def inlined(query: exp.Query, dialect: str) -> exp.Query:
    """The query without WITH, outermost only. Raises `ImportSqlError` with for a recursive or nested one, and as `refuse_unread`."""
    with_ = query.args.get("with_")
    if with_ is not None and (with_.recursive or any(cte.args["alias"].columns for cte in with_.expressions)):
        raise ImportSqlError("with", "WITH RECURSIVE and WITH name(columns) have no spec; WITH name AS (SELECT ...) has", node=with_)
    refuse_unread(query, dialect)  # before the clauses beside a name go with the name
    if with_ is not None:
        query = query.copy()
        ctes = query.args["with_"].expressions
        query.set("with_", None)
        for cte in reversed(ctes):  # a later one may name an earlier one
            _replace(query, cte.alias.lower(), cte.this)
    if inner := query.find(exp.With):
        raise ImportSqlError("with", "WITH inside a query has no spec; write it before the outermost SELECT", node=inner)
    return query


def _replace(query: exp.Query, name: str, by: exp.Query) -> None:
    for table in list(query.find_all(exp.Table)):
        if table.name.lower() == name and not table.db:
            table.replace(exp.Subquery(this=by.copy(), alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name))))
