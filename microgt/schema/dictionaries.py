"""Value dictionaries and date ranges: what the linker may find a question's words in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb

from microgt.schema.catalog import UNUSABLE, connect, date_columns, quoted, read_tables
from microgt.schema.types import Column, ColumnType, Schema

MOST_VALUES = 2000
LONGEST = 60
_DATE = re.compile(r"[12]\d{3}([-/])\d{1,2}\1\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?")  # that DuckDB reads as one


def with_values(schema: Schema, path: Path, *, hide: tuple[str, ...] = ()) -> Schema:
    """The schema with what only its DuckDB file can tell: stored types, dictionaries of text columns, ranges of date columns and
    whether they have a time of day.

    A type in the file wins: a description from elsewhere may call a column a date that is stored as text. Such a column has a range too
    when all its known texts are dates, year first. A dictionary holds the 2,000 most frequent texts of at most 60 characters. Columns in
    `hide` get neither dictionary nor range; columns that the file does not have keep their type. Raises `SpecError` E_UNKNOWN_ID when
    `hide` names a column that is not there.
    """
    for column_id in hide:
        schema.column(column_id)
    values, ranges = {}, {}
    with connect(Path(path)) as connection:
        schema = _with_stored_types(schema, {c.id.lower(): c.type for t in read_tables(connection) for c in t.columns})
        dates = date_columns(connection)
        for column in schema.columns:
            if column.id in hide:
                continue
            if column.type is ColumnType.TEXT and (found := _values(connection, column)):
                values[column.id] = found
            is_dated = column.type is ColumnType.TIME or _are_dates(values.get(column.id, ()))
            if is_dated and (span := _range(connection, column)):
                ranges[column.id] = span
    days = frozenset(c.id for c in schema.columns if c.id.lower() in dates)
    return replace(schema, values=values, ranges=ranges, hidden=frozenset(hide), days=days)


def _are_dates(texts: Iterable[str]) -> bool:
    found = [bool(_DATE.fullmatch(text)) for text in texts]
    return bool(found) and all(found)


def _with_stored_types(schema: Schema, stored: dict[str, ColumnType]) -> Schema:
    """DuckDB compares names without regard to case, and so do the ids in `stored`."""
    columns = [tuple(replace(c, type=stored.get(c.id.lower(), c.type)) for c in t.columns) for t in schema.tables]
    return replace(schema, tables=tuple(replace(t, columns=c) for t, c in zip(schema.tables, columns, strict=True)))


def _values(connection: duckdb.DuckDBPyConnection, column: Column) -> tuple[str, ...]:
    name = quoted(column.name)
    sql = (
        f"SELECT CAST({name} AS VARCHAR) AS v FROM {quoted(column.table)} WHERE {name} IS NOT NULL "
        f"AND length(CAST({name} AS VARCHAR)) BETWEEN 1 AND {LONGEST} GROUP BY v ORDER BY count(*) DESC, v LIMIT {MOST_VALUES}"
    )
    return tuple(row[0] for row in _rows(connection, sql))


def _range(connection: duckdb.DuckDBPyConnection, column: Column) -> tuple[str, str] | None:
    """First and last day; None when there is none in the years 1 to 9999."""
    sql = (
        f"SELECT strftime(min(day), '%Y-%m-%d'), strftime(max(day), '%Y-%m-%d') "
        f"FROM (SELECT TRY_CAST({quoted(column.name)} AS DATE) AS day FROM {quoted(column.table)}) "
        "WHERE day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    )
    rows = _rows(connection, sql)
    return (rows[0][0], rows[0][1]) if rows and rows[0][0] else None


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    """Rows of a query; none when the column is not in the file (a schema may be ahead of its data) or cannot be computed."""
    try:
        return connection.execute(sql).fetchall()
    except UNUSABLE:
        return []
