"""SQLite gives DuckDB's answers."""

import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal

import pytest

_TYPES = {"VARCHAR": "TEXT", "DATE": "TEXT", "TIMESTAMP": "TEXT", "DECIMAL(10,2)": "REAL"}


def stored(value):
    """SQLite has no dates, no true and false, and no decimals."""
    match value:
        case datetime():
            return value.isoformat(" ")
        case date():
            return value.isoformat()
        case bool() | Decimal():
            return float(value)
    return value


@pytest.fixture(scope="module")
def sqlite(shop):
    with closing(sqlite3.connect(":memory:")) as connection:
        for table, (columns, rows) in shop.tables().items():
            declared = ", ".join(f'"{c}" {_TYPES.get(kind, kind)}' for c, kind in columns.items())
            connection.execute(f'CREATE TABLE "{table}" ({declared})')
            places = ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{table}" VALUES ({places})', [[stored(v) for v in row] for row in rows])
        yield connection


def test_sqlite_agrees(on_sqlite, sqlite, agrees):
    assert agrees(on_sqlite, sqlite.execute(on_sqlite.text("sqlite")).fetchall(), stored)
