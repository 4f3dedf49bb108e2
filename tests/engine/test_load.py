"""Files become DuckDB files once, and again when they change; engines are shared and bounded."""

import os

import duckdb
import pytest

from microgt.engine import EnginePool, Limits, open_database
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
    path.write_text("a\n1\n2\n3\n")
    second = as_duckdb(path)
    assert second != first
    assert (count(first), count(second)) == (2, 3)
    os.utime(path, ns=(1, 1))  # same size, another time
    assert as_duckdb(path) not in (first, second)


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


def test_a_pool_reuses_engines_and_closes_the_oldest(tmp_path):
    paths = [database(tmp_path / f"{n}.duckdb", n) for n in (1, 2)]
    with EnginePool(Limits(seconds=20), most=1) as pool:
        first = pool.engine(paths[0])
        assert first.run("SELECT count(*) FROM t").rows == ((1,),)
        assert pool.engine(paths[0]) is first
        assert pool.engine(paths[1]).run("SELECT count(*) FROM t").rows == ((2,),)
        assert pool.engine(paths[0]) is not first
        assert not first.running
