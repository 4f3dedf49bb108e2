"""SQL -> spec: the way in for queries that people have already written.

clauses.py      what is read of each part of SQL; anything else is refused
common.py       WITH: its queries stand where they are named
aliases.py      FROM and JOIN as written: aliases and the columns equated
naming.py       which instance of a table each alias is, and what must be said of the joins
tables.py       both together: what the columns of a block belong to
expressions.py  columns, values, arithmetic, aggregates
casts.py        which casts change nothing
predicates.py   WHERE and HAVING (exists.py: EXISTS as IN)
canonical.py    one spec for SQL that means the same
selects.py      query blocks and set operations
vql.py          charts: SQL with a mark, a bin of time and a colour

A spec means what its SQL means, but for what the types of specs decide otherwise:
  LIKE            has no regard to case, as in SQLite and MySQL; DuckDB's LIKE tells apart what its ILIKE does not
  a <> b          keeps rows where a or b is NULL (IS DISTINCT FROM)
  a NOT IN (...)  over a query is an anti-join: a NULL in the query does not empty it, and rows where a is NULL stay
  ORDER BY        puts NULLs last, also where SQL puts them first before ascending keys (SQLite) or by the dialect's own rule
  a / b           is NULL where b is 0
  strftime        of one part (%m) is a number, not text with a zero before it
"""

from __future__ import annotations

import sqlglot
from sqlglot import Dialect, exp
from sqlglot.errors import SqlglotError

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.common import inlined
from microgt.spec.importer.places import place_of
from microgt.spec.importer.selects import read_query
from microgt.spec.importer.statements import no_sql
from microgt.spec.types import Answer, Spec
from microgt.spec.walk import DEEPEST, depth


def import_sql(sql: str, schema: Schema, dialect: str = "duckdb") -> Spec:
    """The spec of one SELECT. Joins become keys, GROUP BY is dropped, COUNT(*) counts the rows of the finest table joined.

    Raises `ImportSqlError` with line and column. Its code is the reason: syntax, dialect, not_a_select, clause, unknown_table,
    unknown_column, correlated, cross_join, self_join, join_path, outer_join, natural_join, derived_table, function, cast, predicate,
    exists, position, long_list, many_outputs, offset, too_deep, ...
    """
    _known(dialect)
    try:
        return _read(sql, schema, dialect)
    except ImportSqlError as error:
        if error.line:
            raise
        raise error.placed(*place_of(error.node, sql, dialect)) from None


def _read(sql: str, schema: Schema, dialect: str) -> Spec:
    try:
        spec = Answer(query=read_query(inlined(_parsed(sql, dialect), dialect), schema))
    except RecursionError:
        raise ImportSqlError("too_deep", "the query is nested too deeply") from None
    except ValueError as error:
        raise ImportSqlError("value", str(error)) from None
    if depth(spec) > DEEPEST:
        raise ImportSqlError("too_deep", "the query is nested too deeply")
    return spec


def _known(dialect: str) -> None:
    try:
        Dialect.get_or_raise(dialect)
    except ValueError as error:
        raise ImportSqlError("dialect", str(error)) from None


def _parsed(sql: str, dialect: str) -> exp.Query:
    try:
        trees = [t for t in sqlglot.parse(sql, read=dialect) if t is not None]
    except SqlglotError as error:
        raise no_sql(error, sql) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        given = f"{len(trees)} statements" if len(trees) != 1 else type(trees[0]).__name__.upper()
        raise ImportSqlError("not_a_select", f"exactly one SELECT can be imported, not {given}", node=trees[-1] if trees else None)
    return trees[0]


__all__ = ["import_sql"]
