"""Windows against answers worked out by hand.

All tests read one table of seven sales. By month, with the months without sales written out:

    month     EU        US        all
    2023-11   10        -         10
    2023-12   20        5         25
    2024-01   -         -         -
    2024-02   40        -         40
    2024-03   -         -         -
    2024-04   20 + 10   15        45

and one sale of 99 in the US that has no date. The last date is 2024-04-30.
"""

from datetime import date

import duckdb
import pytest

from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import check, compile_spec, read_spec

ROWS = """
(1, '2023-11-05', 'EU', 10), (2, '2023-12-31', 'EU', 20), (3, '2023-12-01', 'US', 5), (4, '2024-02-29', 'EU', 40),
(5, '2024-04-30', 'EU', 20), (6, '2024-04-01', 'EU', 10), (7, '2024-04-02', 'US', 15), (8, NULL, 'US', 99)
"""
COLUMNS = {"id": ColumnType.NUMBER, "day": ColumnType.TIME, "region": ColumnType.TEXT, "amount": ColumnType.NUMBER}
SALES = Schema("sales", (Table("sales", ("sales",), tuple(Column("sales", n, t, (n,), n == "id") for n, t in COLUMNS.items())),))

TOTAL = {"kind": "aggregate", "fn": "sum", "of": "sales.amount"}
AVERAGE = {"kind": "aggregate", "fn": "avg", "of": "sales.amount"}
COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "sales"}}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "sales.day"}
QUARTER = MONTH | {"grain": "quarter"}
NOV, DEC, JAN, FEB, MAR, APR = (date(2023, 11, 1), date(2023, 12, 1), *(date(2024, m, 1) for m in (1, 2, 3, 4)))


def ref(n):
    return {"kind": "ref", "output": n}


def window(kind, of, **more):
    return {"kind": kind, "of": of, **more}


def against(kind, of, n=1, unit="month"):
    return window(kind, of, n=n, unit=unit)


def during(**period):
    return {"kind": "in_period", "of": "sales.day", "period": period}


def compare(left, op, right):
    return {"kind": "compare", "op": op, "left": left, "right": right}


def by(*keys, direction="asc"):
    return [{"kind": "sort", "direction": direction, "by": key} for key in keys]


@pytest.fixture(scope="module")
def sales():
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY, day DATE, region VARCHAR, amount INTEGER)")
        connection.execute(f"INSERT INTO sales VALUES {ROWS}")
        yield connection


@pytest.fixture
def run(sales):
    def run(*outputs, sort=None, **query):
        spec = read_spec({"query": {"outputs": list(outputs), "sort": sort or by(ref(0)), **query}})
        assert check(spec, SALES) == []
        return sales.sql(compile_spec(spec, SALES)).fetchall()

    return run


# ------------------------------------------------------------------ over time


def test_a_running_total_counts_missing_months(run):
    """10, 10 + 25, nothing new in January, + 40, nothing new in March, + 45. The sale without a date is on no timeline."""
    rows = run(MONTH, window("running_total", TOTAL))
    assert rows == [(NOV, 10), (DEC, 35), (JAN, 35), (FEB, 75), (MAR, 75), (APR, 120)]


def test_a_running_total_can_start_anew_each_year(run):
    """2023 ends at 10 + 25; 2024 starts at nothing in January, then 40, 40, 40 + 45."""
    rows = run(MONTH, window("running_total", TOTAL, reset="year"))
    assert rows == [(NOV, 10), (DEC, 35), (JAN, 0), (FEB, 40), (MAR, 40), (APR, 85)]


def test_the_range_applies_after_the_window(run):
    """The last two months are March and April; the running total still starts in November. Filtering first would give 0 and 45."""
    rows = run(MONTH, window("running_total", TOTAL), where=during(kind="last", unit="month", n=2))
    assert rows == [(MAR, 75), (APR, 120)]


def test_other_conditions_apply_before_the_window(run):
    """Only sales of 15 or more, though the range is shown after: 20 in December, then 40, then 20 + 15."""
    where = {"kind": "and", "args": [compare("sales.amount", "ge", 15), during(kind="at", value={"value": "2024"})]}
    assert run(MONTH, window("running_total", TOTAL), where=where) == [(JAN, 20), (FEB, 60), (MAR, 60), (APR, 95)]


def test_a_range_inside_a_quarter_shows_the_whole_quarter(run):
    """April to date touches the second quarter of 2024, whose first is 40 and second 45."""
    rows = run(QUARTER, against("prior", TOTAL, unit="quarter"), where=during(kind="to_date", unit="month"))
    assert rows == [(APR, 40)]


