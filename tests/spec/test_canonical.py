"""Specs that mean the same have one canonical JSON; specs that do not keep theirs apart."""

import pytest

from microgt.spec import canonical, read_spec, write_spec

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "items.price"}
DAY, REGION, CHANNEL = "orders.day", "customers.region", "orders.channel"
REF = {"kind": "ref", "output": 1}
MONTH = {"kind": "time_bucket", "grain": "month", "of": DAY}
RUNNING, SHARE, FIRST = {"kind": "running_total"}, {"kind": "share", "of": COUNT}, {"kind": "limit", "n": 1}


def compare(op, left, right):
    return {"kind": "compare", "op": op, "left": left, "right": right}


def junction(kind, *args):
    return {"kind": kind, "args": list(args)}


def negated(arg):
    return {"kind": "not", "arg": arg}


def listed(of, *values):
    return {"kind": "in", "of": of, "values": [{"value": v} if isinstance(v, str) else v for v in values]}


def text(value):
    return {"value": value}


def between(of, low, high):
    return {"kind": "between", "of": of, "low": low, "high": high}


def like(how, value):
    return {"kind": "like", "how": how, "of": "customers.name", "text": text(value)}


def during(kind, **more):
    return {"kind": "in_period", "of": DAY, "period": {"kind": kind, **more}}


def sort(by, direction="desc"):
    return {"kind": "sort", "direction": direction, "by": by}


def by_via(*path):
    return {"column": REGION, "via": list(path)}


WEB, SHOP = compare("eq", CHANNEL, text("web")), compare("eq", CHANNEL, text("shop"))
PAID = compare("eq", "orders.status", text("paid"))
AMONG = {"kind": "in_query", "of": "orders.customer_id", "query": {"outputs": ["customers.id"]}}

