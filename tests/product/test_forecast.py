"""A forecast that is asked for: of which past, shown how, refused why."""

from datetime import date, timedelta

import duckdb
import pytest
from rich.console import Console

from microgt.forecast import SeasonalNaive
from microgt.product import terminal
from microgt.product.asker import Asker
from microgt.product.chart import draw, write_chart
from tests.product.scripted import AMOUNT, MONTH, Scripted

FIRST, LAST = date(2022, 1, 2), date(2024, 6, 12)
SHAPE = [5, 7, 6, 9, 12, 14, 20, 18, 11, 9, 8, 30]  # a day's amount in each month of the year


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """Orders of each day from the second of January 2022 to the twelfth of June 2024; none in the south after 2023; one a month in `monthly`."""
    path = tmp_path_factory.mktemp("years") / "years.duckdb"
    days = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    rows = [(i, "south" if i % 3 == 0 and day.year < 2024 else "north", float(SHAPE[day.month - 1]), day) for i, day in enumerate(days)]
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, region VARCHAR, amount DOUBLE, placed DATE)")
        db.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", rows)
        db.execute(
            "CREATE TABLE monthly AS SELECT date_trunc('month', placed)::DATE AS month, sum(amount) AS amount FROM orders GROUP BY 1"
        )
    return path


@pytest.fixture(scope="module")
def ask(years):
    """ask(outputs, horizon, of=, more clauses) -> the answer."""

    def asked(outputs, horizon, of=1, level=80, **clauses):
        view = {"kind": "forecast", "of": {"output": of}, "horizon": horizon, "level": level}
        predictor.specs = ({"query": {"outputs": outputs, **clauses}, "view": view},)
        return asker.ask(years, "amount by month and what comes")

    predictor = Scripted()
    with Asker(predictor) as asker:
        yield asked


