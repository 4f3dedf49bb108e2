"""Differences of specs in words."""

import pytest

from microgt.errors import SpecError
from microgt.spec import diff, read_spec

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
REF = {"kind": "ref", "output": 1}
CHANNEL, STATUS, DAY = "orders.channel", "orders.status", "orders.day"
BASE = {"outputs": [CHANNEL, COUNT]}


def total(column):
    return {"kind": "aggregate", "fn": "sum", "of": column}


def is_(column, value):
    return {"kind": "compare", "op": "eq", "left": column, "right": {"value": value}}


def both(*args):
    return {"kind": "and", "args": list(args)}


def during(**period):
    return {"kind": "in_period", "of": DAY, "period": period}


def sort(direction):
    return [{"kind": "sort", "direction": direction, "by": REF}]


def limit(n):
    return {"kind": "limit", "n": n}


CHANGES = [
    ({"outputs": [COUNT]}, BASE, ["added the dimension: channel"]),
    ({"outputs": [CHANNEL, total("orders.id")]}, BASE, ["changed the measure: it was the total id, and is the number of orders"]),
    ({"outputs": [CHANNEL, COUNT, total("orders.id")]}, BASE, ["removed the measure: the total id"]),
    ({"outputs": [COUNT, CHANNEL]}, BASE, ["changed the order of the columns: it was the number of orders and channel, and is channel and the number of orders"]),
    ({"outputs": [COUNT], "by": [STATUS]}, {"outputs": [COUNT]}, ["removed the hidden dimension: status"]),
    (BASE | {"where": is_(STATUS, "paid")}, BASE | {"where": is_(STATUS, "void")}, ['changed the filter: it was status is "paid", and is status is "void"']),
    (BASE | {"where": both(is_(STATUS, "paid"), is_(CHANNEL, "web"))}, BASE | {"where": is_(CHANNEL, "web")}, ['removed the filter: status is "paid"']),
    (BASE | {"where": during(kind="previous", unit="year")}, BASE | {"where": during(kind="last", unit="month", n=3)},
     ["changed the period: it was day is in the last whole year, and is day is in the last 3 months"]),
    (BASE, BASE | {"having": {"kind": "compare", "op": "gt", "left": COUNT, "right": 2}}, ["added the filter on groups: the number of orders is more than 2"]),
    (BASE | {"sort": sort("asc")}, BASE | {"sort": sort("desc"), "limit": limit(3)},
     ["changed the sort: it was the number of orders (smallest first), and is the number of orders (largest first)", "added the limit: the first 3 rows"]),
    (BASE | {"limit": limit(5)}, BASE | {"limit": limit(1)}, ["changed the limit: it was the first 5 rows, and is the first row"]),
    ({"outputs": [CHANNEL]}, {"outputs": [CHANNEL], "distinct": True}, ["added the rows: each once"]),
    ({"outputs": ["items.id", CHANNEL]}, {"outputs": ["items.id", CHANNEL], "orphans": "drop"}, ["added the join: only rows with a match in every table"]),
    ({"source": BASE, "outputs": [{"kind": "inner", "output": 1}]}, {"source": BASE | {"where": is_(STATUS, "paid")}, "outputs": [{"kind": "inner", "output": 1}]},
     ['added the filter of the inner query: status is "paid"']),
    ({"kind": "set", "op": "union", "left": {"outputs": [CHANNEL]}, "right": {"outputs": [STATUS]}},
     {"kind": "set", "op": "except", "left": {"outputs": [CHANNEL]}, "right": {"outputs": [CHANNEL]}},
     ["changed the combination: it was the rows of both, each once, and is the rows of the first that are not in the second",
      "changed the column of the second query: it was status, and is channel"]),
    (BASE, {"kind": "set", "op": "union", "left": BASE, "right": BASE}, ["changed the query: it was the number of orders by channel, and is all of (the number of orders by channel) and (the number of orders by channel), each once"]),
    ({"outputs": [CHANNEL, CHANNEL]}, {"outputs": [CHANNEL]}, ["removed the column: channel"]),
]  # fmt: skip


def said(old, new, schema):
    return [str(change) for change in diff(read_spec(old), read_spec(new), schema)]


@pytest.mark.parametrize(("old", "new", "words"), CHANGES)
def test_queries(old, new, words, schema):
    assert said({"query": old}, {"query": new}, schema) == words


def test_views(schema):
    bar, line = ({"query": BASE, "view": {"kind": "chart", "mark": mark}} for mark in ("bar", "line"))
    turned = {"query": BASE, "view": bar["view"] | {"x": REF, "y": {"kind": "ref", "output": 0}}}
    assert said({"query": BASE}, bar, schema) == ["changed the view: it was a table, and is a bar chart"]
    assert said(bar, line, schema) == ["changed the view: it was a bar chart, and is a line chart"]
    assert said(bar, turned, schema)[0].endswith("and is a bar chart (x is the number of orders, y is channel)")


def test_an_edit_is_what_it_makes(schema):
    assert said({"query": {"outputs": [COUNT]}}, {"kind": "edit", "answer": {"query": BASE}}, schema) == ["added the dimension: channel"]
    assert said({"query": BASE}, {"kind": "edit", "answer": {"query": BASE}}, schema) == []


def test_no_answer_any_more(schema):
    changes = said({"query": {"outputs": [COUNT]}}, {"kind": "unanswerable", "reason": "no_column"}, schema)
    assert changes == [
        'changed the answer: it was "The number of orders", and is "This cannot be answered: no column of the database holds what is asked"'
    ]


def test_readings_come_and_go(schema):
    one, two, three = ({"query": {"outputs": [output]}} for output in (COUNT, total("orders.id"), CHANNEL))
    old, new = ({"kind": "clarify", "readings": [one, other]} for other in (two, three))
    assert said(old, new, schema) == ['changed the reading: it was "The total id of orders", and is "Channel of orders"']
    assert said(old, old | {"readings": [one, two, three]}, schema) == ['added the reading: "Channel of orders"']
    assert said(old, {"query": {"outputs": [COUNT]}}, schema) == [
        'changed the answer: it was "This can mean (1) the number of orders or (2) the total id of orders", and is "The number of orders"'
    ]


def test_the_same_in_other_words_is_no_change(schema):
    one = BASE | {"where": both(is_(STATUS, "paid"), is_(CHANNEL, "web"))}
    other = BASE | {"where": both(is_(CHANNEL, "web"), is_(STATUS, "paid")), "distinct": True}
    assert said({"query": one}, {"query": other}, schema) == []


def test_a_spec_that_is_not_right_is_not_compared(schema):
    with pytest.raises(SpecError, match="unknown column 'chanel' in orders; did you mean 'channel'"):
        said({"query": BASE}, {"query": {"outputs": ["orders.chanel"]}}, schema)
