"""Top three of each group, top three by growth, year over year: each with its spec, the SQL a person would write, and the answer by hand.

Amounts by product and year, and by region and year (mugs were not sold in 2022, in no region; one mug of 2023 was sold in no shop):

             2021  2022  2023                 2021  2022  2023
    pen         -    40    60       north        -    90    72
    ink        40    50    60       south       40    60   120
    pad         -    20    50       east        45     -    90
    cap         -    10    12       (none)       -     -    10
    bag         -    30    10
    mug        45     -   100
"""

from datetime import date

import duckdb
import pytest

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import check, compile_spec, read_spec

DATA = """
CREATE TABLE shops (id INTEGER PRIMARY KEY, region VARCHAR);
INSERT INTO shops VALUES (1, 'north'), (2, 'south'), (3, 'east');
CREATE TABLE sales (id INTEGER PRIMARY KEY, shop_id INTEGER, product VARCHAR, day DATE, amount INTEGER);
INSERT INTO sales VALUES (1, 1, 'pen', '2022-03-01', 40), (2, 1, 'pen', '2023-01-15', 60), (3, 2, 'ink', '2022-12-31', 50),
    (4, 2, 'ink', '2023-06-01', 60), (5, 1, 'pad', '2022-05-05', 20), (6, 2, 'pad', '2023-05-05', 50), (7, 2, 'cap', '2022-07-07', 10),
    (8, 1, 'cap', '2023-07-07', 12), (9, 3, 'mug', '2023-02-02', 90), (10, 1, 'bag', '2022-02-02', 30), (11, 2, 'ink', '2021-04-04', 40),
    (12, 3, 'mug', '2021-08-08', 45), (13, NULL, 'mug', '2023-03-03', 10), (14, 2, 'bag', '2023-09-09', 10);
"""
TIME, TEXT, NUMBER = ColumnType.TIME, ColumnType.TEXT, ColumnType.NUMBER
TABLES = {
    "shops": {"id": NUMBER, "region": TEXT},
    "sales": {"id": NUMBER, "shop_id": NUMBER, "product": TEXT, "day": TIME, "amount": NUMBER},
}
SCHEMA = Schema(
    "growth",
    tuple(Table(t, (t,), tuple(Column(t, n, k, (n,), n == "id") for n, k in columns.items())) for t, columns in TABLES.items()),
    (ForeignKey("sales.shop_id", "shops.id"),),
)

TOTAL = {"kind": "aggregate", "fn": "sum", "of": "sales.amount"}
YEAR = {"kind": "time_bucket", "grain": "year", "of": "sales.day"}
IN_2023 = {"kind": "in_period", "of": "sales.day", "period": {"kind": "at", "value": {"value": "2023"}}}
GROWTH = {"kind": "percent_change", "of": TOTAL, "n": 1, "unit": "year"}


def ref(n):
    return {"kind": "ref", "output": n}


def sort(by, direction="asc"):
    return {"kind": "sort", "direction": direction, "by": by}


@pytest.fixture(scope="module")
def answers():
    """The rows of a spec and those of SQL written by hand."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(DATA)

        def answers(query, by_hand):
            spec = read_spec({"query": query})
            assert check(spec, SCHEMA) == []
            return tuple(connection.sql(sql).fetchall() for sql in (compile_spec(spec, SCHEMA), by_hand))

        yield answers


def test_top_three_of_each_group(answers):
    """north sold four products, the last of them caps for 12; in the south bags and caps made 10 each, and bag comes before cap."""
    query = {
        "outputs": ["shops.region", "sales.product", TOTAL],
        "sort": [sort(ref(0)), sort(ref(2), "desc")],
        "limit": {"kind": "limit", "n": 3, "per": [ref(0)]},
        "orphans": "drop",
    }
    by_hand = """
        SELECT region, product, total FROM (
            SELECT region, product, sum(amount) AS total,
                row_number() OVER (PARTITION BY region ORDER BY sum(amount) DESC, product) AS place
            FROM sales JOIN shops ON shops.id = shop_id GROUP BY region, product
        ) WHERE place <= 3 ORDER BY region, total DESC, product
    """
    north, south = ("pen", 100), ("ink", 150)
    expected = [
        ("east", "mug", 135),
        *(("north", *sold) for sold in (north, ("bag", 30), ("pad", 20))),
        *(("south", *sold) for sold in (south, ("pad", 50), ("bag", 10))),
    ]
    assert answers(query, by_hand) == (expected, expected)


def test_top_three_by_growth(answers):
    """pad 30/20, pen 20/40, then cap 2/10 and ink 10/50, which are equal: cap comes before ink. Mugs made most, and grew from nothing."""
    query = {
        "outputs": ["sales.product", GROWTH],
        "by": [YEAR],
        "where": IN_2023,
        "sort": [sort(ref(1), "desc")],
        "limit": {"kind": "limit", "n": 3},
    }
    by_hand = """
        SELECT product, now * 1.0 / nullif(before, 0) - 1 AS growth FROM (
            SELECT product, coalesce(sum(amount) FILTER (WHERE year(day) = 2022), 0) AS before,
                coalesce(sum(amount) FILTER (WHERE year(day) = 2023), 0) AS now
            FROM sales GROUP BY product
        ) ORDER BY round(growth, 9) DESC NULLS LAST, product LIMIT 3
    """
    expected = [("pad", pytest.approx(1.5)), ("pen", pytest.approx(0.5)), ("cap", pytest.approx(0.2))]
    assert answers(query, by_hand) == (expected, expected)


def test_year_over_year_by_region(answers):
    """north 72 after 90: -0.2; south 60 after 40, then 120; the east sold nothing in 2022, which is all of 45 less, and 90 after nothing
    is no part of it. Nobody's mug of 2023 is kept."""
    query = {
        "outputs": ["shops.region", YEAR, TOTAL, GROWTH],
        "sort": [sort(ref(0)), sort(ref(1))],
    }
    by_hand = """
        SELECT region, make_date(y::INT, 1, 1), now, (now - before) * 1.0 / nullif(before, 0) FROM (
            SELECT region, y, coalesce(sum(amount) FILTER (WHERE year(day) = y), 0)::INT AS now,
                CASE WHEN y > 2021 THEN coalesce(sum(amount) FILTER (WHERE year(day) = y - 1), 0) END AS before
            FROM sales LEFT JOIN shops ON shops.id = shop_id, range(2021, 2024) AS years(y) GROUP BY region, y
        ) ORDER BY region NULLS LAST, y
    """
    found, written = answers(query, by_hand)
    growth = {
        "east": [(45, None), (0, -1.0), (90, None)],
        "north": [(0, None), (90, None), (72, -0.2)],
        "south": [(40, None), (60, 0.5), (120, 1.0)],
        None: [(0, None), (0, None), (10, None)],
    }
    expected = [(region, date(2021 + i, 1, 1), *row) for region, rows in growth.items() for i, row in enumerate(rows)]
    approximate = [(*row[:3], row[3] if row[3] is None else pytest.approx(row[3])) for row in expected]
    assert found == approximate
    assert written == approximate
