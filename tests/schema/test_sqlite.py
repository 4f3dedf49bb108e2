"""What survives the way from SQLite to DuckDB: types, keys, dates, odd names."""

import gzip
import sqlite3
from contextlib import closing

import duckdb
import pytest

from microgt.engine import open_database
from microgt.errors import DataError
from microgt.schema import ForeignKey, Schema
from microgt.schema.load import as_duckdb

SHOP = """
CREATE TABLE clients (id INTEGER PRIMARY KEY, born DATE, seen DATETIME, note DATE, name TEXT, upper TEXT AS (upper(name)));
CREATE TABLE "order items" (id INTEGER, line INTEGER, client INTEGER REFERENCES clients, amount NUMERIC, PRIMARY KEY (id, line));
INSERT INTO clients VALUES (1, '2000-01-31', '2024-01-01 10:00:00', '2024-01-01', 'Ada'), (2, NULL, '2024-01-02', 'soon', 'Bo');
INSERT INTO "order items" VALUES (1, 1, 2, 9.5), (1, 2, 7, 3);
"""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))


def make(path, script=SHOP):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def stored(path) -> dict[str, str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(connection.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'clients'").fetchall())


def test_keys_are_kept_though_rows_break_them(tmp_path):
    schema = Schema.from_sqlite(make(tmp_path / "shop.db"))
    assert schema.keys == (ForeignKey("order items.client", "clients.id"),)
    assert schema.table("clients").primary_key == ("clients.id",)
    assert schema.table("order items").primary_key == ("order items.id", "order items.line")


def test_dates_are_dates_only_when_asked_for_and_when_all_are(tmp_path):
    path = make(tmp_path / "shop.db")
    text = {"id": "BIGINT", "born": "VARCHAR", "seen": "VARCHAR", "note": "VARCHAR", "name": "VARCHAR", "upper": "VARCHAR"}
    assert stored(as_duckdb(path)) == text
    assert stored(as_duckdb(path, dates=True)) == text | {"born": "DATE", "seen": "TIMESTAMP"}
    assert open_database(path).schema.ranges == {"clients.born": ("2000-01-31", "2000-01-31"), "clients.seen": ("2024-01-01", "2024-01-02")}


def test_a_table_may_be_called_incoming(tmp_path):
    path = make(tmp_path / "post.db", "CREATE TABLE incoming (a TEXT); INSERT INTO incoming VALUES ('x'), ('x'), ('y');")
    assert Schema.from_sqlite(path).values["incoming.a"] == ("x", "y")


def test_a_packed_file_is_the_same_database(tmp_path):
    path = make(tmp_path / "shop #1?.sqlite")
    packed = tmp_path / "packed.sqlite.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    first, second = open_database(path).schema, open_database(packed).schema
    assert (first.tables, first.keys, first.values, first.ranges) == (second.tables, second.keys, second.values, second.ranges)


def test_changes_in_the_write_ahead_log_are_seen(tmp_path):
    path = make(tmp_path / "shop.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x');")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO t VALUES ('y')")
        connection.commit()
        assert Schema.from_sqlite(path).values["t.a"] == ("x", "y")
        connection.execute("INSERT INTO t VALUES ('y'), ('z')")
        connection.commit()
        assert Schema.from_sqlite(path).values["t.a"] == ("y", "x", "z")


def test_files_without_tables_and_damaged_ones(tmp_path):
    empty = make(tmp_path / "empty.sqlite", "CREATE TABLE t (a); DROP TABLE t;")
    with pytest.raises(DataError, match=r"empty\.sqlite has no tables"):
        open_database(empty)
    cut = tmp_path / "cut.sqlite.gz"
    cut.write_bytes(gzip.compress(make(tmp_path / "shop.db").read_bytes())[:-200])
    with pytest.raises(DataError, match=r"cut\.sqlite\.gz (cannot be read|is not a readable SQLite database)"):
        open_database(cut)
    letter = tmp_path / "letter.sqlite.gz"
    letter.write_bytes(gzip.compress(b"no database"))
    with pytest.raises(DataError, match=r"letter\.sqlite\.gz is no database: expected DuckDB, SQLite"):
        open_database(letter)
    assert not [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]
