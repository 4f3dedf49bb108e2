"""Any database file as a DuckDB file: itself, or a copy in the cache under a key that changes when the file does."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from microgt.errors import DataError
from microgt.paths import cache_dir
from microgt.schema.sqlite import copy_sqlite

_LOADER_VERSION = 1
_TABLES = (".csv", ".tsv", ".parquet")
KNOWN = "DuckDB, SQLite (.sqlite, .db, .sqlite.gz), CSV and Parquet files, or a folder of CSV and Parquet files"


def as_duckdb(*paths: Path) -> Path:
    """The DuckDB file of a database, or of several CSV and Parquet files together. Raises `DataError` for anything else."""
    for path in paths:
        if not path.exists():
            raise DataError(f"no database at {path}: expected {KNOWN}")
    first = paths[0]
    if len(paths) == 1 and first.is_file():
        head = _head(first)
        if head[8:12] == b"DUCK":
            return first
        if head.startswith(b"SQLite format 3\0") or first.name.endswith(".sqlite.gz"):
            return _cached(paths, lambda target: _load_sqlite(first, target))
    files = [f for p in paths for f in (sorted(p.iterdir()) if p.is_dir() else [p])]
    tables = [f for f in files if f.suffix.lower() in _TABLES]
    if not tables:
        raise DataError(f"{first} is no database: expected {KNOWN}")
    return _cached(tuple(tables), lambda target: _load_tables(tables, target))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _cached(paths: tuple[Path, ...], load: Callable[[Path], None]) -> Path:
    key = hashlib.sha256(str(_LOADER_VERSION).encode())
    for path in paths:
        stat = path.stat()
        key.update(f"\0{path.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}".encode())
    name = paths[0].name.split(".")[0]
    target = cache_dir() / "databases" / f"{name}-{key.hexdigest()[:16]}" / f"{name}.duckdb"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".loading-") as folder:
            unfinished = Path(folder) / target.name
            load(unfinished)
            os.replace(unfinished, target)
    return target


def _load_sqlite(path: Path, target: Path) -> None:
    source = path
    if path.suffix == ".gz":
        source = target.with_suffix(".sqlite")
        with gzip.open(path, "rb") as packed, source.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    try:
        copy_sqlite(source, target)
    except sqlite3.DatabaseError as error:
        raise DataError(f"{path} is not a readable SQLite database: {error}") from error


def _load_tables(files: list[Path], target: Path) -> None:
    with duckdb.connect(str(target), config={"threads": 1}) as connection:
        for file in files:
            reader = "read_parquet" if file.suffix.lower() == ".parquet" else "read_csv_auto"
            name = file.stem.replace('"', "")
            try:
                connection.execute(f"CREATE TABLE \"{name}\" AS SELECT * FROM {reader}('{str(file).replace(chr(39), chr(39) * 2)}')")
            except duckdb.Error as error:
                raise DataError(f"{file} cannot be read: {str(error).splitlines()[0]}") from error
