"""A shop of two tables, and gold questions about it by SQL."""

from contextlib import nullcontext
from dataclasses import dataclass

import duckdb
import pytest

from microgt.evaluation.score import evaluation_engines
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

NUMBER, TEXT, TIME = ColumnType.NUMBER, ColumnType.TEXT, ColumnType.TIME


@dataclass(frozen=True)
class Example:
    id: str
    question: str
    db: str
    spec: object
    sql: str | None
    category: str | None = None


def _table(name, **columns):
    return Table(name, (name,), tuple(Column(name, c, t, (c,), primary=c == "id") for c, t in columns.items()))


class Shop:
    """Two databases with the same content, so that there is something to do in parallel."""

    def __init__(self, folder):
        self.folder = folder
        self._schema = Schema(
            "shop",
            (_table("customers", id=NUMBER, region=TEXT), _table("orders", id=NUMBER, customer_id=NUMBER, amount=NUMBER, placed=TIME)),
            (ForeignKey("orders.customer_id", "customers.id"),),
        )
        for db in ("shop", "twin"):
            with duckdb.connect(self.database(db)) as connection:
                connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, region VARCHAR)")
                connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount DOUBLE, placed DATE)")
                connection.execute("INSERT INTO customers VALUES (1, 'north'), (2, 'south'), (3, 'south'), (4, 'east')")
                connection.execute("INSERT INTO orders VALUES (1, 1, 20, '2024-01-05'), (2, 2, 30, '2024-02-07')")
                connection.execute("INSERT INTO orders VALUES (3, 3, 30, '2024-02-09'), (4, 4, 5, NULL)")

    def schema(self, db):
        return self._schema

    def database(self, db):
        return self.folder / f"{db}.duckdb"


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="session")
def engines():
    """Workers that stay between tests."""
    with evaluation_engines() as pool:
        yield lambda: nullcontext(pool)


@pytest.fixture(scope="session")
def example():
    """Makes a gold question."""

    def make(id, *, sql=None, spec=None, db="shop", category=None):
        return Example(id, f"question {id}?", db, spec, sql, category)

    return make
