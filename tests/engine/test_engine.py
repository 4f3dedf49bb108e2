"""Rows, the row cap, and files that are not there. What a stranger's SQL must not do is in `attacks/`."""

import duckdb
import pytest

from microgt.engine import DuckDBEngine, Limits
from microgt.errors import DataError, RowLimit


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


def test_the_row_cap_truncates_or_raises(database):
    with DuckDBEngine(database, Limits(rows=3)) as engine:
        table = engine.run("SELECT a FROM t")
        assert (len(table.rows), table.truncated) == (3, True)
    with DuckDBEngine(database, Limits(rows=3, strict_rows=True)) as engine, pytest.raises(RowLimit, match="more than 3 rows"):
        engine.run("SELECT a FROM t")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="no database at"), DuckDBEngine(tmp_path / "gone.duckdb") as engine:
        engine.run("SELECT 1")
