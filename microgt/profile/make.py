"""The profile of any database file, by SQL that the engine runs."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from pathlib import Path

from microgt.engine.database import open_database
from microgt.engine.duckdb import DuckDBEngine, Limits
from microgt.profile.ask import Questions, of_table
from microgt.profile.bears import bears
from microgt.profile.columns import columns_of
from microgt.profile.dates import dates_of
from microgt.profile.facts import Profile, Table
from microgt.profile.keys import duplicates_of, joins_of, keys_of, repeated_of
from microgt.schema.remarks import Remarks, remarks_in
from microgt.schema.types import ColumnType
from microgt.schema.types import Table as SchemaTable

LIMITS = Limits(seconds=120.0, rows=20_000, memory_mb=1_024)
MOST_DATES = 20  # columns of dates of a table


def profile(path: str | Path) -> Profile:
    """Of a DuckDB, SQLite, CSV or Parquet path. Figures that cannot be had are named with the reason. Raises `DataError`."""
    database = open_database(path)
    remarks = remarks_in(database.path)
    ends = {end for key in database.schema.keys for end in (key.column, key.target)}
    with DuckDBEngine(database.path, LIMITS) as engine:
        ask = Questions(engine)
        tables = tuple(_table(table, ends, remarks, ask) for table in database.schema.tables)
        joins = joins_of(database.schema, tables, ask)
    return Profile(database.schema.name, database.version, tables, joins, tuple(ask.skipped))


def _table(table: SchemaTable, ends: Container[str], remarks: Remarks, ask: Questions) -> Table:
    rows = ask.number(f"SELECT count(*) FROM {of_table(table.name)}", f"rows of {table.name}") or 0
    columns = tuple(
        replace(column, notes=(*remarks.get((table.name, column.name), ()), *column.notes)) for column in columns_of(table, ends, rows, ask)
    )
    keys = keys_of(table.name, rows, columns, ask)
    times = [c.name for c in table.columns if c.type is ColumnType.TIME]
    if len(times) > MOST_DATES:
        ask.skipped.append(f"dates of {table.name}: of {len(times):,} columns of dates only the first {MOST_DATES} were looked at")
    found = Table(
        name=table.name,
        rows=rows,
        columns=columns,
        keys=keys,
        duplicates=0 if any(", " not in key for key in keys) else duplicates_of(table, rows, ask),
        repeated=repeated_of(table, keys, ask),
        dates=tuple(dates for dates in (dates_of(table.name, name, ask) for name in times[:MOST_DATES]) if dates),
        loaded=remarks.get((table.name, ""), ()),
    )
    good, bad = bears(found, ask)
    return replace(found, bears=good, lacks=bad)
