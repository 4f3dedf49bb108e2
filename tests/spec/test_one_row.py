"""Where one value is due a query must have one row: DuckDB refuses several when it runs, SQLite takes any of them."""

from typing import Any

import pytest
from hypothesis import given

from microgt.spec import Answer, check, compile_spec, read_spec, write_spec
from microgt.spec.importer import import_sql
from microgt.spec.one_row import has_one_row
from microgt.spec.walk import Query, walk
from tests.spec.errors.cases import COUNT, agg, equal, inner, limit, query, ref, sort, union
from tests.spec.strategies import accepted

NAMED = equal("customers.name", {"value": "Ada"})
ONE = [
    query(agg("max", "orders.id")),
    query(agg("avg", "items.price"), where=NAMED),
    query({"kind": "ratio", "numerator": COUNT, "denominator": COUNT}),
    query("orders.id", sort=sort("orders.day"), limit=limit(1)),
    query("orders.id", limit=limit(0)),
    union(["orders.id"], ["items.id"], sort=sort(ref(0)), limit=limit(1)),
    query("customers.name", where=equal("customers.id", 2)),
    query("customers.name", where={"kind": "and", "args": [equal(2, "customers.id"), NAMED]}),
    query("airports.city", where=equal("airports.code", {"value": "OSL"})),
    query(3),
    query(inner(0), source=query(COUNT)["query"]),
    query(agg("max", inner(0)), source=query("orders.id")["query"]),
]
SEVERAL = [
    query("orders.id"),
    query("customers.id", where=NAMED),
    query(COUNT, by=["orders.channel"]),
    query("orders.id", limit=limit(2)),
    query("orders.id", sort=sort("orders.day"), limit=limit(1, ties="include")),
    query("orders.id", sort=sort("orders.day"), limit=limit(1, per=["orders.channel"])),
    query("customers.name", where={"kind": "or", "args": [equal("customers.id", 2), NAMED]}),
    query("customers.name", where={"kind": "not", "arg": equal("customers.id", 2)}),
    query("customers.name", where={"kind": "compare", "op": "gt", "left": "customers.id", "right": 2}),
    query("airports.city", where=equal("airports.code", 7)),  # "7" and "07" are the number 7
    query("orders.id", where=equal("customers.id", 2)),  # the key of another table
    query({"column": "employees.name", "via": ["employees.boss_id"]}, where=equal("employees.id", 1)),
    query("customers.name", where=equal("customers.id", 2), through=[{"kind": "through", "table": "orders"}]),
    query("notes.who", where=equal("notes.who", {"value": "Ada"})),  # a table without a key
    query(inner(0), source=query("orders.id")["query"]),
    union(["orders.id"], ["items.id"]),
]


@pytest.mark.parametrize("document", ONE)
def test_one(schema, document):
    assert has_one_row(read_spec(document).query, schema)
    assert check(read_spec(query("orders.id", where=equal("orders.id", document["query"]))), schema) == []


@pytest.mark.parametrize("document", SEVERAL)
def test_several(schema, document):
    assert not has_one_row(read_spec(document).query, schema)
    spec = read_spec(query("orders.id", where=equal("orders.id", document["query"])))
    assert [error.code for error in check(spec, schema) if error.place == "/query/where/right"] == ["E_ONE_ROW"]


@pytest.mark.parametrize(
    "where",
    [
        {"kind": "between", "of": "orders.id", "low": query("items.id")["query"], "high": 9},
        {"kind": "is_null", "of": query("items.id")["query"]},
        {"kind": "in", "of": query("items.id")["query"], "values": [1]},
        {"kind": "like", "how": "contains", "of": query("items.product")["query"], "text": {"value": "p"}},
        equal({"kind": "date_diff", "unit": "day", "start": query("orders.day")["query"], "end": "orders.day"}, 3),
        {"kind": "in_query", "of": query("items.id")["query"], "query": query("orders.id")["query"]},
    ],
)
def test_wherever_a_value_is_due(schema, where):
    assert [error.code for error in check(read_spec(query("orders.id", where=where)), schema)] == ["E_ONE_ROW"]


def test_among_and_from_several_rows(schema):
    among = query("orders.id", where={"kind": "in_query", "of": "orders.customer_id", "query": query("customers.id")["query"]})
    assert check(read_spec(among), schema) == []
    assert check(read_spec(query(agg("max", inner(0)), source=query("orders.id")["query"])), schema) == []


# ------------------------------------------------------------------ SQL of others


def imported(sql: str, schema) -> dict[str, Any]:
    spec = import_sql(sql, schema)
    assert check(spec, schema) == []
    return write_spec(spec)["query"]["where"]


@pytest.mark.parametrize(("op", "fn"), [(">", "max"), (">=", "max"), ("<", "min"), ("<=", "min")])
def test_more_than_a_row_is_more_than_each(schema, connection, op, fn):
    """Two rows of items are pens at 5: the comparison holds for each of them, and a single row is compared as it is."""
    inside = "(SELECT qty FROM items WHERE product = 'pen')"
    assert imported(f"SELECT id FROM items WHERE qty {op} {inside}", schema)["right"]["outputs"] == [agg(fn, "items.qty")]
    mirrored = {">": "<", ">=": "<=", "<": ">", "<=": ">="}[op]
    assert imported(f"SELECT id FROM items WHERE {inside} {mirrored} qty", schema)["right"]["outputs"] == [agg(fn, "items.qty")]
    one = f"SELECT id FROM items WHERE price {op} (SELECT price FROM items WHERE product = 'pad')"
    ours = connection.sql(compile_spec(import_sql(one, schema), schema)).fetchall()
    assert sorted(ours) == sorted(connection.sql(one).fetchall()) != []


def test_the_same_as_a_row_is_among_the_rows(schema, connection):
    sql = "SELECT id FROM orders WHERE customer_id = (SELECT id FROM customers WHERE name = 'Ada')"
    assert imported(sql, schema)["kind"] == "in_query"
    assert imported(sql.replace(" = (", " <> ("), schema)["arg"]["kind"] == "in_query"
    assert sorted(connection.sql(compile_spec(import_sql(sql, schema), schema)).fetchall()) == [(1,), (2,)]


def test_an_extreme_of_groups_reads_from_them(schema):
    sql = "SELECT id FROM orders WHERE id > (SELECT COUNT(*) FROM items GROUP BY product)"
    right = imported(sql, schema)["right"]
    assert right["outputs"] == [agg("max", inner(0))]
    assert right["source"]["by"] == ["items.product"]


def test_what_is_known_to_have_one_row_is_left(schema):
    assert imported("SELECT id FROM orders WHERE day = (SELECT MAX(day) FROM orders)", schema)["kind"] == "compare"
    assert imported("SELECT id FROM orders WHERE day > (SELECT day FROM orders WHERE id = 2)", schema)["right"]["outputs"] == ["orders.day"]


# ------------------------------------------------------------------ whatever the data


@given(accepted(wanted={"Spec": (Answer,)}))
def test_what_is_known_to_have_one_row_has_one(drawn):
    database, spec = drawn
    with database.connect() as connection:
        for _, node in walk(spec):
            if isinstance(node, Query) and has_one_row(node, database.schema) and not check(Answer(query=node), database.schema):
                assert len(connection.sql(compile_spec(node, database.schema)).fetchall()) <= 1
