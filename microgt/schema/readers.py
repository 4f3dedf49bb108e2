"""Readers: a schema from a DuckDB file, a SQLite file, or CSV and Parquet files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from microgt.errors import DataError
from microgt.schema.catalog import connect, contained, other_schemas, read_keys, read_tables, unique
from microgt.schema.dictionaries import with_values
from microgt.schema.keys import infer_keys, infer_primary
from microgt.schema.load import as_duckdb
from microgt.schema.types import Schema


def read_duckdb(path: str | Path, *, hide: tuple[str, ...] = ()) -> Schema:
    """The schema of a DuckDB file. Raises `DataError` when it has no tables.

    hide: ids of columns whose values enter neither dictionaries nor training pairs.
    """
    path = Path(path)
    with connect(path) as connection:
        tables = read_tables(connection)
        if not tables:
            others = ", ".join(other_schemas(connection))
            where = f" in its schema main, the only one that is read (others: {others})" if others else ""
            raise DataError(f"{path} has no tables{where}: create some, or give another database")
        schema = Schema(path.stem, tables, read_keys(connection, tables))
    return with_values(with_keys(schema, path), path, hide=hide)


def with_keys(schema: Schema, path: str | Path) -> Schema:
    """The schema with the keys that it does not declare and that its DuckDB file bears out; see `infer_keys`, `infer_primary`."""
    with connect(Path(path)) as connection:
        keys = infer_keys(schema.tables, schema.keys, partial(contained, connection))
        return replace(schema, tables=infer_primary(schema.tables, keys, partial(unique, connection)), keys=keys)


def read_sqlite(path: str | Path, *, hide: tuple[str, ...] = ()) -> Schema:
    """The schema of a SQLite file, through its DuckDB copy in the cache."""
    return read_duckdb(as_duckdb(Path(path), dates=True), hide=hide)


def read_files(*paths: str | Path, hide: tuple[str, ...] = ()) -> Schema:
    """The schema of CSV and Parquet files (or folders of them), one table a file."""
    if not paths:
        raise DataError("no files given: expected CSV and Parquet files, or folders of them")
    return read_duckdb(as_duckdb(*(Path(p) for p in paths)), hide=hide)
