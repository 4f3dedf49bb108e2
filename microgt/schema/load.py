"""Any database file as a DuckDB file: itself, or a copy in the cache under a key that changes when the file does."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import duckdb

from microgt.errors import DataError
from microgt.paths import cache_dir
from microgt.schema.catalog import first_line, quoted
from microgt.schema.sqlite import copy_sqlite

_LOADER_VERSION = 2
_CSV = "read_csv('{}', sample_size = -1)"
_READERS = {".parquet": "read_parquet('{}')", **dict.fromkeys((".csv", ".csv.gz", ".tsv", ".tsv.gz"), _CSV)}
_GZIP, _SQLITE = b"\x1f\x8b", b"SQLite format 3\0"
_ABANDONED = 3600.0  # seconds after which an unfinished copy belongs to a process that was killed
KNOWN = "DuckDB, SQLite (.sqlite, .db, .sqlite.gz), CSV and Parquet files, or a folder of CSV and Parquet files"


def as_duckdb(*paths: Path, dates: bool = False) -> Path:
    """The DuckDB file of a database, or of several CSV and Parquet files together. Raises `DataError` for anything else.

    dates: SQLite columns declared as dates, whose cells all are dates, become dates; otherwise they are text, as in SQLite.
    """
    for path in paths:
        if not path.exists():
            raise DataError(f"no database at {path}: expected {KNOWN}")
    first = paths[0]
    if len(paths) == 1 and first.is_file():
        head = _head(first)
        if head[8:12] == b"DUCK":
            return first
        if head.startswith(_SQLITE):
            log = first.with_name(first.name + "-wal")  # where SQLite keeps the newest changes
            files = (first, log) if log.exists() else (first,)
            return _cached(first, files, partial(_load_sqlite, first, dates), options=f"dates={dates}")
    tables = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path]) if _ending(file)]
    if not tables:
        raise DataError(f"{first} is no database: expected {KNOWN}")
    return _cached(first, tables, partial(_load_tables, tables))


def stamp_of(files: Iterable[Path]) -> str:
    """A hash that changes when one of the files does."""
    digest = hashlib.sha256()
    for file in files:
        stat = file.stat()
        digest.update(f"{file.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]


def _head(path: Path) -> bytes:
    """The first bytes of a file, unpacked. Raises `DataError` when it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
        if head.startswith(_GZIP):
            with gzip.open(path, "rb") as file:
                head = file.read(16)
        return head
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}") from None


def _ending(path: Path) -> str:
    return next((ending for ending in _READERS if path.name.lower().endswith(ending)), "") if path.is_file() else ""


def _cached(named: Path, files: Iterable[Path], load: Callable[[Path], None], options: str = "") -> Path:
    name = re.sub(r"[^\w-]+", "_", named.resolve().name.split(".")[0]) or "database"
    key = hashlib.sha256(f"{_LOADER_VERSION} {options} {stamp_of(files)}".encode()).hexdigest()[:16]
    target = cache_dir() / "databases" / f"{name}-{key}" / f"{name}.duckdb"
    if target.is_file():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".loading-") as folder:
            unfinished = Path(folder) / target.name
            load(unfinished)
            os.replace(unfinished, target)
    except OSError as error:
        raise DataError(f"the cache {cache_dir()} cannot be written ({error.strerror}): set MICROGT_CACHE to another folder") from None
    return target


def _sweep(folder: Path) -> None:
    """Remove what killed processes left behind."""
    for abandoned in folder.glob(".loading-*"):
        if time.time() - abandoned.stat().st_mtime > _ABANDONED:
            shutil.rmtree(abandoned, ignore_errors=True)


def _load_sqlite(path: Path, dates: bool, target: Path) -> None:
    source = path
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        if packed:
            source = target.with_suffix(".sqlite")
            with gzip.open(path, "rb") as file, source.open("wb") as plain:
                shutil.copyfileobj(file, plain)
        tables = copy_sqlite(source, target, dates=dates)
    except (sqlite3.Error, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path} is not a readable SQLite database: {error}") from None
    except duckdb.Error as error:
        raise DataError(f"{path} cannot be copied into DuckDB: {first_line(error)}") from None
    if not tables:
        raise DataError(f"{path} has no tables: create some, or give another database")


def _load_tables(files: list[Path], target: Path) -> None:
    names: dict[str, Path] = {}
    with duckdb.connect(str(target), config={"threads": 1}) as connection:
        for file in files:
            ending = _ending(file)
            name = file.name[: -len(ending)]
            if name.lower() in names:
                raise DataError(f"{names[name.lower()]} and {file} would both be the table {name!r}: rename one")
            names[name.lower()] = file
            reader = _READERS[ending].format(str(file).replace("'", "''"))
            try:
                connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM {reader}")
            except duckdb.Error as error:
                raise DataError(f"{file} cannot be read: {first_line(error)}") from None
