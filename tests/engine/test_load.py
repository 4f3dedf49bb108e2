"""Files become DuckDB files once, and again when they change; engines are shared and bounded."""

import os
import sqlite3
from contextlib import closing

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from microgt.engine import open_database
from microgt.errors import DataError
from microgt.schema.load import as_duckdb


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))


def database(path, rows: int):
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE t AS SELECT range AS a FROM range({rows})")
    return path


def count(path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("SELECT count(*) FROM t").fetchall()[0][0]


def test_a_duckdb_file_is_itself(tmp_path):
    path = database(tmp_path / "shop.db", 2)
    assert as_duckdb(path) == path


def test_a_copy_is_kept_until_the_file_changes(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n2\n")
    first = as_duckdb(path)
    made = first.stat().st_mtime_ns
    assert as_duckdb(path) == first
    assert first.stat().st_mtime_ns == made
    with duckdb.connect(str(first), read_only=True) as reader:
        path.write_text("a\n1\n2\n3\n")
        second = as_duckdb(path)
        assert second != first
        assert count(second) == 3
        assert reader.execute("SELECT count(*) FROM t").fetchall() == [(2,)], "an older copy stays readable where it is open"
    os.utime(path, ns=(1, 1))  # same size, another time
    assert as_duckdb(path) not in (first, second)


def test_only_the_newest_copy_of_each_file_is_kept(tmp_path):
    paths = [tmp_path / name / "t.csv" for name in ("one", "two")]
    for rows in range(1, 5):
        for path in paths:
            path.parent.mkdir(exist_ok=True)
            path.write_text("a\n" + "1\n" * rows)
            assert count(as_duckdb(path)) == rows
    shop = tmp_path / "s.sqlite"
    with closing(sqlite3.connect(shop)) as connection:
        connection.execute("CREATE TABLE t (a DATE)")
    as_duckdb(shop, dates=True)
    as_duckdb(shop)
    kept = (tmp_path / "cache").rglob("*.duckdb")
    assert sorted(p.name for p in kept) == ["s.duckdb", "s.duckdb", "t.duckdb", "t.duckdb"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_name_is_no_pattern(tmp_path, ending):
    names = ["q[12]", "q1", "q2", "a*'b", "axx'b", "a?", "ab", "[!a]"]
    for i, name in enumerate(names):
        target = tmp_path / f"{name}.{ending}"
        if ending == "csv":
            target.write_text(f"a\n{i}\n")
        else:
            pq.write_table(pa.table({"a": [i]}), target)
    with duckdb.connect(str(as_duckdb(tmp_path)), read_only=True) as connection:
        found = [connection.table(f'"{name}"').fetchall() for name in names]
    assert found == [[(i,)] for i in range(len(names))]


def test_why_a_csv_file_cannot_be_read_is_said_in_one_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("name,n\nJosé,1\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"t\.csv cannot be read: .*Line: 2: .*not utf-8 encoded") as caught:
        as_duckdb(path)
    assert "\n" not in str(caught.value)


def test_a_failed_load_leaves_nothing_behind(tmp_path):
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1 no table follows")
    with pytest.raises(DataError, match=r"t\.parquet cannot be read"):
        as_duckdb(path)
    assert not [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]


def test_the_version_of_a_database_changes_with_its_file(tmp_path):
    path = database(tmp_path / "shop.duckdb", 2)
    before = open_database(path)
    assert before == open_database(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE more AS SELECT range AS b FROM range(100000)")
    assert open_database(path).version != before.version