def test_prior_is_the_month_before_though_it_has_no_rows(run):
    """April is compared with March, which sold nothing, and not with February. No month comes before November."""
    rows = run(MONTH, TOTAL, against("prior", ref(1)), against("delta", ref(1)), against("percent_change", ref(1)))
    assert rows == [
        (NOV, 10, None, None, None),
        (DEC, 25, 10, 15, 1.5),
        (JAN, 0, 25, -25, -1.0),
        (FEB, 40, 0, 40, None),  # a change from nothing is no number
        (MAR, 0, 40, -40, -1.0),
        (APR, 45, 0, 45, None),
    ]


def test_a_missing_month_has_no_average(run):
    """An average of no sales is unknown, unlike their number. December: (20 + 5) / 2; April: 45 / 3."""
    rows = run(MONTH, AVERAGE, against("prior", ref(1)), COUNT)
    assert rows == [
        (NOV, 10, None, 1),
        (DEC, 12.5, 10, 2),
        (JAN, None, 12.5, 0),
        (FEB, 40, None, 1),
        (MAR, None, 40, 0),
        (APR, 15, None, 3),
    ]


def test_a_quarter_is_three_months_of_the_spine(run):
    """February is three months after November, April after January (nothing)."""
    rows = run(MONTH, against("prior", TOTAL, unit="quarter"))
    assert rows == [(NOV, None), (DEC, None), (JAN, None), (FEB, 10), (MAR, 25), (APR, 0)]


def test_each_region_has_its_own_timeline(run):
    """Both regions have six months. The US: 0, 5, 0, 0, 0, 15; so its total is 5 from December on and 20 in April."""
    rows = run("sales.region", MONTH, window("running_total", TOTAL), against("prior", TOTAL), sort=by(ref(0), ref(1)))
    assert rows == [
        ("EU", NOV, 10, None), ("EU", DEC, 30, 10), ("EU", JAN, 30, 20), ("EU", FEB, 70, 0), ("EU", MAR, 70, 40), ("EU", APR, 100, 0),
        ("US", NOV, 0, None), ("US", DEC, 5, 0), ("US", JAN, 5, 5), ("US", FEB, 5, 0), ("US", MAR, 5, 0), ("US", APR, 20, 0),
    ]  # fmt: skip


def test_a_moving_average_divides_by_periods_and_not_by_rows(run):
    """Over 3 months: November and December take what there is; January (10 + 25 + 0) / 3; April (40 + 0 + 45) / 3."""
    rows = run(MONTH, window("moving", TOTAL, agg="avg", periods=3))
    assert rows == [(NOV, 10), (DEC, 17.5), (JAN, 35 / 3), (FEB, 65 / 3), (MAR, 40 / 3), (APR, 85 / 3)]
    rows = run(MONTH, window("moving", TOTAL, agg="max", periods=2))
    assert rows == [(NOV, 10), (DEC, 25), (JAN, 25), (FEB, 40), (MAR, 40), (APR, 45)]


def test_a_window_stands_on_another(run):
    """The moving total of two changes: December 15, January 15 - 25, February -25 + 40, March 40 - 40, April -40 + 45."""
    rows = run(
        MONTH, window("moving", against("delta", {"kind": "arithmetic", "op": "mul", "left": TOTAL, "right": 1}), agg="avg", periods=2)
    )
    assert rows == [(NOV, None), (DEC, 15), (JAN, -5), (FEB, 7.5), (MAR, 0), (APR, 2.5)]


def test_arithmetic_of_a_window_and_a_measure(run):
    """What is above the month before: as delta."""
    difference = {"kind": "arithmetic", "op": "sub", "left": TOTAL, "right": against("prior", TOTAL)}
    assert run(MONTH, difference, where=during(kind="at", value={"value": "December 2023"})) == [(DEC, 15)]


def test_hidden_months_are_periods_too(run):
    """The bucket need not be shown: the running totals, largest first."""
    assert run(window("running_total", TOTAL), by=[MONTH], sort=by(ref(0), direction="desc"), limit={"kind": "limit", "n": 2}) == [
        (120,),
        (75,),
    ]


def test_days_are_compared_with_days(run):
    """2 April is compared with 1 April: 15 - 10. The spine has every day between."""
    day = MONTH | {"grain": "day"}
    assert run(day, against("delta", TOTAL, unit="day"), where=during(kind="at", value={"value": "2024-04-02"})) == [(date(2024, 4, 2), 5)]
    assert run(day, COUNT, against("prior", COUNT, n=4, unit="week"), where=during(kind="at", value={"value": "2024-04-30"})) == [
        (date(2024, 4, 30), 1, 1)  # 28 days before is 2 April
    ]


