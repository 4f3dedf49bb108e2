"""Specs in words."""

import pytest

from microgt.spec import in_words, read_spec

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "items.price"}
PAID = {"kind": "compare", "op": "eq", "left": "orders.status", "right": {"value": "paid"}}
REF = {"kind": "ref", "output": 1}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"query": {"outputs": [COUNT]}}, "The number of orders."),
        ({"query": {"outputs": ["customers.name"], "where": {"kind": "is_null", "of": "customers.region"}}}, "Name of customers where region is missing."),
        ({"query": {"outputs": ["orders.channel", COUNT], "where": PAID}}, 'The number of orders by channel where status is "paid".'),
        (
            {"query": {"outputs": ["customers.region", TOTAL], "sort": [{"kind": "sort", "direction": "desc", "by": REF}],
                       "limit": {"kind": "limit", "n": 3}}, "view": {"kind": "chart", "mark": "donut"}},
            "The total items price by customers region, sorted by the total items price (largest first), only the first 3 rows, as a donut chart.",
        ),
        (
            {"query": {"outputs": [{"kind": "ratio", "numerator": COUNT | {"where": PAID}, "denominator": COUNT}]}},
            'The share of orders (where status is "paid").',
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