CONDITIONS = [
    (junction("and", WEB, junction("and", PAID, DAY_KNOWN := negated({"kind": "is_null", "of": DAY}))), junction("and", DAY_KNOWN, PAID, WEB)),
    (junction("and", WEB, WEB), WEB),
    (junction("or", WEB, SHOP), listed(CHANNEL, "shop", "web")),
    (listed(CHANNEL, "web", "shop", "web"), listed(CHANNEL, "shop", "web")),
    (listed(CHANNEL, "web"), WEB),
    (junction("and", negated(WEB), negated(SHOP)), negated(listed(CHANNEL, "web", "shop"))),
    (negated(negated(WEB)), WEB),
    (negated(junction("or", WEB, PAID)), junction("and", negated(PAID), negated(WEB))),
    (negated(junction("and", AMONG, WEB)), junction("or", negated(WEB), negated(AMONG))),
    (compare("lt", 3, "orders.id"), compare("gt", "orders.id", 3)),
    (negated(compare("gt", "orders.id", 3)), compare("le", "orders.id", 3)),
    (negated(compare("ne", "orders.id", 3)), compare("eq", "orders.id", 3)),
    (junction("and", compare("le", "orders.id", 9), compare("le", 3, "orders.id")), between("orders.id", 3, 9)),
    (junction("or", compare("gt", "orders.id", 9), compare("lt", "orders.id", 3)), negated(between("orders.id", 3, 9))),
    (compare("eq", CHANNEL, "orders.status"), compare("eq", "orders.status", CHANNEL)),
    (compare("eq", "orders.id", text("3")), compare("eq", "orders.id", 3.0)),
    (compare("eq", "customers.vip", text("Yes")), compare("eq", "customers.vip", 1)),
    (compare("ge", DAY, text("March 2024")), compare("ge", DAY, text("2024-03"))),
    (like("pattern", "%Ad%"), like("contains", "aD")),
    (during("last", unit="month", n=1), during("this", unit="month")),
    (during("to_date", unit="day"), during("this", unit="day")),
    (during("at", value=2024), during("absolute", start=text("2024-01-01"), end=text("Dec 2024"))),
    (during("at", value=text("q2 2024")), during("absolute", start=text("April 2024"), end=text("2024-06"))),
    (during("at", value=text("2024 h1")), during("absolute", start=text("Q1 2024"), end=text("June 2024"))),
    (during("at", value=text("mar")), during("absolute", start=text("March"), end=text("March"))),
    (
        compare("gt", {"kind": "arithmetic", "op": "mul", "left": 2, "right": "orders.id"}, 5),
        compare("gt", {"kind": "arithmetic", "op": "mul", "left": "orders.id", "right": 2}, 5),
    ),
]  # fmt: skip
QUERIES = [
    ({"outputs": [CHANNEL, COUNT], "by": [CHANNEL]}, {"outputs": [CHANNEL, COUNT], "distinct": True}),
    ({"outputs": [CHANNEL], "by": [CHANNEL]}, {"outputs": [CHANNEL], "distinct": True}),
    ({"outputs": [COUNT], "by": [CHANNEL, REGION]}, {"outputs": [COUNT], "by": [REGION, CHANNEL, REGION]}),
    ({"outputs": [CHANNEL, COUNT], "sort": [sort(COUNT)]}, {"outputs": [CHANNEL, COUNT], "sort": [sort(REF), sort(COUNT, "asc"), sort(7)]}),
    ({"outputs": [COUNT], "sort": [sort(COUNT)], "limit": {"kind": "limit", "n": 1}}, {"outputs": [COUNT]}),
    ({"outputs": [CHANNEL, COUNT], "having": compare("gt", COUNT, 1)}, {"outputs": [CHANNEL, COUNT], "having": compare("lt", 1, REF)}),
    ({"outputs": [CHANNEL], "having": WEB}, {"outputs": [CHANNEL], "where": WEB}),
    ({"outputs": [CHANNEL], "limit": {"kind": "limit", "n": text("3"), "ties": "include"}}, {"outputs": [CHANNEL], "limit": {"kind": "limit", "n": 3}}),
    ({"outputs": [CHANNEL, by_via("orders.customer_id")]}, {"outputs": [CHANNEL, REGION]}),
    ({"outputs": ["items.id", REGION], "through": [{"kind": "through", "table": "orders"}]}, {"outputs": ["items.id", REGION]}),
    ({"outputs": [CHANNEL, TOTAL | {"at": "items"}]}, {"outputs": [CHANNEL, TOTAL]}),
    ({"outputs": [CHANNEL], "orphans": "drop", "empty_groups": "keep"}, {"outputs": [CHANNEL]}),
    ({"outputs": [MONTH, COUNT, RUNNING | {"of": REF}]}, {"outputs": [MONTH, COUNT, RUNNING | {"of": COUNT}]}),
    ({"outputs": [MONTH, COUNT], "sort": [sort(RUNNING | {"of": REF})]}, {"outputs": [MONTH, COUNT], "sort": [sort(RUNNING | {"of": COUNT})]}),
    ({"outputs": [CHANNEL, REGION, SHARE | {"within": [REGION, CHANNEL]}]}, {"outputs": [CHANNEL, REGION, SHARE | {"within": [CHANNEL, REGION]}]}),
    ({"outputs": [CHANNEL, {"kind": "ratio", "numerator": COUNT, "denominator": {"kind": "overall", "of": COUNT}}]}, {"outputs": [CHANNEL, SHARE]}),
    ({"outputs": [CHANNEL, COUNT], "limit": FIRST | {"per": [CHANNEL]}}, {"outputs": [CHANNEL, COUNT], "limit": FIRST | {"per": [{"kind": "ref", "output": 0}]}}),
    (
        {"kind": "set", "op": "union", "left": {"outputs": [CHANNEL], "distinct": True}, "right": {"outputs": [REGION], "sort": [sort(REGION)]}},
        {"kind": "set", "op": "union", "left": {"outputs": [CHANNEL]}, "right": {"outputs": [REGION]}},
    ),
    (
        {"outputs": [CHANNEL], "where": AMONG | {"query": {"outputs": ["customers.id"], "distinct": True, "sort": [sort("customers.name")]}}},
        {"outputs": [CHANNEL], "where": AMONG},
    ),
]  # fmt: skip
APART = [
    ({"source": {"outputs": [CHANNEL, COUNT], "by": [MONTH], "sort": [sort(RUNNING | {"of": COUNT})]}, "outputs": [{"kind": "inner", "output": 1}]},
     {"source": {"outputs": [CHANNEL, COUNT], "by": [MONTH]}, "outputs": [{"kind": "inner", "output": 1}]}),
    ({"outputs": [COUNT, {"kind": "rank", "method": "row_number", "of": COUNT}], "by": [CHANNEL, REGION]}, {"outputs": [COUNT, {"kind": "rank", "method": "row_number", "of": COUNT}], "by": [REGION, CHANNEL]}),
    ({"outputs": [CHANNEL, DAY]}, {"outputs": [DAY, CHANNEL]}),
    ({"outputs": [CHANNEL], "where": negated(WEB)}, {"outputs": [CHANNEL], "where": compare("ne", CHANNEL, text("web"))}),
    ({"outputs": ["flights.id", {"column": "airports.city", "via": ["flights.origin"]}]}, {"outputs": ["flights.id", {"column": "airports.city", "via": ["flights.dest"]}]}),
    ({"outputs": [REGION], "through": [{"kind": "through", "table": "orders"}]}, {"outputs": [REGION]}),
    ({"outputs": [REGION, COUNT], "orphans": "drop"}, {"outputs": [REGION, COUNT]}),
    ({"outputs": [CHANNEL, COUNT], "sort": [sort(REF)], "limit": {"kind": "limit", "n": 1, "ties": "include"}}, {"outputs": [CHANNEL, COUNT], "sort": [sort(REF)], "limit": {"kind": "limit", "n": 1}}),
    ({"outputs": [CHANNEL, COUNT], "where": compare("eq", CHANNEL, True)}, {"outputs": [CHANNEL, COUNT], "where": compare("eq", CHANNEL, 1)}),
    (
        {"kind": "set", "op": "except", "left": {"outputs": [CHANNEL]}, "right": {"outputs": [REGION]}},
        {"kind": "set", "op": "except", "left": {"outputs": [REGION]}, "right": {"outputs": [CHANNEL]}},
    ),
    ({"outputs": [REGION], "where": AMONG | {"of": "customers.id", "query": {"outputs": ["orders.customer_id"], "sort": [sort("items.price")]}}}, {"outputs": [REGION], "where": AMONG | {"of": "customers.id", "query": {"outputs": ["orders.customer_id"]}}}),
]  # fmt: skip


