"""Specs in words: what is said, and that different specs are said differently."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgt.errors import SpecError
from microgt.spec import Spec, canonical, check, in_words, read_spec, write_spec
from microgt.spec.english import ordinal
from microgt.spec.grammar import Scope
from tests.spec.documents import neighbours, without_order
from tests.spec.errors.cases import agg, arithmetic, inner, query, ref, union
from tests.spec.examples import EXAMPLES, variants
from tests.spec.strategies import accepted

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "items.price"}
PAID = {"kind": "compare", "op": "eq", "left": "orders.status", "right": {"value": "paid"}}
REF = {"kind": "ref", "output": 1}
TOTAL_ORDERS = {"kind": "aggregate", "fn": "sum", "of": "orders.id"}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"query": {"outputs": [COUNT]}}, "The number of orders."),
        ({"query": {"outputs": ["customers.name"], "where": {"kind": "is_null", "of": "customers.region"}}}, "Name of customers where region is missing."),
        ({"query": {"outputs": ["orders.channel", COUNT], "where": PAID}}, 'The number of orders by channel where status is "paid".'),
        (
            {"query": {"outputs": ["customers.region", TOTAL], "sort": [{"kind": "sort", "direction": "desc", "by": REF}],
                       "limit": {"kind": "limit", "n": 3}}, "view": {"kind": "chart", "mark": "donut"}},
            "The total items price by customers region, largest first, only the first 3 rows, as a donut chart.",
        ),
        (
            {"query": {"outputs": [{"kind": "ratio", "numerator": COUNT | {"where": PAID}, "denominator": COUNT}]}},
            'The fraction of orders (where status is "paid").',
        ),
        (
            {"query": {"outputs": [{"kind": "time_bucket", "grain": "month", "of": "orders.day"}, COUNT],
                       "where": {"kind": "in_period", "of": "orders.day", "period": {"kind": "last", "unit": "month", "n": 3}}}},
            "The number of orders by month of day where day is in the last 3 months.",
        ),
        (
            {"query": {"outputs": ["customers.name"], "where": {"kind": "not", "arg": {
                "kind": "in_query", "of": "customers.id", "query": {"outputs": ["orders.customer_id"]}}}}},
            "Customers name where customers id is not among (orders customer id).",
        ),
        ({"kind": "unanswerable", "reason": "no_path"}, "This cannot be answered: no keys connect the tables that are needed."),
    ],
)  # fmt: skip
def test_sentences(schema, spec, words):
    assert in_words(read_spec(spec), schema) == words


MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.day"}
DAY = "orders.day"


def windowed(window, **more):
    return query(MONTH, window, **more)


def prior(of):
    return {"kind": "prior", "of": of, "n": 1, "unit": "month"}


def moving(of):
    return {"kind": "moving", "agg": "avg", "of": of, "periods": 2}


def running(of):
    return {"kind": "running_total", "of": of}


def ratio(over, under):
    return {"kind": "ratio", "numerator": over, "denominator": under}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (query(agg("max", "orders.id")), "The largest id of orders."),
        (query("items.product", TOTAL), "The total price of items by product."),
        (query("items.product", TOTAL | {"where": {"kind": "is_null", "of": "items.qty"}}),
         "The total items price (where items qty is missing) by items product."),
        (query({"kind": "percentile", "of": "items.price", "p": 90}), "The 90th percentile of price of items."),
        (query(arithmetic("mul", ratio(COUNT | {"where": PAID}, COUNT), 100)), '(The fraction of orders (where status is "paid")) times 100.'),
        (query({"kind": "date_part", "part": "month_name", "of": DAY}), "Month name of day in orders."),
        (query(MONTH | {"complete": True}), "Month of day (whole months only) in orders."),
        (query("orders.id", where={"kind": "compare", "op": "ge", "left": DAY, "right": {"value": "2024-02"}}), "Id of orders where day is on or after 2024-02."),
        (query("orders.id", where={"kind": "like", "how": "pattern", "of": "orders.channel", "text": {"value": "w_b"}}),
         'Id of orders where channel matches the pattern "w_b".'),
        (windowed({"kind": "moving", "agg": "min", "of": TOTAL_ORDERS, "periods": 3}), "The moving minimum of the total orders id over 3 periods by month of orders day."),
        (windowed({"kind": "percent_change", "of": COUNT, "n": 1, "unit": "year"}), "The relative change of the number of orders against 1 year earlier by month of day."),
        (query("orders.channel", COUNT, sort=[{"kind": "sort", "direction": "desc", "by": ref(1)}], limit={"kind": "limit", "n": 2, "ties": "include"}),
         "The number of orders by channel, largest first, only the first 2 rows, ties included."),
        (query(agg("avg", inner(1)), source=query("orders.channel", COUNT)["query"]),
         "The average of the number of orders over (the number of orders by channel)."),
        (union(["orders.id"], ["items.id"]), "All of (orders id) and (items id), each once."),
        (query(COUNT, "orders.channel") | {"view": {"kind": "chart", "mark": "bar", "x": ref(1), "y": ref(0)}}, "The number of orders by channel, as a bar chart."),
        (query("orders.channel", COUNT) | {"view": {"kind": "chart", "mark": "bar", "x": ref(1), "y": ref(0)}},
         "The number of orders by channel, as a bar chart (x is the number of orders, y is channel)."),
        (query("orders.channel", "orders.status", COUNT) | {"view": {"kind": "chart", "mark": "stacked", "y": ref(2), "color": ref(1)}},
         "The number of orders by channel and status, as a stacked bar chart (color is status)."),
        (query(COUNT) | {"view": {"kind": "chart", "mark": "histogram"}}, "The number of orders, as a histogram."),
        (windowed(COUNT) | {"view": {"kind": "forecast", "of": ref(1), "horizon": 3}},
         "The number of orders by month of day, with a forecast of the number of orders for the next 3 months, in a band that holds 80% of cases."),
        ({"kind": "clarify", "readings": [query("orders.id"), query("items.id")]}, "This can mean (1) orders id or (2) items id."),
    ],
)  # fmt: skip
def test_every_part_is_said_so_that_it_is_understood(schema, document, words):
    spec = read_spec(document)
    assert check(spec, schema) == []
    assert in_words(spec, schema) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (running(arithmetic("sub", COUNT, TOTAL_ORDERS)), arithmetic("sub", running(COUNT), TOTAL_ORDERS)),
        (prior(arithmetic("sub", COUNT, TOTAL_ORDERS)), arithmetic("sub", COUNT, prior(TOTAL_ORDERS))),
        (prior(ratio(COUNT, TOTAL_ORDERS)), ratio(COUNT, prior(TOTAL_ORDERS))),
        (prior(moving(COUNT)), moving(prior(COUNT))),
        ({"kind": "share", "of": COUNT | {"where": PAID}}, ratio(COUNT | {"where": PAID}, COUNT)),
    ],
)
def test_what_is_inside_what_is_heard(schema, one, other):
    specs = [read_spec(windowed(window)) for window in (one, other)]
    assert [check(spec, schema) for spec in specs] == [[], []]
    assert in_words(specs[0], schema) != in_words(specs[1], schema)


@pytest.mark.parametrize("view", [{"kind": "chart", "mark": "bar", "x": ref(5)}, {"kind": "forecast", "of": ref(5), "horizon": 3}])
def test_an_output_that_there_is_not_is_an_error(schema, view):
    with pytest.raises(SpecError, match="E_REF: the spec names an output that there is not"):
        in_words(read_spec(query(COUNT) | {"view": view}), schema)


def test_ordinals():
    assert [ordinal(n) for n in (1, 2, 3, 11, 12, 13, 25, 52, 99.5)] == [
        "1st",
        "2nd",
        "3rd",
        "11th",
        "12th",
        "13th",
        "25th",
        "52nd",
        "99.5th",
    ]


# ------------------------------------------------------------------ different specs, different words


def meaning(spec: Spec, schema) -> str:
    """The one form of a spec. Which column comes first is not said: results are compared whatever the order of their columns."""
    return without_order(write_spec(canonical(spec, schema)))


def ambiguous(specs, schema) -> list[tuple[str, set[str]]]:
    """Sentences that say several things."""
    said: dict[str, set[str]] = {}
    for spec in specs:
        if not check(spec, schema):
            said.setdefault(in_words(spec, schema), set()).add(meaning(spec, schema))
    return [(words, meanings) for words, meanings in said.items() if len(meanings) > 1]


def test_no_example_and_nothing_near_one_is_said_like_another(schema):
    rng, near = Random(0), ("customers", "orders", "items")
    scope = Scope(near, tuple(c.id for c in schema.columns if c.table in near), ())
    examples = [spec for name in EXAMPLES for spec in variants(name)]
    specs = [spec for example in examples for spec in (example, *neighbours(example, rng.choice(examples), scope, rng, 4))]
    assert len(specs) > 500
    assert ambiguous(specs, schema) == []


@given(accepted(), st.data())
def test_nothing_near_a_spec_is_said_like_it(drawn, data):
    database, spec = drawn
    other, rng = data.draw(accepted(database))[1], data.draw(st.randoms(use_true_random=True))
    assert ambiguous([spec, other, *neighbours(spec, other, database.scope, rng, 8)], database.schema) == []
