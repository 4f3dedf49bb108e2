"""The SQL that a chart's answer is computed by, as far as its own SQL says it."""

from __future__ import annotations

from collections import Counter

import duckdb
from sqlglot import exp

from microgt.data.sqlite_sql import with_bare_columns
from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.vql import Vql, chart_sql


class NoGold(Exception):
    """A chart's SQL gives no answer on DuckDB, and why."""


def gold_sql(vql: Vql, schema: Schema, connection: duckdb.DuckDBPyConnection) -> str:
    """A chart's SQL as it runs on DuckDB: columns beside aggregates that are no key, as SQLite allows, where a group has one value of them.

    Raises `NoGold`.
    """
    try:
        sql = chart_sql(vql, schema)
    except ImportSqlError as error:
        raise NoGold(f"its {error.code} cannot be applied") from None
    try:
        connection.execute(sql)
        return sql
    except duckdb.Error as error:
        kind = str(error).partition(":")[0]
    least, most = (with_bare_columns(sql, by) for by in (exp.Min, exp.Max))
    try:
        same = _bag(connection, least) == _bag(connection, most)
    except duckdb.Error:
        raise NoGold(f"does not run on DuckDB: {kind}") from None
    if not same:
        raise NoGold("a column that is no key has several values in a group")
    return least


def _bag(connection: duckdb.DuckDBPyConnection, sql: str) -> Counter[tuple]:
    return Counter(connection.execute(sql).fetchall())
