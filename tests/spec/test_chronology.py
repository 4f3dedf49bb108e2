"""Groups by time come in the order of time where the spec sorts nothing, though the rows were stored in another."""

import duckdb
import pytest

from microgt.evaluation.order import ordering
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import compile_spec, read_spec

ROWS = """
('2025-03-01', 'web', 5), ('2025-01-07', 'shop', 20), ('2025-03-09', 'shop', 1), ('2024-12-30', 'web', 9), ('2025-01-05', 'web', 30),
('2025-02-03', 'web', 8)
"""
COLUMNS = {"day": ColumnType.TIME, "channel": ColumnType.TEXT, "price": ColumnType.NUMBER}
SALES = Schema("sales", (Table("sales", ("sales",), tuple(Column("sales", n, t, (n,)) for n, t in COLUMNS.items())),))
COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "sales"}}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "sales.day"}
WEEKDAY = {"kind": "date_part", "part": "weekday_name", "of": "sales.day"}
BIN = {"kind": "bin", "by": "width", "of": "sales.price", "n": 10}


@pytest.fixture(scope="module")
def sales():
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE sales (day DATE, channel VARCHAR, price INTEGER)")
        connection.execute(f"INSERT INTO sales VALUES {ROWS}")
        yield connection


def compiled(*outputs, **more):
    return compile_spec(read_spec({"kind": "answer", "query": {"kind": "select", "outputs": [*outputs], **more}}), SALES)


def column(connection, sql, place=0):
    return [row[place] for row in connection.execute(sql).fetchall()]


def test_months_come_before_other_keys_wherever_they_are_shown(sales):
    rows = sales.execute(compiled("sales.channel", COUNT, MONTH)).fetchall()
    assert [(str(month), channel) for channel, _, month in rows] == [
        ("2024-12-01", "web"),
        ("2025-01-01", "shop"),
        ("2025-01-01", "web"),
        ("2025-02-01", "web"),
        ("2025-03-01", "shop"),
        ("2025-03-01", "web"),
    ]


def test_totals_that_grow_come_in_the_order_in_which_they_do(sales):
    assert column(sales, compiled(MONTH, {"kind": "running_total", "of": COUNT}), 1) == [1, 3, 4, 6]


def test_weekdays_come_as_in_the_calendar_and_bins_by_size(sales):
    assert column(sales, compiled(WEEKDAY, COUNT)) == ["Monday", "Tuesday", "Saturday", "Sunday"]
    assert column(sales, compiled(BIN, COUNT)) == [0, 20, 30]


def test_of_parts_of_dates_the_longer_comes_first(sales):
    month, year = ({"kind": "date_part", "part": part, "of": "sales.day"} for part in ("month", "year"))
    later = sales.execute(compiled(month, year, COUNT)).fetchall()
    assert [(row[1], row[0]) for row in later] == [(2024, 12), (2025, 1), (2025, 2), (2025, 3)]


def test_what_the_spec_says_of_order_stays(sales):
    price = {"kind": "aggregate", "fn": "sum", "of": "sales.price"}
    assert str(column(sales, compiled(MONTH, price, sort=[{"kind": "sort", "direction": "desc", "by": price}]))[0]) == "2025-01-01"


def test_an_order_that_the_spec_does_not_ask_for_does_not_count():
    assert ordering(compiled(MONTH, COUNT), 0) is None


def test_groups_without_time_are_not_sorted():
    assert "ORDER BY" not in compiled("sales.channel", COUNT)
    assert "ORDER BY" not in compiled(MONTH, distinct=True)
