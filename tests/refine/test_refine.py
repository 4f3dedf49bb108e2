"""Changes of an answer in words, read without a model: what each makes of it, in the words of the spec."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgt.errors import CannotRefine
from microgt.graph import Linker, build_graph
from microgt.refine import refine
from microgt.schema.types import Schema
from microgt.spec import check, edit, patch_between
from microgt.spec.types import Answer
from tests.product.scripted import AMOUNT, MONTH, ORDERS, by_region
from tests.refine.refined import changed
from tests.spec.strategies import accepted

LINE = {"kind": "chart", "mark": "line"}
BARS = {"kind": "chart", "mark": "bar"}
BY_REGION, BY_MONTH = by_region(AMOUNT), {"query": {"outputs": [MONTH, AMOUNT]}, "view": LINE}
TOTAL = {"query": {"outputs": [AMOUNT]}, "view": {"kind": "number"}}
ROWS = {"query": {"outputs": ["orders.id", "orders.amount"]}}
SOUTH = by_region(AMOUNT, where={"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "south"}})


def test_what_is_aggregated_stays_when_its_column_is_grouped_otherwise(shop):
    days = {"query": {"outputs": ["orders.placed", {"kind": "aggregate", "fn": "count", "of": "orders.placed"}]}}
    assert changed(shop, days, "by month") == ["The number of known values of placed of orders by month of placed"]


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        ("only 2024", "The total orders amount by customers region where orders placed is in 2024, largest first"),
        ("last year", "The total orders amount by customers region where orders placed is in the last whole year, largest first"),
        ("this year so far", "The total orders amount by customers region where orders placed is in the year to date, largest first"),
        ("since Feb 2024", "The total orders amount by customers region where orders placed is on or after February 2024, largest first"),
        ("for south", "The total orders amount by customers region where customers region is \"south\", largest first"),
        ("region north", "The total orders amount by customers region where customers region is \"north\", largest first"),
        ("without refunds", "The total orders amount by customers region where orders type is not \"refund\", largest first"),
        ("only those above 30", "The total orders amount by customers region, only groups where the total orders amount is more than 30, largest first"),
        ("as a line", "The total orders amount by customers region, largest first, as a line chart"),
        ("make it a donut please", "The total orders amount by customers region, largest first, as a donut chart"),
        ("top five", "The total orders amount by customers region, largest first, only the first 5 rows"),
        ("the bottom 3", "The total orders amount by customers region, smallest first, only the first 3 rows"),
        ("in ascending order", "The total orders amount by customers region, smallest first"),
        ("by month", "The total amount of orders by month of placed"),
        ("by type", "The total amount of orders by type, largest first"),
        ("by type as well", "The total orders amount by customers region and orders type, largest first"),
        ("without region", "The total amount of orders"),
        ("average instead of total", "The average orders amount by customers region, largest first"),
        ("number of orders instead", "The number of orders by customers region, largest first"),
        ("as a share of the total", "The share of the total orders amount by customers region, largest first"),
        ("for south by month as a line chart", "The total orders amount by month of orders placed where customers region is \"south\", as a line chart"),
    ],
)  # fmt: skip
def test_a_change_of_a_list(shop, words, becomes):
    assert changed(shop, BY_REGION, words) == [becomes]


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        ("by quarter", "The total amount of orders by quarter of placed, as a line chart"),
        ("weekly", "The total amount of orders by week of placed, as a line chart"),
        ("by region", "The total orders amount by customers region, largest first, as a bar chart"),
        (
            "split by region",
            "The total orders amount by month of orders placed and customers region, as a line chart (color is customers region)",
        ),
        (
            "forecast three months",
            "The total amount of orders by month of placed, with a forecast of the total amount for the next 3 months, "
            "in a band that holds 80% of cases",
        ),
        (
            "predict next year",
            "The total amount of orders by month of placed, with a forecast of the total amount for the next 12 months, "
            "in a band that holds 80% of cases",
        ),
    ],
)
def test_a_change_of_a_trend(shop, words, becomes):
    assert changed(shop, BY_MONTH, words) == [becomes]


def test_a_filter_takes_the_place_of_the_one_before_and_can_be_dropped(shop):
    where = "where customers region is"
    assert changed(shop, SOUTH, "only north") == [f'The total orders amount by customers region {where} "north", largest first']
    assert changed(shop, SOUTH, "and north too") == [
        f'The total orders amount by customers region {where} "south" or "north", largest first'
    ]
    assert changed(shop, SOUTH, "drop the filter") == ["The total orders amount by customers region, largest first"]
    assert changed(shop, SOUTH, "all regions") == ["The total orders amount by customers region, largest first"]


def test_a_number_gets_groups(shop):
    assert changed(shop, TOTAL, "by region") == ["The total orders amount by customers region"]
    assert changed(shop, TOTAL, "by month as a line") == ["The total amount of orders by month of placed, as a line chart"]


def test_a_chart_that_is_not_borne_any_more_becomes_bars(shop):
    donut = {**BY_REGION, "view": {"kind": "chart", "mark": "donut"}}
    assert changed(shop, donut, "average instead") == ["The average orders amount by customers region, largest first, as a bar chart"]


def test_several_readings_are_all_given(shop):
    assert changed(shop, BY_REGION, "amount above 25") == [
        "The total orders amount by customers region where orders amount is more than 25, largest first",
        "The total orders amount by customers region, only groups where the total orders amount is more than 25, largest first",
    ]
    by_month = "The total amount of orders by month of placed"
    assert changed(shop, BY_MONTH, "in descending order") == [
        f"{by_month}, sorted by month of placed (latest first), as a line chart",
        f"{by_month}, largest first, as a line chart",
    ]
    both = {"query": {"outputs": ["customers.region", "orders.amount"]}}
    assert changed(shop, both, "in 2024") == [
        "Customers region and orders amount where customers joined is in 2024",
        "Customers region and orders amount where orders placed is in 2024",
    ]


@pytest.mark.parametrize(
    ("spec", "words", "why"),
    [
        (BY_REGION, "drop the filter", "there is no such filter in the answer"),
        (BY_REGION, "as a heatmap", "a heatmap has x, y and color"),
        (BY_REGION, "newest first", "no column of the answer is a time"),
        ({"query": {"outputs": ["customers.region", {**AMOUNT, "fn": "avg"}]}}, "as a donut", "only counts and sums do, not averages"),
        (by_region(ORDERS), "average", "rows are counted, which have no avg: name a column"),
        (BY_REGION, "forecast it", "how far is it to be forecast.; choices: forecast 3 months"),
        (ROWS, "by region", "the answer lists rows, which have no groups"),
        (SOUTH, "without south", "nothing of customers.region would be left"),
        ({"query": {"op": "union", "left": ROWS["query"], "right": ROWS["query"], "kind": "set"}}, "only 2024", "made of several queries"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(shop, spec, words, why):
    with pytest.raises(CannotRefine, match=why):
        changed(shop, spec, words)


@pytest.mark.parametrize(
    "words",
    ["tell me jokes", "total amount by region", "only Atlantis", "how many customers are there", "show me", "", "by colour", "as a " * 20],
)
def test_what_is_not_wholly_understood_is_left_alone(shop, words):
    assert changed(shop, BY_REGION, words) is None


PHRASES = st.sampled_from(
    [
        "only 2024", "last year", "in March", "by month", "weekly", "top five", "bottom 2", "as a line", "as a donut", "as a table", "above 10",
        "in descending order", "largest first", "newest first", "forecast 3 months", "drop the filter", "average instead", "median", "as a share",
        "also by year", "all of them", "2021 and 2023", "since 2021 and before 2023", "above 10 and below 50", "without the forecast", "first 3", "unsorted", "for all time", "as a heatmap", "as stacked bars",
    ]
)  # fmt: skip


@given(accepted(), st.lists(PHRASES, min_size=1, max_size=3), st.data())
def test_whatever_is_said_of_whatever_answer_is_right_or_refused(drawn, phrases, data):
    """Also with the names and values of the database; what is accepted leads back by the patch turned round."""
    database, spec = drawn
    named = data.draw(st.sampled_from([c.id for c in database.schema.columns])).rpartition(".")[2].replace("_", " ")
    words = ", ".join(
        [*phrases, data.draw(st.sampled_from(["by {}", "also by {}", "without {}", "sorted by {}", "average {} instead", ""]))]
    )
    schema = database.schema
    if not isinstance(spec, Answer):
        return
    try:
        found = refine(spec, build_graph(words.format(named), schema, Linker(schema)), schema)
    except CannotRefine:
        return
    for answer in found or ():
        assert not check(answer, schema)
        assert edit(spec, patch_between(spec, answer), schema) == answer
        assert edit(answer, patch_between(answer, spec), schema) == spec


def test_a_text_that_is_a_date_is_found_as_one(tmp_path):
    path = tmp_path / "stays.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE stays (id INTEGER PRIMARY KEY, price DOUBLE, arrived VARCHAR)")
        db.execute("INSERT INTO stays VALUES (1, 20, '2023-01-09'), (2, 30, '2024-03-05')")
    schema = Schema.from_duckdb(path)
    total = {"query": {"outputs": [{"kind": "aggregate", "fn": "sum", "of": "stays.price"}]}}
    database = schema, Linker(schema)
    assert changed(database, total, "by month") == ["The total price of stays by month of arrived"]
    assert changed(database, total, "by month", "only 2024") == ["The total price of stays by month of arrived where arrived is in 2024"]
