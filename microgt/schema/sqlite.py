"""A SQLite file copied into a DuckDB file through Arrow, with its declared keys as column comments.

A column keeps its declared type when all its cells fit it, else it is text; text stays text.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from microgt.schema.catalog import PRIMARY_KEY, REFERENCES, quoted

_INTEGER = re.compile(r"INT|YEAR|BOOL", re.IGNORECASE)
_REAL = re.compile(r"REAL|FLOA|DOUB|NUMERIC|DECIMAL|NUMBER|MONEY", re.IGNORECASE)
_TEXT = re.compile(r"CHAR|TEXT|CLOB|STRING", re.IGNORECASE)
_DATE = re.compile(r"DATE|TIMESTAMP", re.IGNORECASE)
_ARROW = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "VARCHAR": pa.string()}
_INTERNAL = 1  # among the kinds of columns of PRAGMA table_xinfo: one of a virtual table's own; 2 and 3 are generated ones
_BATCH = 20_000  # rows in memory at a time
_ROWS = "_microgt_rows_to_copy"  # what they are called meanwhile: no table may have the same name


@dataclass(frozen=True, slots=True)
class _Column:
    """declared: its type in SQLite. type: of the copy. comment: the keys it is part of."""

    name: str
    declared: str
    type: str = "VARCHAR"
    comment: str = ""


def copy_sqlite(source: Path, target: Path, *, dates: bool) -> int:
    """Copy all tables of `source` into the new file `target`; returns their number. Raises `sqlite3.Error` when it is not readable.

    dates: turn columns declared as dates, whose cells all are dates, into dates; SQLite itself has only text for them.
    """
    connection = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    with closing(connection), duckdb.connect(str(target), config={"threads": 1}) as copy:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        tables = [name for (name,) in connection.execute(sql).fetchall()]
        for table in tables:
            columns = [replace(c, type=_type(c.declared, kinds)) for c, kinds in _with_kinds(connection, table)]
            _copy_rows(connection, copy, table, columns)
            for column in columns:
                if dates and column.type == "VARCHAR" and _DATE.search(column.declared):
                    _to_dates(copy, table, column.name)
                if column.comment:
                    said = column.comment.replace("'", "''")
                    copy.execute(f"COMMENT ON COLUMN {quoted(table, column.name)} IS '{said}'")
        return len(tables)


def _with_kinds(connection: sqlite3.Connection, table: str) -> Iterator[tuple[_Column, set[str]]]:
    """Each column with the storage classes of its cells."""
    references = {}
    for _, _, other, column, target, *_ in connection.execute(f"PRAGMA foreign_key_list({quoted(table)})").fetchall():
        target = target or _single_key(connection, other)
        if target:
            references[column.lower()] = f"{REFERENCES}{other}.{target}"
    columns = []
    for _, name, declared, _, _, key, hidden in connection.execute(f"PRAGMA table_xinfo({quoted(table)})").fetchall():
        if hidden == _INTERNAL:
            continue
        said = (PRIMARY_KEY if key else None, references.get(name.lower()))
        columns.append(_Column(name, declared or "", comment="; ".join(filter(None, said))))
    seen = ", ".join(f"group_concat(DISTINCT typeof({quoted(c.name)}))" for c in columns)
    cells = connection.execute(f"SELECT {seen} FROM {quoted(table)}").fetchone()
    for column, kinds in zip(columns, cells, strict=True):
        yield column, {kind for kind in (kinds or "").split(",") if kind not in ("", "null")}


def _single_key(connection: sqlite3.Connection, table: str) -> str | None:
    """The primary key of a table, when it is one column: what a foreign key without a column refers to."""
    names = [name for _, name, _, _, _, key in connection.execute(f"PRAGMA table_info({quoted(table)})").fetchall() if key]
    return names[0] if len(names) == 1 else None


def _type(declared: str, kinds: set[str]) -> str:
    """The DuckDB type that holds all cells."""
    free = bool(kinds) and not _TEXT.search(declared)  # nothing is declared against what is there
    if kinds <= {"integer"} and (_INTEGER.search(declared) or (free and not _REAL.search(declared))):
        return "BIGINT"
    if kinds <= {"integer", "real"} and (_INTEGER.search(declared) or _REAL.search(declared) or free):
        return "DOUBLE"
    return "VARCHAR"


def _copy_rows(connection: sqlite3.Connection, copy: duckdb.DuckDBPyConnection, table: str, columns: list[_Column]) -> None:
    copy.execute(f"CREATE TABLE {quoted(table)} ({', '.join(f'{quoted(c.name)} {c.type}' for c in columns)})")
    cursor = connection.execute(f"SELECT {', '.join(quoted(c.name) for c in columns)} FROM {quoted(table)}")
    while rows := cursor.fetchmany(_BATCH):
        arrays = [_array(cells, c.type) for cells, c in zip(zip(*rows, strict=True), columns, strict=True)]
        copy.register(_ROWS, pa.Table.from_arrays(arrays, names=[c.name for c in columns]))
        copy.execute(f"INSERT INTO {quoted(table)} SELECT * FROM {_ROWS}")
        copy.unregister(_ROWS)


def _array(cells: tuple[Any, ...], kind: str) -> pa.Array:
    if kind == "DOUBLE":
        cells = tuple(None if c is None else float(c) for c in cells)
    elif kind == "VARCHAR":
        cells = tuple(c if c is None or isinstance(c, str) else _text(c) for c in cells)
    return pa.array(cells, type=_ARROW[kind])


def _text(cell: Any) -> str:
    return cell.decode("utf-8", errors="replace") if isinstance(cell, bytes) else str(cell)


def _to_dates(copy: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """Make a text column one of dates, or of timestamps when a cell has a time of day; leave it when a cell is neither."""
    name = quoted(column)
    sql = (
        f"SELECT count({name}), count(moment), count(*) FILTER (moment <> date_trunc('day', moment)) "
        f"FROM (SELECT {name}, TRY_CAST({name} AS TIMESTAMP) AS moment FROM {quoted(table)})"
    )
    filled, moments, timed = copy.execute(sql).fetchall()[0]
    if 0 < filled == moments:
        copy.execute(f"ALTER TABLE {quoted(table)} ALTER {name} TYPE {'TIMESTAMP' if timed else 'DATE'}")
