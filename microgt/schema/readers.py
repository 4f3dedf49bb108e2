"""Readers: a schema from a DuckDB file, a SQLite file, or CSV and Parquet files."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

from microgt.errors import DataError
from microgt.schema.catalog import connect, contained, read_keys, read_tables
from microgt.schema.dictionaries import with_values
from microgt.schema.keys import infer_keys
from microgt.schema.types import ForeignKey, Schema


def read_duckdb(path: str | Path, *, hide: tuple[str, ...] = (), declared: tuple[ForeignKey, ...] = ()) -> Schema:
    """The schema of a DuckDB file. `declared`: keys known from elsewhere. Raises `DataError` when it has no tables."""
    path = Path(path)
    with connect(path) as connection:
        tables = read_tables(connection)
        if not tables:
            raise DataError(f"{path} has no tables")
        keys = infer_keys(tables, read_keys(connection) + declared, partial(contained, connection))
    return with_values(Schema(path.stem, tables, keys), path, hide=hide)


def read_sqlite(path: str | Path, *, hide: tuple[str, ...] = ()) -> Schema:
    """The schema of a SQLite file, through its DuckDB copy in the cache."""
    from microgt.schema.load import as_duckdb

    path = Path(path)
    return read_duckdb(as_duckdb(path), hide=hide, declared=sqlite_keys(path))


def read_files(*paths: str | Path, hide: tuple[str, ...] = ()) -> Schema:
    """The schema of CSV and Parquet files (or folders of them), one table a file."""
    from microgt.schema.load import as_duckdb

    if not paths:
        raise DataError("no files given")
    return read_duckdb(as_duckdb(*(Path(p) for p in paths)), hide=hide)


def sqlite_keys(path: Path) -> tuple[ForeignKey, ...]:
    """The foreign keys that a SQLite file declares."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        columns = {n.lower(): {r[1].lower(): f"{n}.{r[1]}" for r in connection.execute(f'PRAGMA table_info("{n}")')} for n in names}
        primary = {n.lower(): [r[1] for r in connection.execute(f'PRAGMA table_info("{n}")') if r[5]] for n in names}
        found = []
        for name in names:
            for _, _, other, source, target, *_ in connection.execute(f'PRAGMA foreign_key_list("{name}")'):
                target = target or next(iter(primary.get(other.lower(), [])), "")
                ends = columns[name.lower()].get(source.lower()), columns.get(other.lower(), {}).get(target.lower())
                if ends[0] and ends[1]:
                    found.append(ForeignKey(ends[0], ends[1]))
        return tuple(dict.fromkeys(found))
    except sqlite3.DatabaseError as error:
        raise DataError(f"{path} is not a SQLite database: {error}") from error
    finally:
        connection.close()
