"""Rows as a DuckDB file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from microgt.evaluation.variants.profile import Profile, Row, TableProfile
from microgt.evaluation.variants.values import stored
from microgt.schema.catalog import quoted
from microgt.schema.types import ColumnType

_BLOCK = 16_384  # bytes; the smallest, for the smallest files


def write_database(path: Path, profile: Profile, tables: Mapping[str, Sequence[Row]]) -> None:
    """Make a new DuckDB file with the profile's tables and views and these rows. A value that a column cannot hold becomes NULL."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        place = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{place}' AS variant (BLOCK_SIZE {_BLOCK})")
        connection.execute("USE variant")
        connection.execute("BEGIN")
        for name, table in profile.tables.items():
            columns = ", ".join(f"{quoted(c.name)} {c.declared}" for c in table.columns.values())
            connection.execute(f"CREATE TABLE {quoted(table.name)} ({columns})")
            _insert(connection, table, tables[name])
        connection.execute("COMMIT")
        for view in profile.views:
            with suppress(duckdb.Error):  # a view that did not work in the original either
                connection.execute(view)


def _insert(connection: duckdb.DuckDBPyConnection, table: TableProfile, rows: Sequence[Row]) -> None:
    if not rows:
        return
    names = [f"c{i}" for i in range(len(table.columns))]
    cells = ", ".join(
        name if c.kind is ColumnType.OTHER else f"TRY_CAST({name} AS {c.declared})"
        for name, c in zip(names, table.columns.values(), strict=True)
    )
    marks = ", ".join(["(" + ", ".join("?" * len(names)) + ")"] * len(rows))
    sql = f"INSERT INTO {quoted(table.name)} SELECT {cells} FROM (VALUES {marks}) AS t({', '.join(names)})"
    columns = table.columns.items()
    connection.execute(sql, [stored(row[key], column) for row in rows for key, column in columns])
