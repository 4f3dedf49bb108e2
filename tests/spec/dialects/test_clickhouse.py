"""ClickHouse gives DuckDB's answers: run where chDB is, which is ClickHouse in this process (`pip install chdb`)."""

import json
from datetime import date, datetime

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # chDB's own

_TYPES = {"VARCHAR": "String", "INTEGER": "Int32", "TIMESTAMP": "DateTime64(6)", "DATE": "Date32", "BOOLEAN": "Bool"}


@pytest.fixture(scope="module")
def clickhouse(shop, tmp_path_factory):
    session = pytest.importorskip("chdb.session", reason="chDB is not installed: pip install chdb")
    connection = session.Session(str(tmp_path_factory.mktemp("clickhouse")))
    connection.query("SET session_timezone = 'UTC'")
    for table, (columns, rows) in shop.tables().items():
        declared = ", ".join(f'"{column}" Nullable({_TYPES.get(kind, kind)})' for column, kind in columns.items())
        connection.query(f'CREATE TABLE "{table}" ({declared}) ENGINE = Memory')
        values = ", ".join(f"({', '.join(map(said, row))})" for row in rows)
        connection.query(f'INSERT INTO "{table}" VALUES {values}')
    yield connection
    connection.close()


def said(value):
    """A value as ClickHouse reads it."""
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def read(text):
    """The rows of an answer as JSON: a line of names, one of types, then one a row."""
    _, types, *rows = map(json.loads, text.splitlines())
    return [[moment(cell, kind) for cell, kind in zip(row, types, strict=True)] for row in rows]


def moment(cell, kind):
    """Dates and moments, which are text in JSON."""
    if cell is None or "Date" not in kind:
        return cell
    return datetime.fromisoformat(cell) if "DateTime" in kind else date.fromisoformat(cell)


def test_clickhouse_agrees(on_clickhouse, clickhouse, agrees):
    found = clickhouse.query(on_clickhouse.text("clickhouse"), "JSONCompactEachRowWithNamesAndTypes")
    assert agrees(on_clickhouse, read(str(found)))