@pytest.fixture
def form(schema):
    return lambda query: write_spec(canonical(read_spec({"query": query}), schema))


@pytest.mark.parametrize(("one", "other"), CONDITIONS)
def test_one_form_of_conditions(one, other, form):
    assert form({"outputs": [CHANNEL], "where": one}) == form({"outputs": [CHANNEL], "where": other})


@pytest.mark.parametrize(("one", "other"), QUERIES)
def test_one_form_of_queries(one, other, form):
    assert form(one) == form(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_differs_stays_apart(one, other, form):
    assert form(one) != form(other)


def test_a_key_that_tells_two_apart_stays(form):
    query = {"outputs": ["flights.id", {"kind": "col", "column": "airports.city", "via": ["flights.origin"]}]}
    assert form(query)["query"]["outputs"] == query["outputs"]


def test_more_conditions_than_one_junction_holds(form):
    columns = ["orders.id", DAY, CHANNEL, "orders.status", "orders.customer_id", "customers.name", REGION]
    known = [negated({"kind": "is_null", "of": c}) for c in columns]
    one = form({"outputs": [CHANNEL], "where": junction("and", junction("and", *known[:4]), *known[4:])})
    assert one == form({"outputs": [CHANNEL], "where": junction("and", *known[:2], junction("and", *known[2:][::-1]))})


def test_the_height_of_a_histogram_is_no_output(schema):
    histogram = {"query": {"outputs": ["orders.id", DAY]}, "view": {"kind": "chart", "mark": "histogram"}}
    other = histogram | {"view": histogram["view"] | {"y": {"kind": "ref", "output": 0}}}
    assert canonical(read_spec(histogram), schema) == canonical(read_spec(other), schema)


def test_what_is_not_right_stays_as_it_is(schema):
    wrong = read_spec({"query": {"outputs": ["orders.nothing"], "where": junction("and", WEB, WEB)}})
    assert canonical(wrong, schema) == wrong
