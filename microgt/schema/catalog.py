"""What a DuckDB file says of itself: tables, columns, types, declared keys. The other readers go through it.

Keys that DuckDB cannot enforce (orphan rows, a table that refers to itself, a copy of a SQLite table) stand in column comments:
`primary key`, `references customers.id`, or both with `; ` between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from microgt.errors import DataError
from microgt.schema.types import Column, ColumnType, ForeignKey, Table
from microgt.schema.words import words_of, words_of_table

PRIMARY_KEY, REFERENCES = "primary key", "references "
_TEXT = ("VARCHAR", "ENUM", "UUID")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
_NUMBERS += ("DECIMAL", "DOUBLE", "FLOAT")
_SAMPLE = 20_000  # rows of a column that containment is tried on
_ENOUGH = 0.95  # of them must be found
# What the engine's workers are locked to: a view that needs more than the file cannot be asked about.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "threads": 1,
    "async_threads": 0,
}
UNUSABLE = (duckdb.ProgrammingError, duckdb.DataError)  # of one column: it is not there, or a view fails on its rows
_OURS = "NOT internal AND database_name = current_database()"
_MAIN = f"{_OURS} AND schema_name = 'main'"
_CONSTRAINTS = "duckdb_constraints() WHERE database_name = current_database() AND schema_name = 'main'"


@contextmanager
def connect(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection. Raises `DataError` when the file is missing or is no DuckDB database, or what is read from it fails."""
    if not path.is_file():
        raise DataError(f"no database at {path}")
    try:
        with duckdb.connect(str(path), read_only=True, config=SETTINGS) as connection:
            yield connection
    except duckdb.Error as error:
        what = "is not a DuckDB database" if "not a valid" in str(error) else "cannot be read"
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
    """All tables and readable views of the schema `main` in the order of their making."""
    sql = f"SELECT table_name, constraint_column_names FROM {_CONSTRAINTS} AND constraint_type = 'PRIMARY KEY'"
    primary = {f"{table}.{c}".lower() for table, columns in connection.execute(sql).fetchall() for c in columns}
    primary |= {f"{table}.{column}".lower() for table, column, said in _comments(connection) if said == PRIMARY_KEY}
    unreadable = _unreadable_views(connection)
    rows = connection.execute(
        f"SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE {_MAIN} ORDER BY table_oid, column_index"
    ).fetchall()
    columns: dict[str, list[Column]] = {}
    for table, name, declared in rows:
        if table not in unreadable:
            key = f"{table}.{name}".lower() in primary
            columns.setdefault(table, []).append(Column(table, name, type_of(declared), words_of(name), key))
    return tuple(Table(table, words_of_table(table), tuple(found)) for table, found in columns.items())


def date_columns(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The ids, in lower case, of the columns that hold dates without a time of day."""
    sql = f"SELECT table_name, column_name FROM duckdb_columns() WHERE {_MAIN} AND data_type = 'DATE'"
    return {f"{table}.{column}".lower() for table, column in connection.execute(sql).fetchall()}


def other_schemas(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The schemas beside `main` that hold tables."""
    sql = f"SELECT DISTINCT schema_name FROM duckdb_columns() WHERE {_OURS} AND schema_name <> 'main' ORDER BY ALL"
    return [name for (name,) in connection.execute(sql).fetchall()]


def _unreadable_views(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Views of what is no longer there, has changed, or lies outside the file."""
    views = connection.execute(f"SELECT view_name FROM duckdb_views() WHERE {_MAIN}").fetchall()
    return {name for (name,) in views if not _readable(connection, name)}


def _readable(connection: duckdb.DuckDBPyConnection, view: str) -> bool:
    try:
        connection.execute(f"SELECT * FROM {quoted(view)} LIMIT 0")
    except duckdb.Error:
        return False
    return True


def read_keys(connection: duckdb.DuckDBPyConnection, tables: tuple[Table, ...]) -> tuple[ForeignKey, ...]:
    """Declared foreign keys of the tables, by constraint and by comment; those of several columns pair by pair.

    A constraint spells names as whoever wrote it did: names that differ in case alone are the same to DuckDB.
    """
    rows = connection.execute(
        "SELECT table_name, constraint_column_names, referenced_table, referenced_column_names "
        f"FROM {_CONSTRAINTS} AND constraint_type = 'FOREIGN KEY'"
    ).fetchall()
    ends = [(f"{t}.{c}", f"{r}.{d}") for t, columns, r, targets in rows for c, d in zip(columns, targets, strict=True)]
    for table, column, said in _comments(connection):
        if said.startswith(REFERENCES):
            ends.append((f"{table}.{column}", said.removeprefix(REFERENCES).strip()))
    ids = {c.id.lower(): c.id for t in tables for c in t.columns}
    known = [(ids.get(column.lower()), ids.get(target.lower())) for column, target in ends]
    return tuple(dict.fromkeys(ForeignKey(column, target) for column, target in known if column and target))


def _comments(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """(table, column, what is said of it), several for a column whose comment has several parts."""
    sql = (
        f"SELECT table_name, column_name, comment FROM duckdb_columns() WHERE {_MAIN} AND comment IS NOT NULL "
        "ORDER BY table_oid, column_index"
    )
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
    try:
        rows, filled, distinct = connection.execute(sql).fetchall()[0]
    except UNUSABLE:
        return False
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
