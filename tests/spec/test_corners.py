"""Corners that no question leads to and any spec may: they run, and mean what the types say."""

from dataclasses import replace
from datetime import date

import pytest

from microgt.schema.types import ColumnType
from microgt.spec import check, compile_spec, read_spec

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
REF = {"kind": "ref", "output": 0}


@pytest.fixture
def rows(schema, connection):
    def rows(query):
        spec = read_spec({"query": query})
        assert check(spec, schema) == []
        return connection.execute(compile_spec(spec, schema)).fetchall()

    return rows


def sort(by):
    return [{"kind": "sort", "direction": "asc", "by": by}]


def rank(of):
    return {"kind": "rank", "method": "rank", "of": of}


def test_a_window_on_the_right_of_a_set_operation(rows):
    """Of the channels web has 3 orders and shop 2: the places are 1 and 2."""
    places = {"outputs": [rank(COUNT)], "by": ["orders.channel"]}
    assert rows({"kind": "set", "op": "union", "left": {"outputs": [7]}, "right": places, "sort": sort(REF)}) == [(1,), (2,), (7,)]


def test_the_percentile_of_a_constant_is_the_constant(rows):
    assert rows({"outputs": [{"kind": "percentile", "of": 2.5, "p": 12, "at": "orders"}]}) == [(2.5,)]


@pytest.mark.parametrize("key", [3, {"outputs": [COUNT]}, {"outputs": [rank(COUNT)]}])
@pytest.mark.parametrize("more", [{}, {"ties": "include"}, {"per": ["orders.channel"]}, {"other": True}])
def test_what_is_the_same_for_all_rows_sorts_nothing(rows, key, more):
    """The first of the rest is shop, since nothing else sorts."""
    limit = {"kind": "limit", "n": 1, **more}
    found = rows({"outputs": ["orders.channel", COUNT], "sort": sort(key), "limit": limit})
    assert found == [("shop", 2), *([("web", 3)] if "per" in more else [("Other", 3)] if "other" in more else [])]


def test_the_row_other_beside_a_sort_by_what_does_not_add_up(rows):
    """The middle of web's days is 2024-02-29; of shop's, 2024-01-01 and 2024-03-31, it is 2024-02-15."""
    middle = {"kind": "aggregate", "fn": "median", "of": "orders.day"}
    query = {"outputs": ["orders.channel", COUNT], "sort": sort(middle), "limit": {"kind": "limit", "n": 1, "other": True}}
    assert rows(query) == [("shop", 2), ("Other", 3)]


def test_other_types_such_as_bytes_go_with_their_own_only(schema):
    customers = schema.table("customers")
    columns = tuple(replace(c, type=ColumnType.OTHER) if c.name == "vip" else c for c in customers.columns)
    with_bytes = replace(schema, tables=(replace(customers, columns=columns), *schema.tables[1:]))
    mixed = {"kind": "set", "op": "union", "left": {"outputs": ["orders.channel"]}, "right": {"outputs": ["customers.vip"]}}
    assert check(read_spec({"query": mixed}), schema) == []
    assert [e.code for e in check(read_spec({"query": mixed}), with_bytes)] == ["E_TYPE"]


def test_a_measure_by_its_place_in_a_ratio(rows):
    """Web has 3 of its 3 orders, shop 2 of 2."""
    half = {
        "kind": "compare",
        "op": "eq",
        "left": {"kind": "ratio", "numerator": {"kind": "ref", "output": 1}, "denominator": COUNT},
        "right": 1,
    }
    assert sorted(rows({"outputs": ["orders.channel", COUNT], "having": half})) == [("shop", 2), ("web", 3)]


def test_a_condition_on_an_output_that_is_a_constant_compares_as_the_constant(rows):
    """The text 3 is the number 3 beside a number."""
    same = {"kind": "compare", "op": "eq", "left": "orders.id", "right": {"kind": "ref", "output": 1}}
    assert rows({"outputs": ["orders.day", {"value": "3"}], "having": same}) == [(date(2024, 2, 29), "3")]


def test_windows_over_the_smallest_number_in_text(rows):
    """January '7', February '12': 5 more, and 9.5 on average; text is subtracted as the number that it is."""
    month, least = (
        {"kind": "time_bucket", "grain": "month", "of": "readings.taken"},
        {"kind": "aggregate", "fn": "min", "of": "readings.level"},
    )
    change, average = ({"kind": "delta", "of": least, "n": 1, "unit": "month"}, {"kind": "moving", "agg": "avg", "of": least, "periods": 2})
    assert rows({"outputs": [month, change, average], "sort": sort(REF)}) == [(date(2024, 1, 1), None, 7.0), (date(2024, 2, 1), 5.0, 9.5)]
