"""What is refused, with its code, its place and its choices."""

import pytest

from microgt.errors import CompileError
from microgt.spec import check, compile_spec, read_spec

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
AVERAGE = {"kind": "aggregate", "fn": "avg", "of": "items.price"}
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "items.price"}


def ref(n):
    return {"kind": "ref", "output": n}


def equal(left, right):
    return {"kind": "compare", "op": "eq", "left": left, "right": right}


def sort(by):
    return [{"kind": "sort", "direction": "asc", "by": by}]


WRONG = [
    ({"outputs": ["orders.chanel"]}, "E_UNKNOWN_ID", "/query/outputs/0/column", "did you mean 'channel'?"),
    ({"outputs": ["order.id"]}, "E_UNKNOWN_ID", "/query/outputs/0/column", "unknown column 'order.id'"),
    ({"outputs": [COUNT | {"of": {"kind": "rows", "table": "oders"}}]}, "E_UNKNOWN_ID", "/query/outputs/0/of/table", "did you mean 'orders'"),
    ({"outputs": [COUNT | {"at": "itms"}]}, "E_UNKNOWN_ID", "/query/outputs/0/at", "did you mean 'items'?"),
    ({"outputs": [{"column": "customers.name", "via": ["orders.id"]}, "orders.id"]}, "E_VIA", "", "keys that do: orders.customer_id"),
    ({"outputs": ["airports.city", "flights.minutes"]}, "E_JOIN_AMBIGUOUS", "", "flights.origin = airports.code or by flights.dest"),
    ({"outputs": ["airports.city", "orders.id"]}, "E_JOIN_NO_PATH", "", "no keys connect airports with orders"),
    ({"outputs": ["orders.channel", {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "customers"}}]}, "E_FANOUT", "",
     "count would take rows of customers several times through the join to orders; say at=orders"),
    ({"outputs": ["orders.id"], "where": equal(COUNT, 2)}, "E_MEASURE", "/query/where/left", "outputs, having or sort"),
    ({"outputs": [{"kind": "ratio", "numerator": "items.qty", "denominator": "items.price"}]}, "E_MEASURE", "/query/outputs/0", "of measures"),
    ({"outputs": [COUNT], "sort": sort("orders.day")}, "E_NOT_GROUPED", "/query/sort/0/by", "a key in `by`"),
    ({"outputs": [{"kind": "arithmetic", "op": "sub", "left": "items.price", "right": AVERAGE}]}, "E_NOT_GROUPED", "/query/outputs/0/left", ""),
    ({"outputs": ["orders.chanel"], "sort": sort({"kind": "arithmetic", "op": "add", "left": ref(0), "right": 1})}, "E_UNKNOWN_ID", "/query/outputs/0/column", ""),
    ({"outputs": [{"kind": "arithmetic", "op": "add", "left": {"outputs": ["orders.day"], "limit": {"n": 1}}, "right": 1}]}, "E_TYPE", "/query/outputs/0/left", "there is date_diff"),
    ({"outputs": ["orders.id"], "where": equal(ref(0), 2)}, "E_REF", "/query/where/left", "windows and view only"),
    ({"outputs": ["orders.id"], "sort": sort(ref(3))}, "E_REF", "/query/sort/0/by", "outputs: 0 to 0"),
    ({"outputs": [{"kind": "inner", "output": 0}]}, "E_INNER", "/query/outputs/0", "no source"),
    ({"source": {"outputs": ["orders.id"]}, "outputs": [{"kind": "inner", "output": 1}]}, "E_INNER", "/query/outputs/0", "outputs: 0 to 0"),
    ({"source": {"outputs": ["orders.id"]}, "outputs": ["orders.id"]}, "E_SOURCE", "/query/outputs/0", "no tables"),
    ({"outputs": ["orders.id"], "limit": {"kind": "limit", "n": {"value": "few"}}}, "E_LIMIT", "/query/limit/n", "not 'few'"),
    ({"outputs": ["orders.id"], "where": equal("orders.id", {"outputs": ["orders.id", "orders.day"]})}, "E_OUTPUTS", "/query/where/right", "one"),
    ({"kind": "set", "op": "union", "left": {"outputs": ["orders.id"]}, "right": {"outputs": ["orders.id", "orders.day"]}}, "E_OUTPUTS",
     "/query/right", "1 and 2"),
    ({"kind": "set", "op": "union", "left": {"outputs": ["orders.id"]}, "right": {"outputs": ["orders.day"]}}, "E_TYPE", "/query/right", "time"),
    ({"kind": "set", "op": "union", "left": {"outputs": ["orders.id"]}, "right": {"outputs": ["items.id"]}, "sort": sort("items.id")}, "E_SORT",
     "", "use ref"),
    ({"outputs": [{"kind": "time_bucket", "grain": "day", "of": "orders.id"}]}, "E_TYPE", "/query/outputs/0/of", "needs a date, not a number"),
    ({"outputs": [{"kind": "aggregate", "fn": "sum", "of": "orders.day"}]}, "E_TYPE", "/query/outputs/0/of", "date_diff"),
    (
        {"outputs": ["orders.id"], "where": {"kind": "between", "of": "orders.id", "low": 9, "high": 2}},
        "E_EMPTY",
        "/query/where",
        "nothing lies between 9 and 2",
    ),
    ({"outputs": [COUNT | {"fn": "sum"}]}, "E_TYPE", "/query/outputs/0", "rows can be counted"),
    ({"outputs": ["orders.id"], "where": {"kind": "in_period", "of": "orders.day", "period": {"kind": "at", "value": {"value": "soon"}}}},
     "E_PERIOD", "/query/where/period/value", "periods look like 2023, 2023-03, March 2023"),
    ({"outputs": ["orders.id"], "where": {"kind": "in_period", "of": "orders.day", "period": {"kind": "last", "unit": "day", "n": 0}}},
     "E_PERIOD", "/query/where/period/n", "from 1 on"),
    ({"outputs": ["orders.channel", {"kind": "rank", "method": "rank", "of": {"kind": "arithmetic", "op": "mul", "left": COUNT,
      "right": {"outputs": [{"kind": "rank", "method": "rank", "of": COUNT}]}}}]}, "E_WINDOW_QUERY", "", "read from that query (source)"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "place", "says"), WRONG)
