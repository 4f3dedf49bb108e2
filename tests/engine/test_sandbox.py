"""What a stranger's SQL must not do, and what happens to queries that never end."""

import duckdb
import pytest

from microgt.engine import DuckDBEngine, Limits
from microgt.errors import DataError, EngineError, QueryTimeout, RowLimit


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("engine") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(5)")
    return path


@pytest.fixture(scope="module")
def engine(database):
    with DuckDBEngine(database, Limits(seconds=20)) as engine:
        yield engine


def test_rows_are_plain_values_under_their_names(engine):
    table = engine.run("SELECT a, a * 0.5 AS half, NULL AS nothing FROM t ORDER BY a LIMIT 2")
    assert table.columns == ("a", "half", "nothing")
    assert [row[0] for row in table.rows] == [0, 1]
    assert not table.truncated


@pytest.mark.parametrize(
    "attack",
    [
        "COPY t TO 'stolen.csv'",
        "EXPORT DATABASE 'stolen'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '64GB'",
        "PRAGMA enable_profiling",
        "CREATE TABLE more (a INTEGER)",
        "CREATE TEMP TABLE more (a INTEGER)",
        "CREATE TEMP MACRO sum(x) AS 42",
        "INSERT INTO t VALUES (9)",
        "DROP TABLE t",
        "SELECT 1; SELECT 2",
        "",
    ],
)
def test_attacks_are_refused_and_the_engine_goes_on(engine, attack, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EngineError):
        engine.run(attack)
    assert engine.run("SELECT sum(a) FROM t").rows == ((10,),)
    assert not list(tmp_path.iterdir())


def test_an_endless_query_is_killed_at_the_deadline(database):
    with DuckDBEngine(database, Limits(seconds=1)) as engine:
        with pytest.raises(QueryTimeout, match="longer than 1 s"):
            engine.run("SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE a.range + b.range = c.range")
        assert engine.run("SELECT 1").rows == ((1,),)


def test_the_row_cap_truncates_or_raises(database):
    with DuckDBEngine(database, Limits(rows=3)) as engine:
        table = engine.run("SELECT a FROM t")
        assert (len(table.rows), table.truncated) == (3, True)
    with DuckDBEngine(database, Limits(rows=3, strict_rows=True)) as engine, pytest.raises(RowLimit, match="more than 3 rows"):
        engine.run("SELECT a FROM t")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="no database at"), DuckDBEngine(tmp_path / "gone.duckdb") as engine:
        engine.run("SELECT 1")