def printed(renderable):
    console = Console(width=200, force_terminal=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_a_forecast_continues_complete_months(ask, years, tmp_path):
    answered = ask([MONTH, AMOUNT], 3)
    forecast = answered.forecast
    assert max(row[0] for row in answered.rows).isoformat()[:10] == "2024-05-01"  # June has only begun
    assert answered.warnings == ()
    (found,) = forecast.found
    assert [str(period) for period in found.periods] == ["2024-06-01", "2024-07-01", "2024-08-01"]
    assert found.reference == SeasonalNaive().name
    past = {str(row[0])[:7]: row[1] for row in answered.rows}
    if found.method == found.reference:
        assert found.points == (past["2023-06"], past["2023-07"], past["2023-08"])
    shown = printed(terminal.answer(answered))
    assert "forecast\nmonth" in shown
    assert "off by" in shown
    assert "the range is to hold 80% of cases" in shown
    told = answered.to_json()["forecast"]
    assert told["computed"]
    assert told["series"][0]["low"] == list(found.low)
    assert write_chart(answered.table, answered.view, tmp_path / "f.png", title=answered.title, forecast=forecast).stat().st_size > 10_000


def test_past_and_future_are_drawn_as_one_line_in_a_band(ask):
    answered = ask([MONTH, AMOUNT], 2)
    (found,) = answered.forecast.found
    chart = draw(answered.table, answered.view, title=answered.title, forecast=answered.forecast).to_dict()
    band, line = chart["layer"]
    assert (band["mark"]["type"], line["mark"]["type"]) == ("area", "line")
    (rows,) = chart["datasets"].values() if "datasets" in chart else (chart.get("data", line.get("data"))["values"],)
    assert len(rows) == len(answered.rows) + 1 + 2
    assert [(r["t"], r["v"], r["low"], r["high"]) for r in rows[-2:]] == [
        (f"{period}T00:00:00", point, low, high)
        for period, point, low, high in zip(found.periods, found.points, found.low, found.high, strict=True)
    ]
    joint = rows[-3]
    assert (joint["part"], joint["v"]) == ("forecast", rows[-4]["v"])


def test_a_share_is_forecast_in_percent(ask):
    answered = ask([MONTH, {"kind": "share", "of": AMOUNT}], 2)
    line = draw(answered.table, answered.view, title=answered.title, forecast=answered.forecast).to_dict()["layer"][1]["encoding"]
    shown = printed(terminal.result(answered.forecast.table)).splitlines()[1:]
    assert [line.count("%") for line in shown] == [3, 3]  # point, low and high
    assert (line["y"]["axis"], [told.get("format") for told in line["tooltip"]]) == ({"format": ".1%"}, [None, ".1%", ".1%", ".1%"])


def test_a_series_that_has_ended_has_zeros_since(ask):
    answered = ask(["orders.region", AMOUNT, MONTH], 2)
    assert {forecast.name for forecast in answered.forecast.found} == {("north",), ("south",)}
    assert all(str(forecast.periods[0]) == "2024-06-01" for forecast in answered.forecast.found)
    south = {"kind": "compare", "op": "eq", "left": "orders.region", "right": {"value": "south"}}
    alone = ask([MONTH, AMOUNT], 2, where=south)
    assert str(alone.forecast.found[0].periods[0]) == "2024-06-01"
    both = next(forecast for forecast in answered.forecast.found if forecast.name == ("south",))
    assert alone.forecast.found[0].points == both.points


def test_an_average_has_no_value_for_a_month_without_rows(ask):
    average = {"kind": "aggregate", "fn": "avg", "of": "orders.amount"}
    answered = ask(["orders.region", average, MONTH], 2)
    assert [forecast.name for forecast in answered.forecast.found] == [("north",)]
    assert answered.warnings == (
        "no forecast of avg_amount of south for the next 2 months: 5 of 29 months have no value (2024-01-01, 2024-02-01, 2024-03-01, ...), "
        "and a forecast needs all of them",
    )


def test_what_is_missing_is_counted(ask):
    answered = ask([MONTH | {"grain": "year"}, AMOUNT], 1)
    said = "no forecast of sum_amount for the next year: it needs 8 complete years, and there are 2: 6 are missing"
    assert answered.warnings == (said,)
    assert answered.title == "amount by month and what comes (the past: there is no forecast)"
    assert answered.to_json()["forecast"] == {
        "of": "sum_amount", "by": "year", "unit": "year", "horizon": 1, "level": 80, "computed": False, "series": [], "refused": [said],
    }  # fmt: skip
    assert said in printed(terminal.answer(answered))
    chart = draw(answered.table, answered.view, forecast=answered.forecast).to_dict()
    assert chart["mark"]["type"] == "line"


def test_a_table_with_a_row_a_month_has_whole_months(ask):
    month = {"kind": "time_bucket", "grain": "month", "of": "monthly.month"}
    answered = ask([month, {"kind": "aggregate", "fn": "sum", "of": "monthly.amount"}], 1)
    assert len(answered.rows) == 30
    assert [str(period) for period in answered.forecast.found[0].periods] == ["2024-07-01"]


def test_too_many_series_are_refused_and_days_are_continued(ask):
    day = MONTH | {"grain": "day"}
    answered = ask(["orders.id", day, AMOUNT], 1, of=2)
    assert answered.forecast.refused[0].endswith("it would be of 893 series, and at most 12 are forecast: ask for fewer")
    answered = ask([day, AMOUNT], 7, sort=[{"kind": "sort", "direction": "desc", "by": {"kind": "ref", "output": 0}}])
    assert str(answered.forecast.found[0].periods[0]) == "2024-06-13"


def test_the_first_month_is_left_out_when_the_data_begin_late_in_it(ask):
    late = {"kind": "compare", "op": "ge", "left": "orders.placed", "right": {"value": "2022-03-20"}}
    answered = ask([MONTH, {"kind": "aggregate", "fn": "avg", "of": "orders.amount"}], 9, where=late)
    assert answered.forecast.refused == (
        "no forecast of avg_amount for the next 9 months: 9 months ahead need 27 complete months, and there are 26: 1 are missing; "
        "at most 8 ahead can be forecast",
    )