def test_what_is_wrong_is_named(schema, query, code, place, says):
    errors = check(read_spec({"query": query}), schema)
    assert [e.code for e in errors] == [code]
    assert errors[0].place == (place or "/query")
    assert says in str(errors[0])


def test_all_mistakes_at_once(schema):
    query = {"outputs": ["orders.chanel", "orders.dya"], "sort": sort(ref(5))}
    assert [e.place for e in check(read_spec({"query": query}), schema)] == [
        "/query/outputs/0/column",
        "/query/outputs/1/column",
        "/query/sort/0/by",
    ]


def chart(mark, outputs, **refs):
    return {"query": {"outputs": outputs}, "view": {"kind": "chart", "mark": mark, **{k: ref(v) for k, v in refs.items()}}}


@pytest.mark.parametrize(
    ("spec", "code", "place"),
    [
        (chart("bar", ["orders.id"]), "E_REF", "/view/y"),
        (chart("line", ["orders.channel", COUNT], color=2), "E_REF", "/view/color"),
        (chart("donut", ["items.product", AVERAGE]), "E_CHART_SHAPE", "/view/y"),
        (chart("pie", ["items.product", {"kind": "aggregate", "fn": "count_distinct", "of": "items.price"}]), "E_CHART_SHAPE", "/view/y"),
        (chart("pie", [TOTAL, "items.product"]), "E_CHART_SHAPE", "/view/x"),
        (chart("donut", ["items.product", "items.order_id", TOTAL]), "E_CHART_SHAPE", "/view"),
        ({"query": {"outputs": ["orders.id", "orders.day"]}, "view": {"kind": "number"}}, "E_VIEW", "/view"),
    ],
)
def test_charts_that_cannot_be_drawn(schema, spec, code, place):
    assert [(e.code, e.place) for e in check(read_spec(spec), schema)] == [(code, place)]


@pytest.mark.parametrize(
    "spec",
    [
        chart("donut", ["items.product", TOTAL]),
        chart("pie", ["orders.channel", COUNT]),
        chart("histogram", ["items.price"]),
        chart("bar", ["items.product", AVERAGE]),
        {"query": {"outputs": [COUNT]}, "view": {"kind": "number"}},
        {"kind": "unanswerable", "reason": "no_column"},
    ],
)
def test_what_is_right_is_accepted(schema, spec):
    assert check(read_spec(spec), schema) == []


def test_the_compiler_refuses_what_the_checker_refuses(schema):
    with pytest.raises(CompileError, match="E_REF at /sort/0/by"):
        compile_spec(read_spec({"query": {"outputs": ["orders.id"], "sort": sort(ref(3))}}), schema)


def test_there_is_no_sql_for_the_unanswerable(schema):
    with pytest.raises(CompileError, match="E_UNANSWERABLE: there is no query: no_column"):
        compile_spec(read_spec({"kind": "unanswerable", "reason": "no_column"}), schema)
