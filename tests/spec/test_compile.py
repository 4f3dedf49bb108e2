"""Names of columns, and what sorts the rows."""

from datetime import date

import pytest

from microgt.spec import compile_spec, read_spec, sort_outputs
from microgt.spec.compiler import output_names

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
PAID = {"kind": "compare", "op": "eq", "left": "orders.status", "right": {"value": "paid"}}


def ref(n):
    return {"kind": "ref", "output": n}


def names(outputs, schema, **more):
    return output_names(read_spec({"query": {"outputs": outputs, **more}}).query, schema)


def test_names_are_readable_and_unique(schema):
    month = {"kind": "time_bucket", "grain": "month", "of": "orders.day"}
    total = {"kind": "aggregate", "fn": "sum", "of": "items.price"}
    share = {"kind": "ratio", "numerator": COUNT | {"where": PAID}, "denominator": COUNT}
    less = {"kind": "arithmetic", "op": "sub", "left": total, "right": {"kind": "aggregate", "fn": "min", "of": "items.price"}}
    assert names([month, "customers.name", COUNT, share, less], schema) == (
        "month",
        "name",
        "count_orders",
        "share_of_count_orders",
        "sum_price_minus_min_price",
    )
    assert names([COUNT, COUNT | {"where": PAID}], schema) == ("count_orders", "count_orders_2")
    assert names(["customers.name", "employees.name"], schema) == ("customers_name", "employees_name")
    assert names(["notes.Full Text"], schema) == ("full_text",)
    assert names([{"kind": "inner", "output": 0}], schema, source={"outputs": [COUNT]}) == ("count_orders",)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"outputs": ["orders.id"]}, None),
        ({"outputs": ["orders.id"], "limit": {"kind": "limit", "n": 3}}, None),
        ({"outputs": ["orders.channel", COUNT], "sort": [ref(1), "orders.channel"]}, (1, 0)),
        ({"outputs": ["orders.channel"], "sort": [COUNT]}, (None,)),
        ({"outputs": ["orders.channel", COUNT], "sort": [ref(1)], "limit": {"kind": "limit", "n": 1, "other": True}}, (None, 1)),
        ({"outputs": [{"kind": "date_part", "part": "month_name", "of": "orders.day"}], "sort": [ref(0)]}, (None,)),
        ({"kind": "set", "op": "union", "left": {"outputs": ["orders.id"]}, "right": {"outputs": ["items.id"]}, "sort": [ref(0)]}, (0,)),
    ],
)
def test_what_sorts_the_rows(query, expected):
    if "sort" in query:
        query = query | {"sort": [{"kind": "sort", "direction": "asc", "by": key} for key in query["sort"]]}
    assert sort_outputs(read_spec({"query": query})) == expected


def test_a_given_day_leaves_no_trace_of_the_data(schema):
    query = {"outputs": [COUNT], "where": {"kind": "in_period", "of": "orders.day", "period": {"kind": "previous", "unit": "week"}}}
    sql = compile_spec(read_spec({"query": query}), schema, as_of=date(2024, 1, 3))
    assert "orders.day >= '2023-12-25' AND orders.day < '2024-01-01'" in sql
