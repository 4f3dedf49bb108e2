"""A database that is ready for questions: its DuckDB file, its schema, its version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from microgt.paths import cache_dir
from microgt.schema import store
from microgt.schema.load import as_duckdb, files_of, stamp_of
from microgt.schema.readers import read_duckdb
from microgt.schema.types import Schema

_SCHEMA_VERSION = 3  # of what the readers find in a database


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
    key = hashlib.sha256("\0".join([str(_SCHEMA_VERSION), version, *sorted(hide)]).encode()).hexdigest()[:16]
    stored = cache_dir() / "schemas" / f"{file.stem}-{key}.json"
    schema = store.load(stored)
    if schema is None:
        schema = read_duckdb(file, hide=hide)
        store.save(schema, stored)
    return Database(file, schema, version)
