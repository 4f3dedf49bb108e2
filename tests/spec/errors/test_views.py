"""The whole text of each error about what shows an answer, and about specs that are more or less than one answer."""

import pytest

from microgt.errors import SpecError
from microgt.spec import check, compile_spec, read_spec
from tests.spec.errors.cases import AVERAGE, COUNT, MONTH, TOTAL, Case, arithmetic, bucket, chart, named, query, ref, whole

SUMS = ("count", "sum")
LESS = arithmetic("sub", TOTAL, TOTAL)
WEB = query("orders.channel", COUNT)


def forecast(*outputs, of=1, horizon=3):
    return query(*outputs) | {"view": {"kind": "forecast", "of": ref(of), "horizon": horizon}}


CASES = [
    Case(query("orders.id", "orders.day") | {"view": {"kind": "number"}},
         "E_VIEW at /view: a number shows one output, and there are 2", 2, ("table", "chart")),
    Case(chart("bar", "orders.id"), "E_REF at /view/y: there is no output 1; outputs: 0 to 0", 1, ("0",)),
    # charts
    Case(chart("bar", "orders.channel", COUNT, color=ref(1)),
         "E_CHART_SHAPE at /view: the axes of a bar chart are different outputs", "bar"),
    Case(chart("line", "orders.channel", "orders.day", COUNT),
         "E_CHART_SHAPE at /view/y: y of a line chart is a number, and output 1 is a date", 1, ("0", "2")),
    Case(chart("grouped", "orders.channel", COUNT, "orders.status"),
         "E_CHART_SHAPE at /view/color: a grouped chart needs an output for color, by which its bars are split", "grouped", ("2",)),
    Case(chart("pie", TOTAL, "items.product"),
         "E_CHART_SHAPE at /view/x: x of a pie is a dimension, and output 0 is a measure", 0, ("1",)),
    Case(chart("donut", "items.product", AVERAGE),
         "E_CHART_SHAPE at /view/y: the parts of a donut add up to a whole: only counts and sums do, not averages, ratios or distinct counts",
         1, SUMS),
    Case(chart("donut", "items.product", LESS),
         "E_CHART_SHAPE at /view/y: the parts of a donut are not negative, and a difference can be", 1, SUMS),
    Case(chart("donut", "items.product", "items.order_id", TOTAL),
         "E_CHART_SHAPE at /view: a donut shows one dimension (x) and one measure (y): two outputs, not 3", "donut"),
    Case(chart("scatter", "customers.vip", "customers.since"),
         "E_CHART_SHAPE at /view/x: x of a scatter plot is a number or a date, not true or false", 0, ("1",)),
    Case(chart("histogram", "customers.vip"),
         "E_CHART_SHAPE at /view/x: a histogram is of numbers or dates, not of true or false; for others there is bar", 0, ("bar",)),
    Case(chart("heatmap", "orders.channel", COUNT),
         "E_CHART_SHAPE at /view/color: a heatmap has x, y and color: two dimensions and a number", "heatmap"),
    Case(chart("heatmap", "orders.id", "customers.vip", "orders.day", color=ref(2)),
         "E_CHART_SHAPE at /view/color: y or color of a heatmap is a number", 2, ("0",)),
    # forecasts
    Case(forecast("orders.channel", COUNT),
         "E_FORECAST_NEEDS_TIME at /view: a forecast continues the one time bucket that is shown, and there are none", 0),
    Case(forecast(MONTH, COUNT, bucket("year")),
         "E_FORECAST_NEEDS_TIME at /view: a forecast continues the one time bucket that is shown, and there are 2", 2, ("0", "2")),
    Case(forecast(MONTH, COUNT, of=0),
         "E_TYPE at /view/of: a forecast is of a measure that is a number, and output 0 is none", 0, ("1",)),
    Case(forecast(MONTH, COUNT, horizon=0.5),
         "E_HORIZON at /view/horizon: a forecast is for a whole number of periods from 1 on, not 0.5", 0.5),
    # readings
    Case({"kind": "clarify", "readings": [WEB, query("orders.id"), WEB]}, "E_CLARIFY at /readings/2: readings 0 and 2 are the same", 2),
]  # fmt: skip


@pytest.mark.parametrize(**named(CASES))
def test_the_text(schema, case):
    assert [whole(error) for error in check(read_spec(case.wrong), schema)] == [case.error]


NO_QUERY = [
    Case({"kind": "unanswerable", "reason": "no_path"}, "E_UNANSWERABLE: there is no query: no_path", "no_path"),
    Case({"kind": "clarify", "readings": [WEB, query("orders.id")]}, "E_CLARIFY: there are 2 readings: choose one", 2, ("0", "1")),
]


@pytest.mark.parametrize(**named(NO_QUERY))
def test_what_the_compiler_says_where_there_is_no_one_query(schema, case):
    with pytest.raises(SpecError) as caught:
        compile_spec(read_spec(case.wrong), schema)
    assert whole(caught.value) == case.error
