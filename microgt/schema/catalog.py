"""What a DuckDB file says of itself: tables, columns, types, declared keys. The other readers go through it.

Keys that DuckDB cannot enforce (orphan rows, a table that refers to itself, a copy of a SQLite table) stand in column comments:
`primary key`, `references customers.id`, or both with `; ` between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from microgt.errors import DataError
from microgt.schema.types import Column, ColumnType, ForeignKey, Table
from microgt.schema.words import words_of

PRIMARY_KEY, REFERENCES = "primary key", "references "
_TEXT = ("VARCHAR", "ENUM", "UUID")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
_NUMBERS += ("DECIMAL", "DOUBLE", "FLOAT")
_SAMPLE = 20_000  # rows of a column that containment is tried on
_ENOUGH = 0.95  # of them must be found


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection. Raises `DataError` when the file is missing or cannot be opened as a DuckDB database."""
    if not path.is_file():
        raise DataError(f"no database at {path}")
    try:
        return duckdb.connect(str(path), read_only=True, config={"threads": 1})
    except duckdb.Error as error:
        what = "is not a DuckDB database" if "not a valid" in str(error) else "cannot be opened"
        raise DataError(f"{path} {what}: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """What went wrong, without the excerpt of the query."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def type_of(declared: str) -> ColumnType:
    """DuckDB's type name -> ours."""
    name = declared.upper()
    if name.endswith("]"):  # a list
        return ColumnType.OTHER
    if name.startswith(("DATE", "TIMESTAMP")):
        return ColumnType.TIME
    if name.startswith(_TEXT):
        return ColumnType.TEXT
    if name == "BOOLEAN":
        return ColumnType.BOOLEAN
    return ColumnType.NUMBER if name.startswith(_NUMBERS) else ColumnType.OTHER


def read_tables(connection: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """All tables and views of the main database in the order of their making."""
    sql = "SELECT table_name, constraint_column_names FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
    primary = {f"{table}.{c}" for table, columns in connection.execute(sql).fetchall() for c in columns}
    primary |= {f"{table}.{column}" for table, column, said in _comments(connection) if said == PRIMARY_KEY}
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
    ).fetchall()
    columns: dict[str, list[Column]] = {}
    for table, name, declared in rows:
        columns.setdefault(table, []).append(Column(table, name, type_of(declared), words_of(name), f"{table}.{name}" in primary))
    return tuple(Table(table, words_of(table), tuple(found)) for table, found in columns.items())


def read_keys(connection: duckdb.DuckDBPyConnection) -> tuple[ForeignKey, ...]:
    """Declared foreign keys, by constraint and by comment; those of several columns pair by pair."""
    rows = connection.execute(
        "SELECT table_name, constraint_column_names, referenced_table, referenced_column_names "
        "FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
    ).fetchall()
    found = [ForeignKey(f"{t}.{c}", f"{r}.{d}") for t, columns, r, targets in rows for c, d in zip(columns, targets, strict=True)]
    sql = "SELECT lower(table_name || '.' || column_name), table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal"
    ids = dict(connection.execute(sql).fetchall())
    for table, column, said in _comments(connection):
        target = ids.get(said.removeprefix(REFERENCES).strip().lower())
        if said.startswith(REFERENCES) and target:
            found.append(ForeignKey(f"{table}.{column}", target))
    return tuple(dict.fromkeys(found))


def _comments(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """(table, column, what is said of it), several for a column whose comment has several parts."""
    sql = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE comment IS NOT NULL ORDER BY table_oid, column_index"
    for table, column, comment in connection.execute(sql).fetchall():
        for said in comment.split("; "):
            yield table, column, said


def quoted(*names: str) -> str:
    """A quoted, dotted SQL name."""
    return ".".join('"' + n.replace('"', '""') + '"' for n in names)


def unique(connection: duckdb.DuckDBPyConnection, column: Column) -> bool:
    """Whether a column has rows, no NULL and no value twice."""
    name = quoted(column.name)
    sql = f"SELECT count(*), count({name}), count(DISTINCT {name}) FROM {quoted(column.table)}"
    rows, filled, distinct = connection.execute(sql).fetchall()[0]
    return 0 < rows == filled == distinct


def contained(connection: duckdb.DuckDBPyConnection, column: Column, target: Column) -> bool:
    """Whether a column has values and at least 95% of them (in its first 20,000 rows) are values of the target, which is unique."""
    name, key = quoted(column.name), quoted(target.name)
    sql = (
        f"SELECT count(*), count(*) FILTER (v IN (SELECT {key} FROM {quoted(target.table)})) "
        f"FROM (SELECT {name} AS v FROM {quoted(column.table)} WHERE {name} IS NOT NULL LIMIT {_SAMPLE})"
    )
    try:
        filled, found = connection.execute(sql).fetchall()[0]
    except duckdb.Error:  # types that cannot be compared
        return False
    return 0 < _ENOUGH * filled <= found and unique(connection, target)