def test_no_rows_have_no_periods(run):
    """A condition that nothing meets leaves an empty result and no error."""
    assert run(MONTH, window("running_total", TOTAL), where=compare("sales.amount", "gt", 1000)) == []


# ------------------------------------------------------------------ among groups


def test_shares_add_up_to_the_whole(run):
    """EU 100, US 5 + 15 + 99 = 119, all 219: a sale without a date still belongs to its region."""
    assert run("sales.region", window("share", TOTAL)) == [("EU", 100 / 219), ("US", 119 / 219)]


def test_shares_within_a_month(run):
    """December 20 and 5 of 25, April 30 and 15 of 45; the sale without a date is all of its own group."""
    rows = run(MONTH, "sales.region", window("share", TOTAL, within=[ref(0)]), sort=by(ref(0), ref(1)))
    assert rows == [
        (NOV, "EU", 1),
        (DEC, "EU", 0.8),
        (DEC, "US", 0.2),
        (FEB, "EU", 1),
        (APR, "EU", 30 / 45),
        (APR, "US", 15 / 45),
        (None, "US", 1),
    ]


def test_a_share_is_of_what_is_shown(run):
    """In 2024: 40 and 45 of 85; the running total beside it still starts in November."""
    rows = run(MONTH, window("running_total", TOTAL), window("share", TOTAL), where=during(kind="at", value=2024))
    assert rows == [(JAN, 35, 0), (FEB, 75, 40 / 85), (MAR, 75, 0), (APR, 120, 45 / 85)]


def test_an_overall_measure_is_of_what_is_shown(run):
    """In 2024: 40 and 20 + 10 + 15 are 85, of four sales, 21.25 on average; the running total beside it still starts in November."""
    average = window("overall", AVERAGE)
    rows = run(MONTH, window("running_total", TOTAL), window("overall", TOTAL), average, where=during(kind="at", value=2024))
    assert rows == [(month, total, 85, 21.25) for month, total in ((JAN, 35), (FEB, 75), (MAR, 75), (APR, 120))]


def test_an_overall_measure_under_a_window_over_time_is_of_all_periods(run):
    """All dated sales are 120, in every month; what is shown is 2024."""
    rows = run(MONTH, against("prior", window("overall", TOTAL)), where=during(kind="at", value=2024))
    assert rows == [(month, 120) for month in (JAN, FEB, MAR, APR)]


@pytest.mark.parametrize(("method", "places"), [("row_number", [1, 2, 3, 4]), ("rank", [1, 2, 2, 4]), ("dense_rank", [1, 2, 2, 3])])
def test_ranks_and_their_ties(run, method, places):
    """Sales by amount of 10 or less and 40: 40 once, 10 twice, 5 once, each a group of its own by its id."""
    few = {"kind": "in", "of": "sales.amount", "values": [40, 10, 5]}
    rows = run("sales.id", TOTAL, window("rank", TOTAL, method=method), where=few, sort=by(ref(2), ref(0)))
    assert rows == [(i, amount, place) for (i, amount), place in zip([(4, 40), (1, 10), (6, 10), (3, 5)], places, strict=True)]


def test_the_smallest_can_be_first(run):
    """EU 100 is less than US 119."""
    assert run("sales.region", window("rank", TOTAL, method="rank", order="asc")) == [("EU", 1), ("US", 2)]


def test_the_best_region_of_each_month(run):
    """Filtering on a rank: the EU sold most in every month; the US where there is no date."""
    first = compare(window("rank", TOTAL, method="rank", within=[MONTH]), "le", 1)
    assert run(MONTH, "sales.region", TOTAL, having=first) == [
        (NOV, "EU", 10),
        (DEC, "EU", 20),
        (FEB, "EU", 40),
        (APR, "EU", 30),
        (None, "US", 99),
    ]


def test_what_has_no_value_has_no_rank(run):
    """Top month by growth: April + 45, February + 40. November has nothing to grow from, and is in no place."""
    growth = against("delta", TOTAL)
    rows = run(MONTH, growth, window("rank", ref(1), method="rank"), sort=by(ref(0)))
    assert rows == [(NOV, None, None), (DEC, 15, 3), (JAN, -25, 4), (FEB, 40, 2), (MAR, -40, 5), (APR, 45, 1)]
    assert run(MONTH, growth, having=compare(window("rank", growth, method="rank"), "le", 2)) == [(FEB, 40), (APR, 45)]


