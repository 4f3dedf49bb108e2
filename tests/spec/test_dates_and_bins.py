"""Percentiles, bins, names of months and weekdays, and whole periods, against answers worked out by hand.

One table of visits:

    id   day          weekday     minutes
    1    2022-12-26   Monday           10
    2    2023-01-01   Sunday           20
    3    2023-01-02   Monday           30
    4    2023-02-28   Tuesday          40
    5    2023-02-28   Tuesday         100
    6    2023-03-30   Thursday          -
    7    -            -                 0
"""

from datetime import date

import duckdb
import pytest

from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import check, compile_spec, read_spec

ROWS = """
(1, '2022-12-26', 10), (2, '2023-01-01', 20), (3, '2023-01-02', 30), (4, '2023-02-28', 40), (5, '2023-02-28', 100),
(6, '2023-03-30', NULL), (7, NULL, 0)
"""
COLUMNS = {"id": ColumnType.NUMBER, "day": ColumnType.TIME, "minutes": ColumnType.NUMBER}
VISITS = Schema("visits", (Table("visits", ("visits",), tuple(Column("visits", n, t, (n,), n == "id") for n, t in COLUMNS.items())),))

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "visits"}}
MONTH_NAME = {"kind": "date_part", "part": "month_name", "of": "visits.day"}
WEEKDAY_NAME = MONTH_NAME | {"part": "weekday_name"}


def ref(n):
    return {"kind": "ref", "output": n}


def bucket(grain, complete=True):
    return {"kind": "time_bucket", "grain": grain, "of": "visits.day", "complete": complete}


def bins(by, n):
    return {"kind": "bin", "by": by, "of": "visits.minutes", "n": n}


def percentile(p, of="visits.minutes", **more):
    return {"kind": "percentile", "of": of, "p": p, **more}


def by(*keys, direction="asc"):
    return [{"kind": "sort", "direction": direction, "by": key} for key in keys]


@pytest.fixture(scope="module")
def visits():
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE visits (id INTEGER PRIMARY KEY, day DATE, minutes INTEGER)")
        connection.execute(f"INSERT INTO visits VALUES {ROWS}")
        yield connection


@pytest.fixture
def run(visits):
    def run(*outputs, as_of=None, **query):
        spec = read_spec({"query": {"outputs": list(outputs), **query}})
        assert check(spec, VISITS) == []
        return visits.sql(compile_spec(spec, VISITS, as_of=as_of)).fetchall()

    return run


# ------------------------------------------------------------------ percentiles and bins


def test_percentiles_are_interpolated_between_known_values(run):
    """0 10 20 30 40 100: places 0 to 5. 50% is place 2.5, half way from 20 to 30; 90% is place 4.5, half way from 40 to 100."""
    assert run(percentile(50), percentile(90)) == [(25, 70)]


def test_what_lies_between_two_decimals_keeps_its_digits():
    """Between 0.01 and 0.02 lies 0.015, which DECIMAL(10, 2) does not have."""
    spec = read_spec({"query": {"outputs": [percentile(50), {"kind": "aggregate", "fn": "median", "of": "visits.minutes"}]}})
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE visits AS SELECT id, CAST(id / 100 AS DECIMAL(10, 2)) AS minutes FROM range(1, 3) AS t(id)")
        assert connection.sql(compile_spec(spec, VISITS)).fetchall() == [(pytest.approx(0.015), pytest.approx(0.015))]


def test_a_percentile_has_its_own_condition(run):
    """From 20 on: 20 30 40 100; 25% is place 0.75, three quarters of the way from 20 to 30."""
    some = {"kind": "compare", "op": "ge", "left": "visits.minutes", "right": 20}
    assert run(percentile(25, where=some)) == [(27.5,)]


def test_bins_of_equal_width_start_at_their_lower_edge(run):
    """Steps of 25: 0 10 20 | 30 40 | 100. What is unknown is in no bin."""
    assert run(bins("width", 25), COUNT, sort=by(ref(0))) == [(0, 3), (25, 2), (100, 1), (None, 1)]


def test_bins_of_equal_numbers_have_the_edges_of_the_whole_column(run):
    """Thirds of 0 10 20 30 40 100: the edges are places 5/3 (16.67) and 10/3 (33.33), so two rows each."""
    assert run(bins("quantiles", 3), COUNT, sort=by(ref(0))) == [(1, 2), (2, 2), (3, 2), (None, 1)]
    large = {"kind": "compare", "op": "gt", "left": "visits.minutes", "right": 20}
    assert run(bins("quantiles", 3), COUNT, where=large, sort=by(ref(0))) == [(2, 1), (3, 2)]  # a condition moves no edge


