"""What each chart needs, what a forecast needs, and specs that are more or less than one answer."""

from dataclasses import replace
from datetime import date

import pytest

from microgt.errors import CompileError
from microgt.spec import check, compile_spec, in_words, read_spec, sort_outputs

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "items.price"}
AVERAGE = TOTAL | {"fn": "avg"}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.day"}
LESS = {"kind": "arithmetic", "op": "sub", "left": TOTAL, "right": TOTAL}
FALL = {"kind": "delta", "of": COUNT, "n": 1, "unit": "month"}


def ref(n):
    return {"kind": "ref", "output": n}


def chart(mark, outputs, **refs):
    return {"query": {"outputs": outputs}, "view": {"kind": "chart", "mark": mark, **{k: ref(v) for k, v in refs.items()}}}


def forecast(outputs, of=1, horizon=3):
    return {"query": {"outputs": outputs}, "view": {"kind": "forecast", "of": ref(of), "horizon": horizon}}


UNION = {
    "kind": "set",
    "op": "union",
    "left": {"outputs": ["orders.channel", "orders.id"]},
    "right": {"outputs": ["items.product", "items.qty"]},
}


@pytest.fixture
def shop(schema):
    """The schema with some values: levels are numbers in text, the others are words."""
    words = {"orders.status": ("paid", "void"), "items.product": ("pen", "ink"), "readings.level": ("7", "12")}
    return replace(schema, values=words)


@pytest.mark.parametrize(
    "spec",
    [
        *(chart(mark, ["orders.channel", COUNT]) for mark in ("bar", "barh", "line", "area", "donut", "pie")),
        *(chart(mark, ["orders.channel", "items.product", TOTAL], y=2, color=1) for mark in ("stacked", "grouped", "heatmap", "line")),
        chart("heatmap", ["orders.channel", "items.product", AVERAGE], y=1, color=2),
        chart("scatter", ["items.qty", "items.price"]),
        chart("scatter", ["orders.day", "items.price"]),
        chart("histogram", ["items.price"]),
        chart("donut", ["items.product", {"kind": "share", "of": TOTAL}]),
        chart("donut", ["items.product", "items.price"]),
        chart("bar", ["items.product", AVERAGE]),
        {"query": UNION, "view": {"kind": "chart", "mark": "bar"}},
        chart("bar", ["readings.taken", "readings.level"]),
        chart("scatter", ["readings.level", "readings.id"]),
        forecast([MONTH, COUNT]),
        forecast([MONTH, "orders.channel", COUNT], of=2),
    ],
)
def test_what_is_right_is_accepted(shop, spec):
    assert check(read_spec(spec), shop) == []


