"""Any database file as a DuckDB file: itself, or a copy in the cache under a key that changes when the file does."""

from __future__ import annotations

import csv
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
from contextlib import suppress
from functools import partial
from pathlib import Path

import duckdb

from microgt.errors import DataError
from microgt.paths import cache_dir
from microgt.schema.catalog import first_line, quoted
from microgt.schema.csv_files import as_meant, read_csv

_LOADER_VERSION = 4
_CSV = read_csv("{}")
_READERS = {".parquet": "read_parquet('{}')", **dict.fromkeys((".csv", ".csv.gz", ".tsv", ".tsv.gz"), _CSV)}
_GZIP, _SQLITE, _DUCKDB = b"\x1f\x8b", b"SQLite format 3\0", b"DUCK"
_LOGS = {_DUCKDB: ".wal", _SQLITE: "-wal"}  # where the newest changes are
_UNFINISHED = ".loading-"
_ABANDONED = 3600.0  # seconds after which an unfinished copy belongs to a process that was killed
KNOWN = "DuckDB, SQLite (.sqlite, .db, .sqlite.gz), CSV and Parquet files, or a folder of CSV and Parquet files"


def as_duckdb(*paths: Path, dates: bool = False) -> Path:
    """The DuckDB file of a database, or of several CSV and Parquet files together. Raises `DataError` for anything else.

    dates: SQLite columns declared as dates, whose cells all are dates, become dates; otherwise they are text, as in SQLite.
    """
    files = files_of(*paths)
    kind = _kind(*paths)
    if kind == _DUCKDB:
        return paths[0]
    if kind == _SQLITE:
        return _cached(paths, files, partial(_load_sqlite, paths[0], dates), options=f"dates={dates}")
    return _cached(paths, files, partial(_load_tables, files))


def files_of(*paths: Path) -> tuple[Path, ...]:
    """The files that a database is stored in: its own and the log of its newest changes, or one a table. Raises `DataError`."""
    for path in paths:
        if not path.exists():
            raise DataError(f"no database at {path}: expected {KNOWN}")
    log = _LOGS.get(_kind(*paths))
    if log:
        return paths[0], paths[0].with_name(paths[0].name + log)
    tables = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path]) if _ending(file)]
    if not tables:
        raise DataError(f"{paths[0]} is no database: expected {KNOWN}")
    return tuple(tables)


def stamp_of(files: Iterable[Path]) -> str:
    """A hash that changes when one of the files changes, comes or goes."""
    digest = hashlib.sha256()
    for file in files:
        with suppress(FileNotFoundError):  # there is a log only while something is in it
            stat = file.stat()
            digest.update(f"{file.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]


def _kind(*paths: Path) -> bytes:
    """What a single file starts with when it is a DuckDB or SQLite database."""
    first, *others = paths
    if others or not first.is_file():
        return b""
    head = _head(first)
    return next((kind for kind, place in ((_DUCKDB, 8), (_SQLITE, 0)) if head[place:].startswith(kind)), b"")


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


def _cached(paths: Iterable[Path], files: Iterable[Path], load: Callable[[Path], None], options: str = "") -> Path:
    """The copy of a database as it is now; the copies of what it was are removed."""
    places = [path.resolve() for path in paths]
    name = re.sub(r"[^\w-]+", "_", places[0].name.split(".")[0]) or "database"
    folder = cache_dir() / "databases" / f"{name}-{_hash(options, *places)}"
    target = folder / _hash(_LOADER_VERSION, stamp_of(files)) / f"{name}.duckdb"
    if target.is_file():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=_UNFINISHED) as loading:
            unfinished = Path(loading) / target.name
            load(unfinished)
            target.parent.mkdir(exist_ok=True)
            os.replace(unfinished, target)
        _sweep(folder, target.parent)
    except OSError as error:
        raise DataError(f"the cache {cache_dir()} cannot be written ({error.strerror}): set MICROGT_CACHE to another folder") from None
    return target


