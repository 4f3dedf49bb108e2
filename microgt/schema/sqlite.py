"""A SQLite file copied into a DuckDB file through Arrow. A column keeps its declared type when all its cells fit, else it is text."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

_INTEGER = re.compile(r"INT|YEAR", re.IGNORECASE)
_REAL = re.compile(r"REAL|FLOA|DOUB|NUMERIC|DECIMAL|NUMBER|MONEY", re.IGNORECASE)
_BOOLEAN = re.compile(r"BOOL", re.IGNORECASE)


def copy_sqlite(source: Path, target: Path) -> None:
    """All tables of `source` into the new file `target`. Raises `sqlite3.DatabaseError` when it is not readable."""
    connection = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
        with duckdb.connect(str(target), config={"threads": 1}) as copy:
            for (name,) in tables:
                quoted = '"' + name.replace('"', '""') + '"'
                columns = [(r[1], r[2] or "", r[5]) for r in connection.execute(f"PRAGMA table_info({quoted})")]
                rows = connection.execute(f"SELECT * FROM {quoted}").fetchall()
                cells = list(zip(*rows, strict=True)) or [()] * len(columns)
                arrays = [_array(list(c), declared) for c, (_, declared, _) in zip(cells, columns, strict=True)]
                incoming = pa.Table.from_arrays(arrays, names=[c[0] for c in columns])
                copy.register("incoming", incoming)
                copy.execute(f"CREATE TABLE {quoted} AS SELECT * FROM incoming")
                copy.unregister("incoming")
    finally:
        connection.close()


def _array(cells: list[Any], declared: str) -> pa.Array:
    kinds = {type(c) for c in cells if c is not None}
    if _BOOLEAN.search(declared) and kinds <= {int} and {c for c in cells if c is not None} <= {0, 1}:
        return pa.array(cells, type=pa.int64())
    if kinds <= {int} and (_INTEGER.search(declared) or (kinds and not _REAL.search(declared) and not _is_text(declared))):
        return _integers(cells)
    if kinds <= {int, float} and (_REAL.search(declared) or _INTEGER.search(declared) or (kinds and not _is_text(declared))):
        return pa.array([None if c is None else float(c) for c in cells], type=pa.float64())
    return pa.array([_text(c) for c in cells], type=pa.string())


def _is_text(declared: str) -> bool:
    return bool(re.search(r"CHAR|TEXT|CLOB|STRING", declared, re.IGNORECASE))


def _integers(cells: list[Any]) -> pa.Array:
    try:
        return pa.array(cells, type=pa.int64())
    except (pa.ArrowInvalid, OverflowError):
        return pa.array([None if c is None else float(c) for c in cells], type=pa.float64())


def _text(cell: Any) -> str | None:
    return None if cell is None else cell.decode("utf-8", errors="replace") if isinstance(cell, bytes) else str(cell)
