"""Totals of words are refused before anything is run; text that reads as numbers is added up."""

from dataclasses import replace

import pytest

from microgt.errors import SpecError
from microgt.product.run import Runner
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec.json import read_spec


class Engine:
    """Remembers what was run."""

    def __init__(self):
        self.ran = []

    def run(self, sql):
        self.ran.append(sql)
        raise AssertionError(sql)


def column(name, kind, primary=False):
    return Column("orders", name, kind, (name,), primary=primary)


@pytest.fixture
def schema():
    columns = (
        column("id", ColumnType.NUMBER, primary=True),
        column("customer_id", ColumnType.NUMBER),
        column("status", ColumnType.TEXT),
        column("priority", ColumnType.TEXT),
        column("note", ColumnType.TEXT),
        column("amount", ColumnType.NUMBER),
    )
    values = {"orders.status": ("paid", "open", "12"), "orders.priority": ("1", "2.5", " ", "-3")}
    return Schema("shop", (Table("orders", ("orders",), columns),), (ForeignKey("orders.customer_id", "orders.id"),), values)


def measure(of, fn="sum"):
    return {"kind": "aggregate", "fn": fn, "of": of}


def run(schema, output):
    Runner(schema, Engine(), Engine()).run(read_spec({"query": {"outputs": [output]}}))


@pytest.mark.parametrize(
    ("output", "place", "what"),
    [
        (measure("orders.status"), "/query/outputs/0/of", "sum"),
        (measure("orders.status", "avg"), "/query/outputs/0/of", "avg"),
        ({"kind": "arithmetic", "op": "mul", "left": "orders.amount", "right": "orders.status"}, "/query/outputs/0/right", "arithmetic"),
        ({"kind": "ratio", "numerator": measure("orders.status"), "denominator": measure("orders.amount")}, "/query/outputs/0/numerator/of", "sum"),
    ],
)  # fmt: skip
def test_words_are_refused_with_what_can_be_added_up(schema, output, place, what):
    with pytest.raises(SpecError) as refused:
        run(schema, output)
    assert str(refused.value) == (
        f"E_TYPE at {place}: {what} needs numbers, and orders.status is text such as 'paid', 'open'; numbers of orders are orders.amount"
    )
    assert (refused.value.given, refused.value.choices) == ("orders.status", ("orders.amount",))


def test_a_table_without_numbers_says_so(schema):
    (orders,) = schema.tables
    schema = replace(schema, tables=(replace(orders, columns=orders.columns[:4]),))
    with pytest.raises(SpecError, match="orders has no numbers: count its rows"):
        run(schema, measure("orders.status"))


@pytest.mark.parametrize(
    "output",
    [measure("orders.priority"), measure("orders.note"), measure("orders.amount"), measure("orders.status", "max"), measure("orders.status", "count_distinct")],
)  # fmt: skip
def test_numbers_in_text_and_what_is_not_known_are_run(schema, output):
    with pytest.raises(AssertionError, match="SELECT"):
        run(schema, output)
