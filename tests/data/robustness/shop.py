"""A small schema, its DuckDB file, and a source of questions about it."""

from pathlib import Path

import duckdb

from microgt.data.example import Example
from microgt.data.folder import FolderSource
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import read_spec

N, T, D = ColumnType.NUMBER, ColumnType.TEXT, ColumnType.TIME


def table(name: str, *columns: tuple[str, ColumnType]) -> Table:
    return Table(name, tuple(name.split("_")), tuple(Column(name, c, t, tuple(c.split("_")), i == 0) for i, (c, t) in enumerate(columns)))


SHOP = Schema(
    "shop",
    (
        table("customers", ("customer_id", N), ("name", T), ("age", N), ("city", T)),
        table("orders", ("order_id", N), ("customer_id", N), ("price", N), ("order_date", D)),
    ),
    (ForeignKey("orders.customer_id", "customers.customer_id"),),
    {"customers.city": ("Berlin", "München")},
)


def example(question: str, query: dict, id: str = "1") -> Example:
    return Example(id, question, "shop", read_spec({"kind": "answer", "query": {"kind": "select", **query}}), None, "test")


def compare(left: str, op: str, right) -> dict:
    return {"kind": "compare", "op": op, "left": left, "right": {"value": right} if isinstance(right, str) else right}


def write_shop(path: Path) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name VARCHAR, age INTEGER, city VARCHAR)")
        connection.execute("INSERT INTO customers VALUES (1, 'Ann', 40, 'Berlin'), (2, 'Bob', 25, 'München'), (3, 'Cem', 33, 'Berlin')")
        connection.execute(
            "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (customer_id), price DOUBLE, "
            "order_date DATE)"
        )
        connection.execute("INSERT INTO orders SELECT range, 1 + range % 3, range * 2.5, DATE '2024-01-01' + range::INT FROM range(12)")
    return path


def folder(tmp_path: Path, *lines: str) -> FolderSource:
    write_shop(tmp_path / "shop.duckdb")
    (tmp_path / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return FolderSource(tmp_path)
