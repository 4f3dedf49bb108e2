"""A database that is ready for questions: its DuckDB file, its schema, its version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from microgt.errors import DataError
from microgt.schema.load import KNOWN, as_duckdb
from microgt.schema.readers import read_duckdb, sqlite_keys
from microgt.schema.types import Schema


@dataclass(frozen=True)
class Database:
    """path: a DuckDB file. version: changes when the database's file does."""

    path: Path
    schema: Schema
    version: str


def open_database(path: str | Path, hide: tuple[str, ...] = ()) -> Database:
    """Open any DuckDB, SQLite, CSV or Parquet path. Raises `DataError` when it cannot be used or has no tables."""
    given = Path(path)
    if not given.exists():
        raise DataError(f"no database at {given}: expected {KNOWN}")
    file = as_duckdb(given)
    declared = sqlite_keys(given) if given.is_file() and given.suffix != ".gz" and _is_sqlite(given) else ()
    schema = read_duckdb(file, hide=hide, declared=declared)
    stat = file.stat()
    version = hashlib.sha256(f"{file.resolve()}:{stat.st_size}:{stat.st_mtime_ns}".encode()).hexdigest()[:12]
    return Database(file, schema, version)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16).startswith(b"SQLite format 3")
