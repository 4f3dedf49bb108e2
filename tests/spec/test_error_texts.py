"""The full text of each error: code, place, message; what was given; what would have been accepted."""

import re
from pathlib import Path

import pytest

import microgt.spec
from microgt.errors import SpecError
from microgt.spec import check, compile_spec, read_spec
from microgt.spec.named import EXAMPLES
from microgt.spec.types import Select


def ref(n):
    return {"kind": "ref", "output": n}


def agg(fn, of, **more):
    return {"kind": "aggregate", "fn": fn, "of": of, **more}


def rows_of(table):
    return {"kind": "rows", "table": table}


def equal(left, right):
    return {"kind": "compare", "op": "eq", "left": left, "right": right}


def sort(by):
    return [{"kind": "sort", "direction": "asc", "by": by}]


def during(**period):
    return {"kind": "in_period", "of": "orders.day", "period": period}


def union(left, right, **more):
    return {"kind": "set", "op": "union", "left": {"outputs": left}, "right": {"outputs": right}, **more}


COUNT, TOTAL = agg("count", rows_of("orders")), agg("sum", "items.price")
VIA = {"column": "customers.name", "via": ["orders.id"]}
ORDERS = ("id", "customer_id", "day", "channel", "status")

# query, text, given, choices
QUERIES = [
    ({"outputs": ["orders.chanel"]},
     "E_UNKNOWN_ID at /query/outputs/0/column: unknown column 'chanel' in orders; did you mean 'channel'?", "orders.chanel", ORDERS),
    ({"outputs": [agg("count", rows_of("ordrs"))]},
     "E_UNKNOWN_ID at /query/outputs/0/of/table: unknown table 'ordrs'; did you mean 'orders'?", "ordrs",
     ("customers", "orders", "items", "payments", "employees", "airports", "flights", "readings", "notes")),
    ({"outputs": [VIA, "orders.id"]},
     "E_VIA at /query: via 'orders.id' is no key that leads to customers; keys that do: orders.customer_id, payments.customer_id",
     "orders.id", ("orders.customer_id", "payments.customer_id")),
    ({"outputs": ["airports.city", "flights.minutes"]},
     "E_JOIN_AMBIGUOUS at /query: airports and flights can be joined by flights.origin = airports.code or by flights.dest = airports.code; "
     "name the key with via, or a table with through", ["airports", "flights"], ("flights.origin", "flights.dest")),
    ({"outputs": ["airports.city", "orders.id"]},
     "E_JOIN_NO_PATH at /query: no keys connect airports with orders", ["airports", "orders"], ()),
    ({"outputs": ["orders.channel", agg("count", rows_of("customers"))]},
     "E_FANOUT at /query: count would take rows of customers several times through the join to orders; say at=orders if that is meant",
     "customers", ("orders",)),
    ({"outputs": [agg("sum", {"kind": "arithmetic", "op": "add", "left": "items.qty", "right": "payments.amount"})]},
     "E_FANOUT at /query: sum mixes items and payments, whose rows multiply each other; say the table with at", "sum", ("items", "payments")),
    ({"outputs": ["notes.who", agg("count_distinct", rows_of("notes"))]},
     "E_NO_KEY at /query: notes has no primary key to tell its rows apart", "notes", ()),
    ({"outputs": ["orders.id"], "where": equal(COUNT, 2)},
     "E_MEASURE at /query/where/left: a measure stands in outputs, having or sort; a measure of a measure needs a source", None, ()),
    ({"outputs": [COUNT], "sort": sort("orders.day")},
     "E_NOT_GROUPED at /query/sort/0/by: a column beside a measure must be an output, a key in `by`, or inside an aggregate", None, ()),
    ({"outputs": ["orders.id"], "where": equal(ref(0), 2)},
     "E_REF at /query/where/left: ref names an output in sort, having and view only", 0, ()),
    ({"outputs": ["orders.id"], "sort": sort(ref(3))}, "E_REF at /query/sort/0/by: there is no output 3 here; outputs: 0 to 0", 3, ()),
    ({"outputs": [{"kind": "inner", "output": 0}]},
     "E_INNER at /query/outputs/0: inner names an output of source, and this query has no source", 0, ()),
    ({"source": {"outputs": ["orders.id"]}, "outputs": [{"kind": "inner", "output": 1}]},
     "E_INNER at /query/outputs/0: the source has no output 1; outputs: 0 to 0", 1, ()),
    ({"source": {"outputs": ["orders.id"]}, "outputs": ["orders.id"]},
     "E_SOURCE at /query/outputs/0: a query with a source uses the outputs of the source (inner) and no tables", None, ()),
    ({"outputs": ["orders.id"], "limit": {"kind": "limit", "n": {"value": "few"}}},
     "E_LIMIT at /query/limit/n: a limit is a whole number of rows, not 'few'", "few", ()),
    ({"outputs": ["orders.id"], "where": equal("orders.id", {"outputs": ["orders.id", "orders.day"]})},
     "E_OUTPUTS at /query/where/right: a query inside an expression has one output, not 2", 2, ()),
    (union(["orders.id"], ["orders.id", "orders.day"]),
     "E_OUTPUTS at /query/right: both sides of union need the same number of outputs: 1 and 2", 2, ()),
    (union(["orders.id"], ["orders.day"]), "E_TYPE at /query/right: output 0 of the two sides of union: number and time", "time", ()),
    (union(["orders.id"], ["items.id"], sort=sort("items.id")),
     "E_SORT at /query: a set operation is sorted by its outputs: use ref", None, ("ref 0",)),
    ({"outputs": [{"kind": "time_bucket", "grain": "day", "of": "orders.id"}]},
     "E_TYPE at /query/outputs/0/of: TimeBucket needs a date, not a number", "number", ()),
    ({"outputs": [agg("sum", rows_of("orders"))]},
     "E_TYPE at /query/outputs/0: rows can be counted, not sum", "sum", ("count", "count_distinct")),
    ({"outputs": ["orders.id"], "where": during(kind="at", value={"value": "soon"})},
     f"E_PERIOD at /query/where/period/value: 'soon' names no period; periods look like {', '.join(EXAMPLES)}", "soon", EXAMPLES),
    ({"outputs": ["orders.id"], "where": during(kind="last", unit="day", n=0)},
     "E_PERIOD at /query/where/period/n: last needs a whole number of units from 1 on, not 0", 0, ()),
]  # fmt: skip