def test_windows_over_a_query(run):
    """The outer query ranks the totals by region of the inner one: 100 and 119."""
    source = {"outputs": ["sales.region", TOTAL]}
    total = {"kind": "aggregate", "fn": "sum", "of": {"kind": "inner", "output": 1}}
    assert run({"kind": "inner", "output": 0}, window("rank", total, method="rank"), source=source) == [("EU", 2), ("US", 1)]


# ------------------------------------------------------------------ what is refused

REFUSED = [
    ([MONTH, window("running_total", AVERAGE)], "E_NON_ADDITIVE", "/query/outputs/1/of", "only counts and sums can be"),
    (["sales.region", window("share", TOTAL | {"fn": "count_distinct"})], "E_NON_ADDITIVE", "/query/outputs/1/of", "distinct counts"),
    (["sales.region", window("share", {"kind": "ratio", "numerator": TOTAL, "denominator": COUNT})], "E_NON_ADDITIVE", "/query/outputs/1/of", ""),
    ([MONTH, window("moving", TOTAL | {"fn": "median"}, agg="sum", periods=2)], "E_NON_ADDITIVE", "/query/outputs/1/of", ""),
    (["sales.region", window("overall", TOTAL | {"fn": "count_distinct"})], "E_NON_ADDITIVE", "/query/outputs/1/of", "distinct counts"),
    (["sales.region", window("overall", window("share", TOTAL))], "E_NON_ADDITIVE", "/query/outputs/1/of", "other windows"),
    (["sales.region", window("overall", TOTAL | {"fn": "avg", "of": "sales.day"})], "E_TYPE", "/query", "dates do not add up"),
    ([MONTH, window("running_total", window("overall", TOTAL))], "E_NON_ADDITIVE", "/query/outputs/1/of", ""),
    (["sales.region", window("overall", TOTAL, within=["sales.id"])], "E_WITHIN", "/query/outputs/1/within/0", "sales.id is no key"),
    (["sales.region", window("running_total", TOTAL)], "E_WINDOW_NEEDS_TIME", "/query/outputs/1", "one time bucket among the keys, and there are none"),
    ([MONTH, QUARTER, against("prior", TOTAL)], "E_WINDOW_NEEDS_TIME", "/query/outputs/2", "there are 2"),
    ([QUARTER, against("prior", TOTAL)], "E_WINDOW_UNIT", "/query/outputs/1/unit", "a month has no fixed number of quarters; choices: quarter, year"),
    ([MONTH | {"grain": "day"}, against("delta", TOTAL)], "E_WINDOW_UNIT", "/query/outputs/1/unit", "choices: day, week"),
    ([MONTH, window("running_total", TOTAL, reset="week")], "E_WINDOW_UNIT", "/query/outputs/1/reset", "choices: never, quarter, year"),
    ([MONTH, against("prior", TOTAL, n=0)], "E_WINDOW_SIZE", "/query/outputs/1/n", "whole number from 1 on, not 0"),
    ([MONTH, window("moving", TOTAL, agg="avg", periods={"value": "3"})], "E_WINDOW_SIZE", "/query/outputs/1/periods", "not '3'"),
    ([MONTH, window("share", TOTAL, within=["sales.region"])], "E_WITHIN", "/query/outputs/1/within/0", "sales.region is no key of the groups; keys: month of sales.day"),
    (["sales.region", window("rank", {"kind": "arithmetic", "op": "add", "left": 1, "right": 2}, method="rank")], "E_MEASURE", "/query/outputs/1/of", ""),
    ([MONTH, window("running_total", ref(1)), TOTAL], "E_REF", "/query/outputs/1/of", "outputs: 0 to 0"),
    ([MONTH, window("moving", TOTAL | {"fn": "max", "of": "sales.day"}, agg="avg", periods=2)], "E_TYPE", "/query/outputs/1/of", "needs numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("outputs", "code", "place", "says"), REFUSED)
def test_refused(outputs, code, place, says):
    errors = check(read_spec({"query": {"outputs": outputs}}), SALES)
    assert [(e.code, e.place) for e in errors] == [(code, place)]
    assert says in str(errors[0])


def test_a_window_is_no_condition_on_rows():
    query = {"outputs": ["sales.id"], "where": compare(window("rank", TOTAL, method="rank"), "le", 3)}
    assert [(e.code, e.place) for e in check(read_spec({"query": query}), SALES)] == [
        ("E_MEASURE", "/query/where/left"),
        ("E_MEASURE", "/query/where/left/of"),
    ]