def _hash(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def _sweep(folder: Path, kept: Path) -> None:
    """Remove the older copies, which a process that has one open can still read, and what killed processes left behind."""
    for other in folder.iterdir():
        if other.name.startswith(_UNFINISHED):
            with suppress(FileNotFoundError):  # its process may just finish
                if time.time() - other.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(other, ignore_errors=True)
        elif other != kept:
            shutil.rmtree(other, ignore_errors=True)


def _load_sqlite(path: Path, dates: bool, target: Path) -> None:
    source = path
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        if packed:
            source = target.with_suffix(".sqlite")
            with gzip.open(path, "rb") as file, source.open("wb") as plain:
                shutil.copyfileobj(file, plain)
        from microgt.schema.sqlite import copy_sqlite  # with pyarrow, which is slow to import

        tables = copy_sqlite(source, target, dates=dates)
    except (sqlite3.Error, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path} is not a readable SQLite database: {error}") from None
    except duckdb.Error as error:
        raise DataError(f"{path} cannot be copied into DuckDB: {first_line(error)}") from None
    if not tables:
        raise DataError(f"{path} has no tables: create some, or give another database")


def _load_tables(files: Iterable[Path], target: Path) -> None:
    names: dict[str, Path] = {}
    with duckdb.connect(str(target), config={"threads": 1}) as connection:
        for file in files:
            ending = _ending(file)
            name = file.name[: -len(ending)]
            if name.lower() in names:
                raise DataError(f"{names[name.lower()]} and {file} would both be the table {name!r}: rename one")
            names[name.lower()] = file
            reader = _READERS[ending].format(_literally(file))
            try:
                connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM {reader}")
                if reader == _CSV.format(_literally(file)):
                    columns = connection.execute(f"DESCRIBE {quoted(name)}").fetchall()
                    _refuse_uneven(file, columns)
                    if len(columns) == 1:
                        _refuse_blank(file)
                    as_meant(connection, name, file, _literally(file))
            except duckdb.Error as error:
                raise DataError(f"{file} cannot be read: {_cause(error)}") from None


def _refuse_uneven(file: Path, columns: list[tuple]) -> None:
    """Of lines with different numbers of fields DuckDB makes one column, whose name is the whole first line. Raises `DataError`."""
    mark = next((mark for mark in ",;\t|" if mark in columns[0][0]), None) if len(columns) == 1 else None
    if mark is None:
        return
    open_ = gzip.open if file.name.lower().endswith(".gz") else open
    with open_(file, "rt", newline="", encoding="utf-8", errors="replace") as lines:
        rows = csv.reader(lines, delimiter=mark)
        expected = len(next(rows))
        for row in rows if expected > 1 else ():
            if row and len(row) != expected:
                raise DataError(f"{file} cannot be read: line {rows.line_num} has {len(row)} fields, and the first line has {expected}")


def _refuse_blank(file: Path) -> None:
    """Of a file without a word DuckDB makes a column. Raises `DataError`."""
    open_ = gzip.open if file.name.lower().endswith(".gz") else open
    with open_(file, "rb") as content:
        if not content.read(1 << 16).strip():
            raise DataError(f"{file} is empty: it needs a first line with the names of the columns")


def _literally(file: Path) -> str:
    """A path within quotes, in which DuckDB sees no pattern for several files."""
    return re.sub(r"[*?[]", r"[\g<0>]", str(file)).replace("'", "''")


def _cause(error: duckdb.Error) -> str:
    """DuckDB's first line; of an error in a line of a CSV file also the last of the first paragraph, which says what is wrong there."""
    first = first_line(error)
    last = str(error).strip().partition("\n\n")[0].splitlines()[-1]
    if "not utf-8 encoded" in str(error):
        last += " Save it as UTF-8, such as by `iconv -f latin1 -t utf-8`"
    return f"{first}: {last}" if "CSV Error" in first and last != first else first
