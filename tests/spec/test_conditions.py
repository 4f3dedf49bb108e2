"""What conditions mean where NULLs, negation and several spellings meet."""

import pytest

from microgt.spec import check, compile_spec, read_spec

PAYERS = {"outputs": ["payments.customer_id"]}  # 1, 1, 2, NULL
PAID = {"kind": "in_query", "of": "customers.id", "query": PAYERS}
EU = {"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "EU"}}
COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}


@pytest.fixture
def rows(schema, connection):
    def rows(query):
        spec = read_spec({"query": query})
        assert check(spec, schema) == []
        return connection.execute(compile_spec(spec, schema)).fetchall()

    return rows


def customers(where):
    return {"outputs": ["customers.name"], "where": where, "sort": [{"kind": "sort", "direction": "asc", "by": "customers.id"}]}


def test_a_null_in_a_query_empties_nothing_below_not(rows):
    """Ada is in the EU and paid, so she alone goes; of Cy the region is unknown, but he did not pay."""
    both = {"kind": "not", "arg": {"kind": "and", "args": [PAID, EU]}}
    assert rows(customers(both)) == [("Bob",), ("Cy",), ("Dee",)]


def test_one_value_is_the_same_with_eq_and_with_in(rows):
    """A named year in a list is a period, as it is alone: customers 1 and 2 came in 2023."""
    alone = {"kind": "compare", "op": "eq", "left": "customers.since", "right": {"value": "2023"}}
    listed = {"kind": "in", "of": "customers.since", "values": [{"value": "2023"}]}
    assert rows(customers(listed)) == rows(customers(alone)) == [("Ada",), ("Bob",)]


@pytest.mark.parametrize("of", [COUNT, {"kind": "ref", "output": 1}])
def test_a_measure_that_is_not_among_values(rows, of):
    """Orders by channel: web 3, shop 2; of these numbers only 2 is the id of somebody who paid."""
    query = {"outputs": ["orders.channel", COUNT], "having": {"kind": "not", "arg": {"kind": "in_query", "of": of, "query": PAYERS}}}
    assert rows(query) == [("web", 3)]


def test_distinct_constants_are_one_row_with_ties_too(rows):
    query = {"outputs": [7], "through": [{"kind": "through", "table": "orders"}], "distinct": True}
    assert rows(query | {"limit": {"kind": "limit", "n": 3, "ties": "include"}}) == [(7,)]
    assert rows(query | {"sort": [{"kind": "sort", "direction": "asc", "by": "orders.day"}]}) == [(7,)]