@pytest.mark.parametrize(
    ("spec", "code", "place", "says"),
    [
        (chart("bar", ["orders.channel", "orders.status"]), "E_CHART_SHAPE", "/view/y", "y of a bar chart is a number, and output 1 is text"),
        (chart("bar", ["orders.channel", {"kind": "date_part", "part": "month_name", "of": "orders.day"}]), "E_CHART_SHAPE", "/view/y", "text"),
        (chart("line", ["orders.channel", "orders.day"]), "E_CHART_SHAPE", "/view/y", "a date"),
        (chart("area", ["orders.channel", "customers.vip"]), "E_CHART_SHAPE", "/view/y", "true or false"),
        (chart("bar", ["orders.channel", COUNT], y=0), "E_CHART_SHAPE", "/view", "different outputs"),
        (chart("bar", ["orders.channel", COUNT], color=1), "E_CHART_SHAPE", "/view", "different outputs"),
        (chart("grouped", ["orders.channel", COUNT]), "E_CHART_SHAPE", "/view/color", "by which its bars are split"),
        (chart("stacked", ["orders.channel", COUNT]), "E_CHART_SHAPE", "/view/color", ""),
        (chart("stacked", ["orders.channel", "items.product", AVERAGE], y=2, color=1), "E_CHART_SHAPE", "/view/y", "only counts and sums"),
        (chart("stacked", ["orders.channel", "items.product", LESS], y=2, color=1), "E_CHART_SHAPE", "/view/y", "a difference can be"),
        (chart("donut", ["items.product", LESS]), "E_CHART_SHAPE", "/view/y", "are not negative"),
        (chart("pie", ["items.product", TOTAL | {"of": {"kind": "arithmetic", "op": "sub", "left": "items.price", "right": 9}}]), "E_CHART_SHAPE",
         "/view/y", "are not negative"),
        (chart("donut", [MONTH, FALL]), "E_CHART_SHAPE", "/view/y", "add up"),
        (chart("donut", ["items.product", "items.order_id", TOTAL]), "E_CHART_SHAPE", "/view", "two outputs, not 3"),
        (chart("scatter", ["items.product", "items.price"]), "E_CHART_SHAPE", "/view/x", "a number or a date, not text"),
        (chart("histogram", ["items.product"]), "E_CHART_SHAPE", "/view/x", "for others there is bar"),
        (chart("heatmap", ["orders.channel", COUNT]), "E_CHART_SHAPE", "/view/color", "two dimensions and a number"),
        (chart("heatmap", ["orders.channel", "items.product", "orders.day"], color=2), "E_CHART_SHAPE", "/view/color", "is a number"),
        (forecast(["orders.channel", COUNT]), "E_FORECAST_NEEDS_TIME", "/view", "there are none"),
        (forecast([MONTH, COUNT, MONTH | {"grain": "year"}]), "E_FORECAST_NEEDS_TIME", "/view", "there are 2"),
        (forecast([MONTH, COUNT], of=0), "E_TYPE", "/view/of", "output 0 is none"),
        (forecast([MONTH, COUNT], of=5), "E_REF", "/view/of", "outputs: 0 to 1"),
        (forecast([MONTH, COUNT], horizon=0), "E_HORIZON", "/view/horizon", "not 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown(shop, spec, code, place, says):
    errors = check(read_spec(spec), shop)
    assert [(e.code, e.place) for e in errors] == [(code, place)]
    assert says in str(errors[0])


# ------------------------------------------------------------------ readings and edits

BY_ID = {"query": {"outputs": ["orders.id"], "sort": [{"kind": "sort", "direction": "asc", "by": ref(0)}]}}
LATEST = {"query": {"outputs": [{"kind": "aggregate", "fn": "max", "of": "orders.day"}]}}


def clarify(*readings):
    return read_spec({"kind": "clarify", "readings": list(readings)})


def test_readings_are_told_apart_in_words_and_have_no_sql_until_one_is_chosen(schema):
    spec = clarify(BY_ID, LATEST)
    assert check(spec, schema) == []
    assert in_words(spec, schema) == "This can mean (1) id of orders, sorted by id (smallest first) or (2) the latest day of orders."
    with pytest.raises(CompileError, match="E_CLARIFY: there are 2 readings: choose one"):
        compile_spec(spec, schema)


def test_the_mistakes_of_readings_have_their_place(schema):
    assert [(e.code, e.place) for e in check(clarify(BY_ID, BY_ID), schema)] == [("E_CLARIFY", "/readings/1")]
    wrong = {"query": {"outputs": ["orders.idd"]}}
    assert [(e.code, e.place) for e in check(clarify(BY_ID, wrong), schema)] == [("E_UNKNOWN_ID", "/readings/1/query/outputs/0/column")]


def test_an_edit_is_what_the_answer_is_afterwards(schema, connection):
    spec = read_spec({"kind": "edit", "answer": LATEST})
    assert check(spec, schema) == []
    assert in_words(spec, schema) == "Instead: the latest day of orders."
    assert connection.sql(compile_spec(spec, schema)).fetchall() == [(date(2024, 3, 31),)]
    assert sort_outputs(read_spec({"kind": "edit", "answer": BY_ID})) == (0,)
    wrong = {"kind": "edit", "answer": chart("bar", ["orders.channel", "orders.day"])}
    assert [(e.code, e.place) for e in check(read_spec(wrong), schema)] == [("E_CHART_SHAPE", "/answer/view/y")]
