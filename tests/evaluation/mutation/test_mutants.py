"""One gold spec for each kind of mistake, and that every mistake is made."""

from collections import Counter

import pytest

from microgt.evaluation.mutation import Kind, mutants
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import check, read_spec

NUMBER, TEXT, TIME = ColumnType.NUMBER, ColumnType.TEXT, ColumnType.TIME


def table(called, **columns):
    return Table(called, (called,), tuple(Column(called, c, kind, (c,), c == "id") for c, kind in columns.items()))


SCHEMA = Schema(
    "flights",
    (
        table("airports", id=NUMBER, name=TEXT, city=TEXT, height=NUMBER),
        table("flights", id=NUMBER, leaves=NUMBER, arrives=NUMBER, day=TIME, seats=NUMBER, price=NUMBER),
    ),
    (ForeignKey("flights.leaves", "airports.id"), ForeignKey("flights.arrives", "airports.id")),
    values={"airports.city": ("Rome", "Oslo", "Bern")},
)
COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "flights"}}
SEATS = {"kind": "aggregate", "fn": "sum", "of": "flights.seats"}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "flights.day"}
CITY = {"kind": "compare", "op": "eq", "left": "airports.city", "right": {"value": "Rome"}}
HIGH = {"kind": "compare", "op": "gt", "left": "airports.height", "right": 100}
CITY_VIA = {"column": "airports.city", "via": ["flights.leaves"]}


def kinds_of(query):
    spec = read_spec({"query": query})
    assert not check(spec, SCHEMA)
    return Counter(m.kind for m in mutants(spec, SCHEMA))


@pytest.mark.parametrize(
    ("query", "kind", "least"),
    [
        ({"outputs": ["airports.name"], "where": CITY}, Kind.DROP_FILTER, 1),
        ({"outputs": ["airports.name"], "where": {"kind": "and", "args": [CITY, HIGH]}}, Kind.DROP_FILTER, 3),
        ({"outputs": ["airports.name"], "where": {"kind": "and", "args": [CITY, HIGH]}}, Kind.AND_OR, 1),
        ({"outputs": ["airports.name"], "where": HIGH}, Kind.OPERATOR, 3),
        ({"outputs": ["airports.name"], "where": HIGH}, Kind.LITERAL, 2),
        ({"outputs": ["airports.name"], "where": CITY}, Kind.LITERAL, 2),
        ({"outputs": [SEATS]}, Kind.AGGREGATE, 2),
        ({"outputs": [COUNT]}, Kind.AGGREGATE, 2),
        ({"outputs": ["airports.city"], "distinct": True}, Kind.DISTINCT, 1),
        ({"outputs": [CITY_VIA, COUNT]}, Kind.JOIN, 2),
        ({"outputs": ["airports.name"], "sort": [{"direction": "asc", "by": "airports.height"}], "limit": {"n": 3}}, Kind.LIMIT, 4),
        ({"outputs": ["airports.name"], "sort": [{"direction": "asc", "by": "airports.height"}], "limit": {"n": 3}}, Kind.SORT, 1),
        ({"outputs": [CITY_VIA], "having": {"kind": "compare", "op": "ge", "left": COUNT, "right": 2}}, Kind.DROP_HAVING, 1),
        ({"outputs": [MONTH, COUNT]}, Kind.GRAIN, 2),
        ({"outputs": [MONTH, {"kind": "moving", "agg": "avg", "of": COUNT, "periods": 3}]}, Kind.WINDOW, 2),
        ({"outputs": [MONTH, {"kind": "prior", "of": COUNT, "n": 1, "unit": "month"}]}, Kind.WINDOW, 3),
        ({"outputs": ["airports.name"]}, Kind.COLUMN, 1),
        ({"outputs": [COUNT], "by": ["flights.day"]}, Kind.KEYS, 1),
        (
            {"kind": "set", "op": "union", "left": {"outputs": ["flights.leaves"]}, "right": {"outputs": ["flights.arrives"]}},
            Kind.SET,
            3,
        ),
    ],
)
def test_each_mistake_is_made(query, kind, least):
    assert kinds_of(query)[kind] >= least


def test_mutants_are_accepted_and_differ():
    query = {"outputs": [CITY_VIA, SEATS], "where": {"kind": "compare", "op": "gt", "left": "flights.price", "right": 5.5}}
    spec = read_spec({"query": query, "view": {"kind": "chart", "mark": "bar"}})
    found = list(mutants(spec, SCHEMA))
    assert len({m.sql for m in found}) == len(found) > 8
    assert all(not check(m.spec, SCHEMA) for m in found)
    assert list(mutants(spec, SCHEMA)) == found


def test_what_has_no_query_has_no_mutants():
    assert list(mutants(read_spec({"kind": "unanswerable", "reason": "no_column"}), SCHEMA)) == []
