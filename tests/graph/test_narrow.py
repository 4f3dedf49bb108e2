"""Schemas that are too large to be read whole: what a question may be about is found, and nothing but the size changes."""

from dataclasses import replace

import numpy as np
import pytest

from microgt.graph import Linker, build_graph
from microgt.graph.narrow import most_columns
from microgt.graph.relations import Relation
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table


def table(name: str, *columns: str) -> Table:
    made = (Column(name, c, ColumnType.NUMBER if c == "amount" else ColumnType.TEXT, tuple(c.split("_")), c == "id") for c in columns)
    return Table(name, tuple(name.split("_")), tuple(made))


WANTED = (
    table("customers", "id", "region", "city"),
    table("orders", "id", "customer_id", "amount", "placed_on"),
    table("order_lines", "order_id", "product_id"),
    table("products", "id", "colour", "label"),
)
KEYS = (
    ForeignKey("orders.customer_id", "customers.id"),
    ForeignKey("order_lines.order_id", "orders.id"),
    ForeignKey("order_lines.product_id", "products.id"),
)
VALUES = {"products.label": ("Blue Moon", "Red Sun")}
NOISE = tuple(table(f"log_{i}", "id", "note", "stamp", "payload", "state", "amount") for i in range(300))
LARGE = Schema("large", (*NOISE[:150], *WANTED, *NOISE[150:]), KEYS, VALUES)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("total amount of orders by customer region", {"orders.amount", "orders.customer_id", "customers.region", "customers.id"}),
        ("how many customers bought Blue Moon", {"customers.id", "products.label", "orders.id", "order_lines.order_id"}),
        ("which colour was sold most", {"products.colour"}),
    ],
)
def test_what_is_named_is_kept_with_the_tables_between(question, expected):
    graph = build_graph(question, LARGE, Linker(LARGE), most=40)
    assert expected <= set(graph.columns)
    assert len(graph.columns) <= 40
    assert {c.rpartition(".")[0] for c in graph.columns} == set(graph.tables)


def test_the_graph_is_that_of_a_schema_which_has_no_more():
    question = "total amount of orders by customer region of Blue Moon"
    large = build_graph(question, LARGE, Linker(LARGE), most=20)
    tables = [t for t in LARGE.tables if t.name in large.tables]
    small = Schema("small", tuple(replace(t, columns=tuple(c for c in t.columns if c.id in large.columns)) for t in tables), KEYS, VALUES)
    alone = build_graph(question, small, Linker(small))
    assert large.columns == alone.columns
    assert large.values == alone.values
    assert np.array_equal(large.relations, alone.relations)
    assert np.array_equal(large.flags, alone.flags)
    assert large.tokens == alone.tokens


def test_of_a_wide_table_what_is_named_and_keys_come_first():
    columns = ("id", *(f"measure_{i}" for i in range(500)), "discount")
    wide = Schema("wide", (table("facts", *columns), *NOISE))
    graph = build_graph("average discount and measure 77 of facts", wide, Linker(wide), most=50)
    assert {"facts.id", "facts.discount", "facts.measure_77"} <= set(graph.columns)
    assert len([c for c in graph.columns if c.startswith("facts.")]) == 40


def test_a_question_about_nothing_still_has_a_graph():
    graph = build_graph("xyzzy", LARGE, Linker(LARGE), most=30)
    assert 0 < len(graph.columns) <= 30


def test_small_schemas_are_read_whole():
    small = Schema("small", WANTED, KEYS, VALUES)
    linker = Linker(small)
    whole, same = build_graph("orders by region", small, linker), build_graph("orders by region", small, linker, most=12)
    assert len(whole.columns) == len(small.columns) == 12
    assert np.array_equal(whole.relations, same.relations)
    assert (whole.relations == Relation.TT_KEY).any()


@pytest.mark.parametrize(("columns", "read"), [(3, 60), (60, 60), (150, 60), (500, 200), (1_000, 400), (100_000, 400)])
def test_of_larger_schemas_more_columns_are_read(columns, read):
    assert most_columns(columns) == read
