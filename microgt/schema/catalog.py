"""What a DuckDB file says of itself: tables, columns, types, declared keys. The other readers go through it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from microgt.errors import DataError
from microgt.schema.types import Column, ColumnType, ForeignKey, Table
from microgt.schema.words import words_of

_NUMBERS = ("INT", "DECIMAL", "DOUBLE", "FLOAT", "REAL", "NUMERIC", "HUGEINT", "BIGINT")


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection. Raises `DataError` when the file is missing or no DuckDB database."""
    if not path.is_file():
        raise DataError(f"no database at {path}")
    try:
        return duckdb.connect(str(path), read_only=True, config={"threads": 1})
    except duckdb.Error as error:
        raise DataError(f"{path} is not a DuckDB database: {str(error).splitlines()[0]}") from error


def type_of(declared: str) -> ColumnType:
    """DuckDB's type name -> ours."""
    name = declared.upper()
    if name.endswith("]"):  # a list
        return ColumnType.OTHER
    if name.startswith(("DATE", "TIMESTAMP")):
        return ColumnType.TIME
    if name.startswith(("VARCHAR", "ENUM", "UUID", "CHAR", "TEXT")):
        return ColumnType.TEXT
    if name.startswith("BOOL"):
        return ColumnType.BOOLEAN
    return ColumnType.NUMBER if name.startswith(_NUMBERS) or name.lstrip("U").startswith(_NUMBERS) else ColumnType.OTHER


def read_tables(connection: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """All tables and views of the main database in the order of their making."""
    primary = {f"{t}.{c}" for t, columns in _constraints(connection, "PRIMARY KEY") for c in columns}
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
    ).fetchall()
    columns: dict[str, list[Column]] = {}
    for table, name, declared in rows:
        columns.setdefault(table, []).append(Column(table, name, type_of(declared), words_of(name), f"{table}.{name}" in primary))
    return tuple(Table(table, words_of(table), tuple(found)) for table, found in columns.items())


def read_keys(connection: duckdb.DuckDBPyConnection) -> tuple[ForeignKey, ...]:
    """Declared foreign keys, those of several columns pair by pair."""
    rows = connection.execute(
        "SELECT table_name, constraint_column_names, referenced_table, referenced_column_names "
        "FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
    ).fetchall()
    return tuple(ForeignKey(f"{t}.{c}", f"{r}.{d}") for t, columns, r, targets in rows for c, d in zip(columns, targets, strict=True))


def _constraints(connection: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[str, list[str]]]:
    sql = "SELECT table_name, constraint_column_names FROM duckdb_constraints() WHERE constraint_type = ?"
    return [(t, list(c)) for t, c in connection.execute(sql, [kind]).fetchall()]


def quoted(*names: str) -> str:
    """A quoted, dotted SQL name."""
    return ".".join('"' + n.replace('"', '""') + '"' for n in names)


def contained(connection: duckdb.DuckDBPyConnection, column: str, target: str) -> bool:
    """Whether at least 95% of a column's values (in its first 20,000 rows) are values of the target, and there are some."""
    table, _, name = column.rpartition(".")
    other, _, key = target.rpartition(".")
    sql = (
        f"SELECT count(*), count(*) FILTER (v IN (SELECT {quoted(key)} FROM {quoted(other)})) "
        f"FROM (SELECT {quoted(name)} AS v FROM {quoted(table)} WHERE {quoted(name)} IS NOT NULL LIMIT 20000)"
    )
    try:
        result: Any = connection.execute(sql).fetchone()
    except duckdb.Error:
        return False
    return result[0] > 0 and result[1] >= 0.95 * result[0]
