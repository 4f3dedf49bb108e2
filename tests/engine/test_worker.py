"""The worker itself: what its connection does not see, what its memory limit and the deadline stop."""

import datetime
import decimal

import duckdb
import pytest

from microgt.engine import DuckDBEngine, Limits, worker
from microgt.errors import EngineError


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(5)")
    return path


@pytest.fixture
def connection(database):
    with duckdb.connect(str(database), read_only=True, config={**worker.SETTINGS, "memory_limit": "256MB"}) as connection:
        connection.execute("SET lock_configuration = true")
        yield connection


def test_objects_of_python_are_no_tables(connection):
    frame = duckdb.sql("SELECT 1 AS secret").arrow()
    assert frame is not None
    kind, message = worker._answer(connection, "SELECT * FROM frame", 10)
    assert kind == "error"
    assert "frame does not exist" in message


@pytest.mark.parametrize(
    "attack",
    [
        "SET enable_external_access = true",
        "SET VARIABLE x = 1",
        "RESET threads",
        "CALL enable_logging(storage = 'file')",
        "CREATE TEMP VIEW t AS SELECT 1 AS a",
        "UPDATE t SET a = 0",
        "ATTACH ':memory:' AS other",
        "SELECT * FROM read_json('/etc/hostname')",
        "SELECT * FROM read_text('/etc/hostname')",
        "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
        "EXPLAIN ANALYZE SELECT 1",
    ],
)
def test_more_attacks(connection, attack):
    assert worker._answer(connection, attack, 10)[0] == "error"
    assert worker._answer(connection, "SELECT sum(a) FROM t", 10) == ("ok", ("sum(a)",), ((10,),), False)


def test_values_keep_their_python_types(connection):
    sql = "SELECT 1.50::DECIMAL(9, 2), DATE '2024-02-29', true, 'ü', 0.5::DOUBLE, NULL"
    rows = worker._answer(connection, sql, 10)[2]
    assert rows == ((decimal.Decimal("1.50"), datetime.date(2024, 2, 29), True, "ü", 0.5, None),)


def test_what_no_interrupt_stops_is_killed(database):
    """Either the operating system's memory limit or the deadline ends it; the next query runs."""
    nested = "SELECT count(*) FROM (SELECT unnest(range(100000)) AS a, unnest(range(100000)) AS b), (SELECT unnest(range(1000000000)) AS c)"
    with DuckDBEngine(database, Limits(seconds=1, memory_mb=128)) as engine:
        with pytest.raises(EngineError):
            engine.run(nested)
        engine.limits = Limits(seconds=20)
        assert engine.run("SELECT count(*) FROM t").rows == ((5,),)
