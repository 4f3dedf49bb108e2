"""A small database with everything that goes wrong: orphans, NULLs, empty groups, two facts, two keys to one table, dates in text."""

import json
from pathlib import Path

import duckdb
import pytest

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

FOLDER = Path(__file__).parents[1] / "fixtures" / "compile"
DATA = (FOLDER / "database.sql").read_text(encoding="utf-8")
_TYPES = {"INTEGER": ColumnType.NUMBER, "DOUBLE": ColumnType.NUMBER, "DATE": ColumnType.TIME, "BOOLEAN": ColumnType.BOOLEAN}
_TYPES |= {"TIMESTAMP": ColumnType.TIME}


def schema_of(connection: duckdb.DuckDBPyConnection) -> Schema:
    rows = connection.sql(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
    ).fetchall()
    tables: dict[str, list[Column]] = {}
    for table, name, kind in rows:
        words = tuple(name.lower().replace("_", " ").split())
        primary = (name == "id" or name == "code") and table != "notes"
        tables.setdefault(table, []).append(Column(table, name, _TYPES.get(kind, ColumnType.TEXT), words, primary))
    keys = tuple(ForeignKey(column, target) for column, target in json.loads((FOLDER / "keys.json").read_text(encoding="utf-8")).items())
    days = frozenset(f"{table}.{name}" for table, name, kind in rows if kind == "DATE")
    return Schema("shop", tuple(Table(t, (t,), tuple(columns)) for t, columns in tables.items()), keys, days=days)


@pytest.fixture(scope="session")
def connection():
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(DATA)
        yield connection


@pytest.fixture(scope="session")
def schema(connection):
    return schema_of(connection)
