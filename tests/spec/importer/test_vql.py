"""Charts of VQL: the rows they show, and mark, axes, colour and units of time."""

import pytest

from microgt.errors import ImportSqlError
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.importer.vql import Bin, Vql, chart_sql, import_vql
from microgt.spec.json import write_spec

BY_DAY = "SELECT day, COUNT(day) FROM orders"
COLORED = "SELECT channel, COUNT(*) FROM orders GROUP BY status, channel"


@pytest.fixture
def spec_of(schema):
    """A chart as JSON, once the checker accepts it."""

    def read(*vql) -> dict:
        spec = import_vql(Vql(*vql), schema)
        assert check(spec, schema) == []
        return write_spec(spec)

    return read


@pytest.fixture
def rows_of(schema, connection):
    """The rows that a chart shows, sorted."""

    def run(*vql) -> list[tuple]:
        rows = connection.execute(compile_spec(import_vql(Vql(*vql), schema), schema)).fetchall()
        return sorted(tuple(map(str, row)) for row in rows)

    return run


@pytest.mark.parametrize(
    ("kind", "sql", "view"),
    [
        ("Bar", "SELECT channel, COUNT(*) FROM orders GROUP BY channel", {"mark": "bar"}),
        ("Pie", "SELECT channel, COUNT(*) FROM orders GROUP BY channel", {"mark": "pie"}),
        ("Line", "SELECT day, COUNT(*) FROM orders GROUP BY day", {"mark": "line"}),
        ("Scatter", "SELECT qty, price FROM items", {"mark": "scatter"}),
        ("Stacked Bar", COLORED, {"mark": "stacked", "color": {"kind": "ref", "output": 2}}),
        ("Grouping Line", COLORED, {"mark": "line", "color": {"kind": "ref", "output": 2}}),
    ],
)
def test_kinds_of_charts(kind, sql, view, spec_of):
    assert spec_of(kind, sql)["view"] == {"kind": "chart", **view}


def test_the_colour_is_the_key_that_is_not_shown(spec_of, rows_of):
    found = spec_of("Stacked Bar", COLORED)["query"]
    assert found["outputs"][0] == "orders.channel"
    assert found["outputs"][2] == "orders.status"
    # Orders by hand: 1 web paid, 2 shop paid, 3 web void, 4 web without status, 5 shop paid.
    assert rows_of("Stacked Bar", COLORED) == [("shop", "2", "paid"), ("web", "1", "None"), ("web", "1", "paid"), ("web", "1", "void")]


def test_a_key_that_colours_nothing_stays_hidden(spec_of):
    found = spec_of("Bar", "SELECT T1.name, COUNT(*) FROM customers T1 JOIN orders T2 ON T1.id = T2.customer_id GROUP BY T1.id")
    assert len(found["query"]["outputs"]) == 2
    assert "color" not in found["view"]


def test_without_a_measure_each_row_is_a_mark(rows_of):
    assert rows_of("Grouping Scatter", "SELECT qty, price FROM items GROUP BY product") == [
        ("1", "20.0", "ink"), ("1", "20.0", "ink"), ("1", "5.0", "pen"), ("2", "5.0", "pen"), ("3", "10.0", "pad"), ("4", "5.0", "pen"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "rows"),
    [  # the days are 2023-12-31 (a Sunday), 2024-01-01, 2024-02-29 (a Thursday) and twice 2024-03-31 (a Sunday)
        ("YEAR", [("2023-01-01", "1"), ("2024-01-01", "4")]),
        ("QUARTER", [("1", "4"), ("4", "1")]),
        ("MONTH", [("1", "1"), ("12", "1"), ("2", "1"), ("3", "2")]),
        ("WEEK", [("2023-12-25", "1"), ("2024-01-01", "1"), ("2024-02-26", "1"), ("2024-03-25", "2")]),
        ("WEEKDAY", [("1", "1"), ("4", "1"), ("7", "3")]),
        ("DAY", [("2023-12-31", "1"), ("2024-01-01", "1"), ("2024-02-29", "1"), ("2024-03-31", "2")]),
    ],
)
def test_units_of_time(unit, rows, rows_of):
    assert rows_of("Bar", BY_DAY, Bin("day", unit)) == rows


def test_hours(rows_of):
    assert rows_of("Bar", "SELECT started, COUNT(started) FROM calls", Bin("started", "HOUR")) == [("23", "1"), ("9", "2")]


def test_a_bin_sorts_and_groups_beside_the_colour(spec_of):
    sql = "SELECT day, COUNT(day) FROM orders WHERE id > 1 GROUP BY channel ORDER BY day DESC LIMIT 3"
    found = spec_of("Grouping Line", sql, Bin("day", "YEAR"))["query"]
    year = {"kind": "time_bucket", "grain": "year", "of": "orders.day"}
    assert [found["outputs"][0], found["outputs"][2]] == [year, "orders.channel"]
    assert found["sort"] == [{"kind": "sort", "direction": "desc", "by": year}]
    assert "by" not in found


def test_what_only_sorts_never_splits_a_bin(rows_of):
    assert rows_of("Bar", f"{BY_DAY} ORDER BY id DESC", Bin("day", "YEAR")) == rows_of("Bar", BY_DAY, Bin("day", "YEAR"))


def test_dates_in_text_are_cut_too(spec_of):
    found = spec_of("Line", "SELECT T1.taken, COUNT(*) FROM readings AS T1", Bin("T1.taken", "MONTH"))
    assert found["query"]["outputs"][0] == {"kind": "date_part", "part": "month", "of": "readings.taken"}


def test_a_number_cut_into_years_is_a_year(schema):
    assert chart_sql(Vql("Line", "SELECT qty, COUNT(*) FROM items", Bin("qty", "YEAR")), schema).endswith("GROUP BY qty")


@pytest.mark.parametrize(
    ("vql", "code", "choices"),
    [
        (Vql("Radar", BY_DAY), "chart", ("Bar", "Pie")),
        (Vql("Bar", BY_DAY, Bin("day", "CENTURY")), "bin", ("YEAR", "WEEK")),
        (Vql("Bar", BY_DAY, Bin("status", "YEAR")), "bin", ()),
        (Vql("Bar", f"{BY_DAY} UNION {BY_DAY}", Bin("day", "YEAR")), "bin", ()),
        (Vql("Stacked Bar", "SELECT channel, COUNT(*) FROM orders GROUP BY channel"), "color", ()),
        (Vql("Stacked Bar", "SELECT channel, FROM"), "syntax", ()),
    ],
)
def test_what_cannot_be_applied_is_refused(vql, code, choices, schema):
    with pytest.raises(ImportSqlError) as caught:
        import_vql(vql, schema)
    assert caught.value.code == code
    assert caught.value.choices[: len(choices)] == choices