# ------------------------------------------------------------------ parts of dates


def test_months_by_name_sort_by_the_calendar(run):
    """January 2 (of 2023), February 2, March 1, December 1; what has no date is last. By letters, December would be first."""
    rows = run(MONTH_NAME, COUNT, sort=by(ref(0)))
    assert rows == [("January", 2), ("February", 2), ("March", 1), ("December", 1), (None, 1)]


def test_weekdays_by_name_sort_from_monday(run):
    rows = run(WEEKDAY_NAME, COUNT, sort=by(WEEKDAY_NAME, direction="desc"), limit={"kind": "limit", "n": 3})
    assert rows == [("Sunday", 1), ("Thursday", 1), ("Tuesday", 2)]
    assert run("visits.id", WEEKDAY_NAME, sort=by(ref(1), ref(0)), limit={"kind": "limit", "n": 2}) == [(1, "Monday"), (3, "Monday")]


def test_names_sort_by_the_calendar_under_windows(run):
    """The rank of each month by its visits, the months in order."""
    rank = {"kind": "rank", "method": "dense_rank", "of": COUNT}
    assert run(MONTH_NAME, rank, sort=by(ref(0))) == [("January", 1), ("February", 1), ("March", 2), ("December", 2), (None, 2)]


def test_the_first_of_january_2023_is_in_a_week_of_2022(run):
    """Weeks start on Monday: 1 January 2023 is a Sunday and belongs to the week of 26 December 2022."""
    rows = run(bucket("week", complete=False), COUNT, sort=by(ref(0)), limit={"kind": "limit", "n": 2})
    assert rows == [(date(2022, 12, 26), 2), (date(2023, 1, 2), 1)]


# ------------------------------------------------------------------ whole periods


def test_the_incomplete_last_month_is_left_out(run):
    """The data ends on 30 March, a day too early. December starts before the data does, and is kept: what ends is the last period.
    Visit 7 has no date: it lies in no period that is not over."""
    months, undated = [(date(2022, 12, 1), 1), (date(2023, 1, 1), 2), (date(2023, 2, 1), 2)], (None, 1)
    assert run(bucket("month"), COUNT, sort=by(ref(0))) == [*months, undated]
    assert run(bucket("month"), COUNT, sort=by(ref(0)), as_of=date(2023, 3, 31)) == [*months, (date(2023, 3, 1), 1), undated]
    assert run(bucket("month"), COUNT, sort=by(ref(0)), as_of=date(2023, 2, 27)) == [*months[:2], undated]


def test_the_last_day_of_the_data_is_complete(run):
    assert run(bucket("day"), COUNT, sort=by(ref(0), direction="desc"), limit={"kind": "limit", "n": 1}) == [(date(2023, 3, 30), 1)]


def test_the_incomplete_period_is_in_no_window(run):
    """The change of the last month that is whole: 2 in February against 2 in January."""
    change = {"kind": "delta", "of": COUNT, "n": 1, "unit": "month"}
    rows = run(bucket("month"), change, sort=by(ref(0), direction="desc"), limit={"kind": "limit", "n": 1})
    assert rows == [(date(2023, 2, 1), 0)]


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("output", "code", "place", "says"),
    [
        (bins("width", 0), "E_BIN", "/n", "wider than nothing, and 0"),
        (bins("width", {"value": "ten"}), "E_BIN", "/n", "'ten'"),
        (bins("quantiles", 1), "E_BIN", "/n", "2 to 10 quantiles, not 1"),
        (bins("quantiles", 2.5), "E_BIN", "/n", "not 2.5"),
        (bins("width", 5) | {"of": "visits.day"}, "E_TYPE", "/of", "Bin needs numbers, not dates"),
        (percentile(0), "E_PERCENTILE", "/p", "between 0 and 100"),
        (percentile({"value": "high"}), "E_PERCENTILE", "/p", "'high' does not"),
        (percentile(50, of="visits.day"), "E_TYPE", "/of", "Percentile needs numbers"),
        (percentile(50, of={"kind": "rows", "table": "visits"}), "E_TYPE", "", "rows can be counted, not percentile"),
        (MONTH_NAME | {"of": "visits.id"}, "E_TYPE", "/of", "needs a date"),
    ],
)
def test_refused(output, code, place, says):
    errors = check(read_spec({"query": {"outputs": [output]}}), VISITS)
    assert [(e.code, e.place) for e in errors] == [(code, f"/query/outputs/0{place}")]
    assert says in str(errors[0])
