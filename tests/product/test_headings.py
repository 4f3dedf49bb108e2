"""What the columns of a result are called on a chart."""

import json

from microgt.engine.result import ResultTable
from microgt.product.chart import vega_lite
from microgt.product.headings import headings
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import read_spec
from microgt.spec.types import Chart

N, T = ColumnType.NUMBER, ColumnType.TEXT
MODELS = Table(
    "models",
    ("models",),
    (Column("models", "name", T, ("name",)), Column("models", "price", N, ("price",)), Column("models", "maker", N, ("maker",))),
)
MAKERS = Table("makers", ("makers",), (Column("makers", "no", N, ("no",), primary=True), Column("makers", "name", T, ("name",))))
SCHEMA = Schema("cars", (MODELS, MAKERS), (ForeignKey("models.maker", "makers.no"),))
PRICE = {"kind": "aggregate", "fn": "sum", "of": "models.price"}


def of(*outputs, columns=("a", "b", "c", "d")):
    return headings(read_spec({"query": {"outputs": list(outputs)}}), columns[: len(outputs)], SCHEMA)


def test_outputs_are_said_in_words():
    assert of("models.name", PRICE) == ("Name", "Total price")


def test_where_two_would_be_called_the_same_their_tables_are_said():
    assert of("models.name", "makers.name", PRICE) == ("Models name", "Makers name", "Total price")


def test_what_is_too_long_keeps_its_name_in_the_sql():
    condition = {
        "kind": "compare",
        "op": "eq",
        "left": "models.name",
        "right": {"kind": "value", "value": "a name that is longer than any heading can be"},
    }
    assert of("models.name", {**PRICE, "where": condition}) == ("Name", "b")


def test_of_two_queries_those_of_the_first():
    query = {"kind": "set", "op": "union", "left": {"outputs": ["models.name"]}, "right": {"outputs": ["makers.name"]}}
    assert headings(read_spec({"query": query}), ("name",), SCHEMA) == ("Name",)


def test_axes_and_tooltips_are_called_so():
    table = ResultTable(("name", "sum_price"), (("Uno", 3), ("Due", 4)), headings=("Name", "Total price"))
    drawn = vega_lite(table, Chart(mark="bar"))
    assert (drawn["encoding"]["x"]["title"], drawn["encoding"]["y"]["title"]) == ("Name", "Total price")
    assert [tip["title"] for tip in drawn["encoding"]["tooltip"]] == ["Name", "Total price"]
    assert "sum_price" not in json.dumps(drawn)
    plain = vega_lite(ResultTable(("name", "sum_price"), table.rows), Chart(mark="bar"))
    assert plain["encoding"]["y"]["title"] == "sum_price"
