"""The whole text of each error about the ids, joins, references and places of a query."""

import pytest

from microgt.spec import check, read_spec
from tests.spec.errors.cases import COUNT, Case, agg, arithmetic, bucket, equal, inner, named, query, ref, rows_of, sort, union, whole

VIA = {"column": "customers.name", "via": ["orders.id"]}
ORDERS = ("id", "customer_id", "day", "channel", "status")
TABLES = ("customers", "orders", "items", "payments", "employees", "airports", "flights", "readings", "notes", "calls")
WINDOW_IN_A_QUERY = {"outputs": [{"kind": "rank", "method": "rank", "of": COUNT}]}

CASES = [
    # ids
    Case(query("orders.chanel"),
         "E_UNKNOWN_ID at /query/outputs/0/column: unknown column 'chanel' in orders; did you mean 'channel'?", "orders.chanel", ORDERS),
    Case(query(agg("count", rows_of("ordrs"))),
         "E_UNKNOWN_ID at /query/outputs/0/of/table: unknown table 'ordrs'; did you mean 'orders'?", "ordrs", TABLES),
    # joins
    Case(query(VIA, "orders.id"),
         "E_VIA at /query: via 'orders.id' is no key that leads to customers; keys that do: orders.customer_id, payments.customer_id",
         "orders.id", ("orders.customer_id", "payments.customer_id")),
    Case(query("airports.city", "flights.minutes"),
         "E_JOIN_AMBIGUOUS at /query: airports and flights can be joined by flights.origin = airports.code or by flights.dest = airports.code; "
         "name the key with via, or a table with through", ["airports", "flights"], ("flights.origin", "flights.dest")),
    Case(query("airports.city", "orders.id"),
         "E_JOIN_NO_PATH at /query: no keys connect airports with orders", ["airports", "orders"], ("flights",)),
    Case(query("orders.channel", agg("count", rows_of("customers"))),
         "E_FANOUT at /query: count would take rows of customers several times through the join to orders; say at=orders if that is meant",
         "customers", ("orders",)),
    Case(query(agg("sum", arithmetic("add", "items.qty", "payments.amount"))),
         "E_FANOUT at /query: sum mixes items and payments, whose rows multiply each other; say the table with at", "sum", ("items", "payments")),
    Case(query("notes.who", agg("count_distinct", rows_of("notes"))),
         "E_NO_KEY at /query: notes has no primary key to tell its rows apart; count them (count), or the different values of a column",
         "notes", ("count",)),
    # measures
    Case(query("orders.id", where=equal(COUNT, 2)),
         "E_MEASURE at /query/where/left: a measure stands in outputs, having or sort; a measure of a measure needs a source",
         "count of rows of orders", ("outputs", "having", "sort")),
    Case(query({"kind": "ratio", "numerator": "items.qty", "denominator": "items.price"}),
         "E_MEASURE at /query/outputs/0: a ratio is of measures; div divides plain numbers", ["items.qty", "items.price"], ("div",)),
    Case(query("orders.channel", bucket("month"), COUNT, sort=sort("orders.day")),
         "E_NOT_GROUPED at /query/sort/0/by: a column beside a measure must be an output, a key in `by`, or inside an aggregate",
         "orders.day", ("orders.channel", "month of orders.day")),
    # references
    Case(query("orders.id", where=equal(ref(0), 2)),
         "E_REF at /query/where/left: ref names an output in having, sort, limit, windows and view only",
         0, ("having", "sort", "limit", "windows", "view")),
    Case(query("orders.id", "orders.day", sort=sort(ref(3))),
         "E_REF at /query/sort/0/by: there is no output 3 here; outputs: 0 to 1", 3, ("0", "1")),
    Case(query(inner(0)), "E_INNER at /query/outputs/0: inner names an output of source, and this query has no source", 0),
    Case(query(inner(1), source={"outputs": ["orders.id"]}),
         "E_INNER at /query/outputs/0: the source has no output 1; outputs: 0 to 0", 1, ("0",)),
    Case(query("orders.id", source={"outputs": ["orders.day", "orders.id"]}),
         "E_SOURCE at /query/outputs/0: a query with a source uses the outputs of the source (inner) and no tables",
         "orders.id", ("inner 0", "inner 1")),
    # queries inside queries
    Case(query("orders.id", where=equal("orders.id", {"outputs": ["orders.id", "orders.day"]})),
         "E_OUTPUTS at /query/where/right: a query inside an expression has one output, not 2", 2, ("1",)),
    Case(query("orders.id", where=equal("orders.customer_id", {"outputs": ["customers.id"]})),
         "E_ONE_ROW at /query/where/right: a query that stands for one value has one row, and this one can have several: aggregate it, or limit it to 1",
         "select", ("aggregate", "limit", "in_query")),
    Case(query(arithmetic("add", "orders.id", {"outputs": ["customers.id"]})),
         "E_ONE_ROW at /query/outputs/0/right: a query that stands for one value has one row, and this one can have several: aggregate it, or limit it to 1",
         "select", ("aggregate", "limit")),
    Case(union(["orders.id"], ["orders.id", "orders.day"]),
         "E_OUTPUTS at /query/right: both sides of union need the same number of outputs: 1 and 2", 2, ("1",)),
    Case(union(["orders.id"], ["orders.day"]),
         "E_TYPE at /query/right: output 0 of the two sides of union: number and time", "time", ("number",)),
    Case(query("orders.channel", {"kind": "rank", "method": "rank", "of": arithmetic("mul", COUNT, WINDOW_IN_A_QUERY)}),
         "E_WINDOW_QUERY at /query: a window cannot compare what a query with windows computes; read from that query (source)",
         None, ("source",)),
    # sorting
    Case(union(["orders.id"], ["items.id"], sort=sort("items.id")),
         "E_SORT at /query: a set operation is sorted by its outputs: use ref", "items.id", ("ref 0",)),
    Case(query("customers.name", by=["customers.id", "customers.region"], distinct=True, sort=sort("customers.region")),
         "E_SORT at /query: distinct groups with hidden keys can be sorted only by what is shown", ["customers.region"], ("customers.name",)),
]  # fmt: skip


@pytest.mark.parametrize(**named(CASES))
def test_the_text(schema, case):
    assert [whole(error) for error in check(read_spec(case.wrong), schema)] == [case.error]
