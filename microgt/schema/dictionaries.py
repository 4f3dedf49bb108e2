"""Value dictionaries and date ranges: what the linker may find a question's words in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from microgt.schema.catalog import connect, quoted
from microgt.schema.types import Column, ColumnType, Schema

MOST_VALUES = 2000
LONGEST = 60


def with_values(schema: Schema, path: Path, *, hide: tuple[str, ...] = ()) -> Schema:
    """The schema with dictionaries and ranges read from its DuckDB file; columns in `hide` get none.

    Raises `SpecError` E_UNKNOWN_ID when `hide` names a column that is not there.
    """
    for column_id in hide:
        schema.column(column_id)
    values, ranges = {}, {}
    with connect(Path(path)) as connection:
        for column in schema.columns:
            if column.id in hide:
                continue
            if column.type in (ColumnType.TEXT, ColumnType.OTHER):
                values[column.id] = _values(connection, column)
            elif column.type is ColumnType.TIME and (span := _range(connection, column)):
                ranges[column.id] = span
    return replace(schema, values={k: v for k, v in values.items() if v}, ranges=ranges, hidden=frozenset(hide))


def _values(connection: duckdb.DuckDBPyConnection, column: Column) -> tuple[str, ...]:
    name = quoted(column.name)
    sql = (
        f"SELECT CAST({name} AS VARCHAR) AS v FROM {quoted(column.table)} WHERE {name} IS NOT NULL "
        f"AND length(CAST({name} AS VARCHAR)) BETWEEN 1 AND {LONGEST} GROUP BY v ORDER BY count(*) DESC, v LIMIT {MOST_VALUES}"
    )
    return tuple(row[0] for row in _rows(connection, sql))


def _range(connection: duckdb.DuckDBPyConnection, column: Column) -> tuple[str, str] | None:
    sql = f"SELECT min({quoted(column.name)})::VARCHAR, max({quoted(column.name)})::VARCHAR FROM {quoted(column.table)}"
    rows = _rows(connection, sql)
    return (rows[0][0][:10], rows[0][1][:10]) if rows and rows[0][0] else None


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    """Rows of a query; none when the column is not in the file (a schema may be ahead of its data)."""
    try:
        return connection.execute(sql).fetchall()
    except (duckdb.BinderException, duckdb.CatalogException):
        return []
