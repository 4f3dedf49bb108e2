"""How numbers are written: fractions in percent, years and identifiers as they are, the rest with its thousands apart."""

import pytest

from microgt.engine.result import ResultTable
from microgt.product.cells import shown
from microgt.product.chart import vega_lite
from microgt.product.written import Written, written
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import read_spec
from microgt.spec.types import Chart

N = ColumnType.NUMBER
MODELS = Table(
    "models",
    ("models",),
    (
        Column("models", "id", N, ("id",), primary=True),
        Column("models", "maker", N, ("maker",)),
        Column("models", "model_year", N, ("model", "year")),
        Column("models", "price", N, ("price",)),
        Column("models", "sold", ColumnType.TIME, ("sold",)),
        Column("models", "code", ColumnType.TEXT, ("code",)),
    ),
)
SCHEMA = Schema(
    "cars", (MODELS, Table("makers", ("makers",), (Column("makers", "no", N, ("no",)),))), (ForeignKey("models.maker", "makers.no"),)
)
PRICE = {"kind": "aggregate", "fn": "sum", "of": "models.price"}


def of(*outputs):
    return [str(one) for one in written(read_spec({"query": {"outputs": list(outputs)}}), SCHEMA)]


def test_outputs_are_written_by_what_they_are():
    assert of("models.id", "models.maker", "models.model_year", "models.price", "models.code") == ["label"] * 3 + ["number"] * 2
    assert of({"kind": "date_part", "part": "year", "of": "models.sold"}, PRICE) == ["label", "number"]
    assert of({"kind": "aggregate", "fn": "max", "of": "models.model_year"}) == ["label"]
    assert of({"kind": "aggregate", "fn": "count", "of": "models.id"}) == ["number"]
    assert of("models.code", {"kind": "share", "of": PRICE}) == ["number", "share"]


def test_of_two_queries_those_of_the_first():
    query = {"kind": "set", "op": "union", "left": {"outputs": ["models.model_year"]}, "right": {"outputs": ["models.price"]}}
    assert written(read_spec({"query": query}), SCHEMA) == (Written.LABEL,)


@pytest.mark.parametrize(
    ("cell", "how", "text"),
    [
        (2013, "label", "2013"),
        (2013.0, "label", "2013"),
        (2013.5, "label", "2,013.50"),
        (0.1234, "share", "12.3%"),
        (2013, "number", "2,013"),
    ],
)
def test_cells(cell, how, text):
    assert shown(cell, how) == text


def test_charts_have_the_formats():
    chart = Chart.model_validate({"mark": "scatter", "x": {"kind": "ref", "output": 0}, "y": {"kind": "ref", "output": 1}})
    table = ResultTable(("model year", "share"), ((2013, 0.25), (2014, 0.75)), written=("label", "share"))
    encoding = vega_lite(table, chart)["encoding"]
    assert (encoding["x"]["axis"]["format"], encoding["y"]["axis"]["format"]) == ("~f", ".1%")
    assert [one.get("format") for one in encoding["tooltip"]] == ["~f", ".1%"]
    plain = vega_lite(ResultTable(table.columns, table.rows), chart)["encoding"]
    assert "axis" not in plain["x"]
    assert vega_lite(ResultTable(("year",), ((2013,),), written=("label",)), chart)["data"]["values"] == [{"text": "2013"}]
