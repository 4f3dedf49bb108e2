"""Charts that would mislead are drawn as those that do not, and say why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import vl_convert

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.forecast import Forecast
from microgt.product.chart import draw, draw_checked, vega_lite
from microgt.product.drawable import NotAdded
from microgt.product.forecast import ForecastAsked, Forecasted, view_of
from microgt.product.palette import COLOURS, palette
from microgt.spec import read_spec
from microgt.spec.types import Chart, Ref, TableView

MONTHS = tuple(date(2024, month, 1) for month in range(1, 4))
REGIONS = ResultTable(("month", "region", "amount"), tuple((m, r, 10.0 + i) for i, m in enumerate(MONTHS) for r in ("north", "south")))
FALLING = replace(REGIONS, rows=((MONTHS[0], "north", -5.0), *REGIONS.rows[1:]))
THIRD = ResultTable(("month", "region", "product", "amount"), tuple((m, "north", p, 3.0) for m in MONTHS for p in ("pen", "ink")))
MANY = ResultTable(("month", "city", "amount"), tuple((m, f"city {i}", float(i)) for m in MONTHS for i in range(12)))
AVERAGE = {"kind": "aggregate", "fn": "avg", "of": "orders.amount"}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.placed"}


def by(mark, y=2, color=1, kind=Chart):
    return kind(mark=mark, x=Ref(output=0), y=Ref(output=y), color=None if color is None else Ref(output=color))


def why(chart):
    title = chart["title"]
    return " ".join(title["subtitle"]) if isinstance(title, dict) else ""


def svg(chart):
    return vl_convert.vegalite_to_svg(chart)


# ------------------------------------------------------------------ put on each other


@pytest.mark.parametrize(("fn", "kind"), [("avg", NotAdded), ("count_distinct", NotAdded), ("sum", Chart)])
def test_the_spec_says_whether_values_add_up(fn, kind):
    view = {"kind": "chart", "mark": "bar", "x": {"output": 0}, "y": {"output": 2}, "color": {"output": 1}}
    answer = read_spec({"query": {"outputs": [MONTH, "orders.region", AVERAGE | {"fn": fn}]}, "view": view})
    assert type(view_of(answer, None)) is kind
    assert type(view_of(read_spec({"kind": "edit", "answer": answer.model_dump()}), None)) is kind
    other = answer.model_copy(update={"view": by("line")})
    assert view_of(other, None) is other.view


@pytest.mark.parametrize(("mark", "offset", "length"), [("bar", "xOffset", "y"), ("barh", "yOffset", "x")])
@pytest.mark.parametrize(
    ("table", "kind", "reason"),
    [(REGIONS, NotAdded, "the values of amount do not add up"), (FALLING, Chart, "amount is negative in some rows")],
)
def test_bars_that_cannot_be_added_stand_beside_each_other(mark, offset, length, table, kind, reason):
    chart = vega_lite(table, by(mark, kind=kind), title="amount")
    assert (chart["encoding"][offset]["field"], chart["encoding"][length]["stack"]) == ("c1", None)
    assert chart["title"] == {"text": "amount", "subtitle": [f"drawn as bars beside each other: {reason}"]}
    assert reason in svg(chart)


@pytest.mark.parametrize(("table", "kind"), [(REGIONS, NotAdded), (FALLING, Chart)])
def test_areas_that_cannot_be_added_are_lines(table, kind):
    chart = vega_lite(table, by("area", kind=kind))
    assert chart["mark"]["type"] == "line"
    assert why(chart).startswith("drawn as lines: ")
    assert "drawn as lines" in svg(chart)  # also without a title


@pytest.mark.parametrize("mark", ["bar", "barh", "area", "stacked", "grouped", "line"])
def test_what_adds_up_is_drawn_as_it_was_asked_for(mark):
    chart = vega_lite(REGIONS, by(mark), title="amount")
    assert chart["title"] == "amount"
    assert chart["encoding"]["color"]["field"] == "c1"
    assert ("xOffset" in chart["encoding"]) is (mark == "grouped")


# ------------------------------------------------------------------ several rows in a place


@pytest.mark.parametrize(
    ("mark", "drawn", "says"),
    [
        ("line", "line", "lines in a colour for each region"),
        ("area", "line", "lines in a colour for each region"),
        ("bar", "bar", "bars beside each other in a colour for each region"),
    ],
)
def test_rows_in_one_place_are_told_apart_by_what_has_no_axis(mark, drawn, says):
    chart = vega_lite(REGIONS, by(mark, color=None))
    assert (chart["mark"]["type"], chart["encoding"]["color"]["field"]) == (drawn, "c1")
    assert why(chart) == f"drawn as {says}: several rows have the same month"


def test_rows_that_the_axes_cannot_tell_apart_are_points():
    for mark in ("line", "area", "grouped"):
        chart = vega_lite(THIRD, by(mark, y=3))
        assert chart["mark"]["type"] == "point"
        assert why(chart) == "drawn as points: several rows have the same month and region"
    assert vega_lite(THIRD, by("bar", y=3))["mark"]["type"] == "bar"  # put on each other, they are right
    assert vega_lite(THIRD, by("bar", y=3, kind=NotAdded))["mark"]["type"] == "point"
    twice = ResultTable(("city", "amount"), (("Bonn", 1), ("Bonn", 2), ("Kiel", 3)))
    assert vega_lite(twice, by("bar", y=1, color=None))["mark"]["type"] == "point"


def test_a_cell_of_a_heatmap_is_one_row():
    heatmap = by("heatmap", y=3)
    with pytest.raises(
        ConfigError, match="a heatmap: several rows have the same month and region, and a cell shows one; draw points instead"
    ):
        draw_checked(THIRD, heatmap)
    assert draw_checked(REGIONS, by("heatmap"))


def test_a_table_s_own_chart_does_not_zigzag():
    assert vega_lite(REGIONS, TableView())["encoding"]["color"]["field"] == "c1"
    assert vega_lite(THIRD, TableView())["encoding"]["color"]["field"] == "c2"


def test_a_second_measure_is_no_color_of_a_line():
    table = ResultTable(("month", "amount", "orders"), tuple((m, 10.5 + i, 3 - i) for i, m in enumerate(MONTHS)))
    chart = vega_lite(table, by("line", y=1, color=2))
    assert "color" not in chart["encoding"]
    assert why(chart) == "drawn without colours: orders is a number"
    years = replace(table, written=("number", "number", "label"))
    assert "color" in vega_lite(years, by("line", y=1, color=2))["encoding"]


# ------------------------------------------------------------------ colours


@pytest.mark.parametrize("mark", ["line", "bar", "grouped", "area", "scatter"])
def test_no_two_series_of_many_have_the_same_colour(mark):
    chart = vega_lite(MANY, by(mark))
    colour = chart["encoding"]["color"]
    assert colour["scale"]["domain"] == [*(f"city {i}" for i in range(11, 4, -1)), "5 others"]
    assert len(colour["scale"]["domain"]) == len(COLOURS)
    assert chart["encoding"]["detail"]["field"] == "c1"
    assert {row["k"] for row in chart["data"]["values"] if row["c1"] in ("city 0", "city 4")} == {"5 others"}
    said = "the 7 largest of 12 by city have colours, the others are grey: more cannot be told apart"
    assert why(chart) == said
    assert [row["c2"] for row in chart["data"]["values"]] == [row[2] for row in MANY.rows]


def test_as_many_series_as_colours_have_one_each():
    assert palette(dict.fromkeys("abcdefgh", 1.0)) is None
    with pytest.raises(ConfigError, match="it would have 9 slices, and more than 8 cannot be told apart"):
        draw_checked(ResultTable(("city", "amount"), tuple((f"city {i}", i) for i in range(9))), Chart(mark="donut"))


def test_forecasts_of_many_series_share_the_grey_too():
    asked = ForecastAsked(of=2, by=0, series=(1,), unit="month", horizon=1, level=80)
    found = tuple(
        Forecast((f"city {i}",), (date(2024, 4, 1),), (float(i),), None, None, method="naive", reference="naive", backtest=None)
        for i in range(12)
    )
    chart = draw(MANY, TableView(), title="t", forecast=Forecasted(asked, MANY.columns, found)).to_dict()
    assert [layer["encoding"]["color"]["scale"]["domain"][-1] for layer in chart["layer"]] == ["5 others"] * 2
    assert "the others are grey" in svg(chart)


# ------------------------------------------------------------------ numbers that a double cannot hold

LARGE = (9007199254740992, 9007199254740993)


def test_large_numbers_keep_their_digits():
    money = (Decimal("12345678901234567.89"), Decimal("2.50"))
    table = ResultTable(("id", "amount"), tuple(zip(LARGE, money, strict=True)), written=("label", "number"))
    chart = vega_lite(table, by("bar", y=1, color=None))
    assert [row["c0"] for row in chart["data"]["values"]] == ["9007199254740992", "9007199254740993"]
    assert [row["t1"] for row in chart["data"]["values"]] == ["12,345,678,901,234,567.89", "2.50"]
    assert [tooltip["field"] for tooltip in chart["encoding"]["tooltip"]] == ["t0", "t1"]
    drawn = svg(chart)
    assert all(f">{number}<" in drawn for number in LARGE)
    assert drawn.count('aria-roledescription="bar"') == 2
    line = vega_lite(table, by("scatter", y=1, color=None))
    assert line["data"]["format"] == {"parse": {"c0": "number", "c1": "number"}}
    assert svg(line).count('aria-roledescription="point"') == 2
