"""Schemas in the cache: the same as read, read again when they must be."""

import os

import duckdb
import pytest

from microgt.engine import database, open_database
from microgt.errors import DataError
from microgt.schema import Schema, store
from microgt.schema.load import as_duckdb


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR, day DATE, up INTEGER REFERENCES t(id), tags VARCHAR[])")
        connection.execute("INSERT INTO t VALUES (1, 'Ada', '2024-01-01', NULL, ['x']), (2, 'Ü', '2024-02-01', NULL, NULL)")
    return path


def test_a_stored_schema_is_the_schema(shop, tmp_path):
    schema = Schema.from_duckdb(shop, hide=("t.day",))
    store.save(schema, tmp_path / "one.json")
    assert store.load(tmp_path / "one.json") == schema


def test_a_database_is_read_once_for_each_state_and_hidden_columns(shop, monkeypatch):
    first = open_database(shop)
    hidden = open_database(shop, hide=("t.name",))
    assert "t.name" in first.schema.values
    assert "t.name" not in hidden.schema.values
    monkeypatch.setattr(database, "read_duckdb", None)
    assert open_database(shop) == first
    assert open_database(shop, hide=("t.name",)) == hidden


@pytest.mark.parametrize("damaged", ["", "{}", '{"name": "t"', '{"name": "t", "tables": [1]}', "[]"])
def test_a_damaged_store_is_read_again(shop, cache, damaged):
    first = open_database(shop)
    (stored,) = (cache / "schemas").iterdir()
    stored.write_text(damaged)
    assert open_database(shop) == first
    assert store.load(stored) == first.schema


def test_a_cache_that_cannot_be_written(shop, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "file" / "cache"))
    assert open_database(shop).schema.tables, "a DuckDB file needs none"
    (tmp_path / "t.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match="cannot be written .*: set MICROGT_CACHE to another folder"):
        open_database(tmp_path / "t.csv")


def test_what_a_killed_process_left_is_removed(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    copy = as_duckdb(path)
    old, new = (copy.parent.parent / f".loading-{n}" for n in ("old", "new"))
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (1, 1))
    path.write_text("a\n1\n2\n")
    assert as_duckdb(path) != copy
    assert (old.exists(), new.exists()) == (False, True)


def test_two_files_for_one_table(tmp_path):
    (tmp_path / "t.csv").write_text("a\n1\n")
    (tmp_path / "T.tsv").write_text("a\n1\n")
    with pytest.raises(DataError, match="would both be the table 't': rename one"):
        open_database(tmp_path)
