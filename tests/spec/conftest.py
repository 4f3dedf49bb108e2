"""A small database with everything that goes wrong: orphans, NULLs, empty groups, two facts, two keys to one table, dates in text."""

import duckdb
import pytest

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

DATA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, region VARCHAR, since DATE, vip BOOLEAN);
INSERT INTO customers VALUES (1, 'Ada', 'EU', '2023-01-10', true), (2, 'Bob', 'US', '2023-06-01', false),
    (3, 'Cy', NULL, '2024-02-01', NULL), (4, 'Dee', 'EU', '2024-03-05', false);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, day DATE, channel VARCHAR, status VARCHAR);
INSERT INTO orders VALUES (1, 1, '2023-12-31', 'web', 'paid'), (2, 1, '2024-01-01', 'shop', 'paid'), (3, 2, '2024-02-29', 'web', 'void'),
    (4, 3, '2024-03-31', 'web', NULL), (5, 9, '2024-03-31', 'shop', 'paid');
CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER, product VARCHAR, qty INTEGER, price DOUBLE);
INSERT INTO items VALUES (1, 1, 'pen', 2, 5), (2, 1, 'ink', 1, 20), (3, 2, 'pen', 4, 5), (4, 3, 'pad', 3, 10), (5, 4, 'ink', 1, 20),
    (6, 5, 'pen', 1, 5);
CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id INTEGER, amount INTEGER);
INSERT INTO payments VALUES (1, 1, 15), (2, 1, 25), (3, 2, 30), (4, NULL, 7);
CREATE TABLE employees (id INTEGER PRIMARY KEY, name VARCHAR, boss_id INTEGER, salary INTEGER);
INSERT INTO employees VALUES (1, 'Eve', NULL, 100), (2, 'Fay', 1, 60), (3, 'Gus', 1, NULL);
CREATE TABLE airports (code VARCHAR PRIMARY KEY, city VARCHAR);
INSERT INTO airports VALUES ('OSL', 'Oslo'), ('ROM', 'Rome');
CREATE TABLE flights (id INTEGER PRIMARY KEY, origin VARCHAR, dest VARCHAR, minutes INTEGER);
INSERT INTO flights VALUES (1, 'OSL', 'ROM', 180), (2, 'ROM', 'OSL', 170), (3, 'OSL', 'OSL', 60);
CREATE TABLE readings (id INTEGER PRIMARY KEY, taken VARCHAR, level VARCHAR);
INSERT INTO readings VALUES (1, '2024-01-15', '7'), (2, '2024-02-10', '12'), (3, 'soon', 'x'), (4, NULL, NULL);
CREATE TABLE notes (who VARCHAR, "Full Text" VARCHAR);
INSERT INTO notes VALUES ('Ada', '100% sure'), ('Ada', 'call back'), ('Zoe', 'lost');
CREATE TABLE calls (id INTEGER PRIMARY KEY, started TIMESTAMP, minutes INTEGER);
INSERT INTO calls VALUES (1, '2024-02-28 23:10:00', 4), (2, '2024-02-29 09:00:00', 6), (3, '2024-02-29 09:45:00', NULL);
"""

KEYS = (
    ("orders.customer_id", "customers.id"),
    ("items.order_id", "orders.id"),
    ("payments.customer_id", "customers.id"),
    ("employees.boss_id", "employees.id"),
    ("flights.origin", "airports.code"),
    ("flights.dest", "airports.code"),
)
_TYPES = {"INTEGER": ColumnType.NUMBER, "DOUBLE": ColumnType.NUMBER, "DATE": ColumnType.TIME, "BOOLEAN": ColumnType.BOOLEAN}
_TYPES |= {"TIMESTAMP": ColumnType.TIME}


def schema_of(connection: duckdb.DuckDBPyConnection) -> Schema:
    rows = connection.sql(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
    ).fetchall()
    tables: dict[str, list[Column]] = {}
    for table, name, kind in rows:
        words = tuple(name.lower().replace("_", " ").split())
        primary = (name == "id" or name == "code") and table != "notes"
        tables.setdefault(table, []).append(Column(table, name, _TYPES.get(kind, ColumnType.TEXT), words, primary))
    keys = tuple(ForeignKey(column, target) for column, target in KEYS)
    days = frozenset(f"{table}.{name}" for table, name, kind in rows if kind == "DATE")
    return Schema("shop", tuple(Table(t, (t,), tuple(columns)) for t, columns in tables.items()), keys, days=days)


@pytest.fixture(scope="session")
def connection():
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(DATA)
        yield connection


@pytest.fixture(scope="session")
def schema(connection):
    return schema_of(connection)
