"""A database that is ready for questions: its DuckDB file, its schema, its version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from microgt.schema import store
from microgt.schema.load import as_duckdb, files_of, stamp_of
from microgt.schema.readers import read_duckdb
from microgt.schema.types import Schema


@dataclass(frozen=True)
class Database:
    """path: a DuckDB file. version: changes when the database's file does."""

    path: Path
    schema: Schema
    version: str


def open_database(path: str | Path, hide: tuple[str, ...] = ()) -> Database:
    """Open any DuckDB, SQLite, CSV or Parquet path. Raises `DataError` when it cannot be used or has no tables.

    hide: ids of columns whose values the schema must not hold. The schema is read once for each state of the file.
    """
    file = as_duckdb(Path(path), dates=True)
    version = stamp_of(files_of(file))[:12]
    schema = store.stored(file.stem, [version, *sorted(hide)], lambda: read_duckdb(file, hide=hide))
    return Database(file, schema, version)
