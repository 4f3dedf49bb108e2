"""CSV files as DuckDB tables: dates read in the order that the file means, and with each table what is to be known of its reading."""

from __future__ import annotations

from pathlib import Path

import duckdb

from microgt.schema.catalog import quoted
from microgt.schema.day_month import Readings
from microgt.schema.remarks import remark
from microgt.schema.sniffed import Sniffed, sniffed

_ROWS = 20_000  # of a file that its formats are told from
_FORMATS = {"DATE": "dateformat", "TIMESTAMP": "timestampformat"}


def read_csv(path: str, **formats: str) -> str:
    """The SQL that reads a file. path: as it stands between quotes in SQL. formats: of dates, as options of DuckDB's reader."""
    options = "".join(f", {name} = '{format_}'" for name, format_ in formats.items())
    return f"read_csv('{path}', sample_size = -1{options})"


def as_meant(connection: duckdb.DuckDBPyConnection, table: str, file: Path, path: str) -> None:
    """Read the dates of a loaded file again where it means another order, and keep remarks. path: as in `read_csv`."""
    kinds = _kinds(connection, table)
    found = sniffed(connection, path, _ROWS)
    if found and not (found.dates or found.times) and _FORMATS.keys() & set(kinds.values()):
        found = sniffed(connection, path, -1)  # the first rows have no date
    if found:
        said = _in_order(connection, table, path, found)
        remark(connection, table, found.lines(file, list(kinds)))
        for column, line in said.items():
            remark(connection, table, [line], column)


def _in_order(connection: duckdb.DuckDBPyConnection, table: str, path: str, found: Sniffed) -> dict[str, str]:
    """The columns whose dates can be read in other orders, and what is to be known of them."""
    readings = Readings.of(connection, table, found.dates, found.times)
    if not readings.orders:
        return {}
    order = readings.best(connection)
    if order != readings.current:
        kinds = _kinds(connection, table)
        formats = {_FORMATS[kinds[column]]: format_ for column, format_ in readings.formats(order).items()}
        connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS SELECT * FROM {read_csv(path, **formats)}")
        readings = Readings.of(connection, table, formats.get("dateformat"), formats.get("timestampformat"))
    line = readings.remark(order)
    return dict.fromkeys(readings.columns, line) if line else {}


def _kinds(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """column -> its type in DuckDB."""
    return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {quoted(table)}").fetchall()}