def view(outputs, kind="chart", **more):
    return {"query": {"outputs": outputs}, "view": {"kind": kind, **more}}


VIEWS = [
    (view(["orders.id", "orders.day"], "number"), "E_VIEW at /view: a number shows one output, and there are 2", 2, ()),
    (view(["orders.id"], mark="bar"), "E_REF at /view/y: there is no output 1; outputs: 0 to 0", 1, ()),
    (view([TOTAL, "items.product"], mark="pie"),
     "E_CHART_SHAPE at /view/x: x of a pie is a dimension, and output 0 is a measure", 0, ()),
    (view(["items.product", agg("avg", "items.price")], mark="donut"),
     "E_CHART_SHAPE at /view/y: the parts of a donut add up to a whole: only counts and sums do, not averages, ratios or "
     "distinct counts", 1, ("count", "sum")),
    (view(["items.product", "items.order_id", TOTAL], mark="donut"),
     "E_CHART_SHAPE at /view: a donut shows one dimension (x) and one measure (y): two outputs, not 3", "donut", ()),
]  # fmt: skip
SPECS = [({"query": query}, *rest) for query, *rest in QUERIES] + VIEWS


def nested(levels):
    query = {"outputs": ["orders.id"]}
    for _ in range(levels):
        query = {"source": query, "outputs": [{"kind": "inner", "output": 0}]}
    return {"query": query}


SELECT_FIELDS = tuple(Select.model_fields)
JSON = [
    ("{", "E_JSON: not JSON: Expecting property name enclosed in double quotes (line 1, column 2)", None, ()),
    ('{"query": NaN}', "E_JSON: not JSON: NaN is no number", None, ()),
    ("[" * 100_000, "E_DEPTH: the spec is nested too deeply; at most 60 levels", None, ()),
    (nested(60), "E_DEPTH: the spec is nested too deeply; at most 60 levels", None, ()),
    ({"query": {"outputs": ["orders.id"], "sorts": []}},
     "E_SPEC at /query/sorts: unknown field 'sorts'; did you mean 'sort'?", "sorts", SELECT_FIELDS),
    ({"kind": "chart"}, "E_SPEC: unknown kind 'chart' here; choices: answer, clarify, edit, unanswerable", "chart", ("answer", "clarify", "edit", "unanswerable")),
    ({"query": {"outputs": [{"fn": "sum"}]}},
     "E_SPEC at /query/outputs/0: no kind is given, and the fields do not tell it", {"fn": "sum"}, ()),
    ({"query": {"outputs": ["orders.id"], "sort": [{"kind": "sort", "direction": "up", "by": "orders.id"}]}},
     "E_SPEC at /query/sort/0/direction: unknown value 'up'; choices: asc, desc", "up", ("asc", "desc")),
    ({"query": {"outputs": ["orders.id"], "sort": [{"kind": "sort", "direction": "asc"}]}},
     "E_SPEC at /query/sort/0/by: the field 'by' is missing", None, ()),
    ({"query": {"outputs": []}}, "E_SPEC at /query/outputs: Tuple should have at least 1 item after validation, not 0", [], ()),
]  # fmt: skip


def matches(error: SpecError, text: str, given, choices) -> bool:
    code, _, place = text.partition(": ")[0].partition(" at ")
    found = (str(error), error.code, error.place, error.given, error.choices)
    return found == (text, code, place, given, choices)


@pytest.mark.parametrize(("spec", "text", "given", "choices"), SPECS, ids=[text.split(":")[0] for _, text, _, _ in SPECS])
def test_what_the_checker_says(schema, spec, text, given, choices):
    errors = check(read_spec(spec), schema)
    assert [str(error) for error in errors] == [text]
    assert matches(errors[0], text, given, choices)


@pytest.mark.parametrize(("data", "text", "given", "choices"), JSON, ids=[text.split(":")[0] for _, text, _, _ in JSON])
def test_what_the_reader_says(data, text, given, choices):
    with pytest.raises(SpecError) as caught:
        read_spec(data)
    assert matches(caught.value, text, given, choices)


def test_what_the_compiler_says_of_the_unanswerable(schema):
    with pytest.raises(SpecError) as caught:
        compile_spec(read_spec({"kind": "unanswerable", "reason": "no_path"}), schema)
    assert matches(caught.value, "E_UNANSWERABLE: there is no query: no_path", "no_path", ())


def test_every_code_has_a_test():
    sources = [path.read_text(encoding="utf-8") for path in Path(microgt.spec.__file__).parent.rglob("*.py")]
    raised = {code for source in sources for code in re.findall(r'"(E_[A-Z_]+)"', source)}
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py")]
    tested = {code for source in tests for code in re.findall(r"E_[A-Z_]+", source)}
    assert raised <= tested
