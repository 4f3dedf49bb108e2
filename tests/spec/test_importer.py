"""SQL -> spec on a small schema."""

import pytest

from microgt.errors import ImportSqlError
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec.importer import import_sql
from microgt.spec.json import write_spec


def table(name: str, *columns: tuple[str, ColumnType], key: str = "id") -> Table:
    return Table(name, (name,), tuple(Column(name, c, kind, (c,), c == key) for c, kind in columns))


N, T, D = ColumnType.NUMBER, ColumnType.TEXT, ColumnType.TIME
SCHEMA = Schema(
    "shop",
    (
        table("customers", ("id", N), ("name", T), ("region", T), ("age", N)),
        table("orders", ("id", N), ("customer_id", N), ("amount", N), ("day", D), ("ship_city", N), ("bill_city", N)),
        table("cities", ("id", N), ("city", T)),
    ),
    (
        ForeignKey("orders.customer_id", "customers.id"),
        ForeignKey("orders.ship_city", "cities.id"),
        ForeignKey("orders.bill_city", "cities.id"),
    ),
)
ORDERS = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}


def query(sql: str) -> dict:
    return write_spec(import_sql(sql, SCHEMA))["query"]


def test_counting_a_join_counts_the_finest_table():
    found = query("SELECT c.name, COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name")
    assert found == {"kind": "select", "outputs": ["customers.name", ORDERS], "orphans": "drop"}


def test_a_measure_that_the_join_multiplies_says_at_which_table():
    found = query("SELECT AVG(c.age) FROM customers c JOIN orders o ON o.customer_id = c.id")
    assert found["outputs"][0]["at"] == "orders"


def test_group_by_key_that_is_not_shown_becomes_by():
    found = query("SELECT ANY_VALUE(c.name) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id HAVING COUNT(*) > 1")
    assert found["by"] == ["customers.id"]
    assert found["having"]["left"] == ORDERS


def test_a_table_that_is_only_joined_is_passed_through():
    found = query("SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id")
    assert found["through"] == [{"kind": "through", "table": "orders"}]


def test_one_of_two_keys_between_tables_is_said():
    found = query("SELECT x.city FROM orders o JOIN cities x ON o.bill_city = x.id")
    assert found["outputs"] == [{"kind": "col", "column": "cities.city", "via": ["orders.bill_city"]}]


def test_left_join_keeps_parents_without_children():
    found = query("SELECT c.name, COUNT(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.name")
    assert found["empty_groups"] == "keep"
    assert found["orphans"] == "drop"


def test_left_join_keeps_rows_without_a_parent():
    found = query("SELECT c.name, COUNT(o.id) FROM orders o LEFT JOIN customers c ON o.customer_id = c.id GROUP BY c.name")
    assert "empty_groups" not in found
    assert "orphans" not in found


def test_not_like_is_negated():
    found = query("SELECT name FROM customers WHERE name NOT LIKE 'A%'")
    assert found["where"] == {
        "kind": "not",
        "arg": {"kind": "like", "how": "starts", "of": "customers.name", "text": {"value": "A"}},
    }


def test_conditions():
    found = query("SELECT name FROM customers WHERE region LIKE '%or%' AND NOT id IN (SELECT customer_id FROM orders) OR 3 < age")
    assert [arg["kind"] for arg in found["where"]["args"]] == ["and", "compare"]
    assert found["where"]["args"][0]["args"][0] == {"kind": "like", "how": "contains", "of": "customers.region", "text": {"value": "or"}}
    assert found["where"]["args"][0]["args"][1]["kind"] == "not"
    assert found["where"]["args"][1] == {"kind": "compare", "op": "gt", "left": "customers.age", "right": 3}


def test_order_by_a_shown_measure_refers_to_it():
    found = query("SELECT region, COUNT(*) AS n FROM customers GROUP BY region ORDER BY n DESC LIMIT 3")
    assert found["sort"] == [{"kind": "sort", "direction": "desc", "by": {"kind": "ref", "output": 1}}]
    assert found["limit"] == {"kind": "limit", "n": 3}


def test_set_operations_and_derived_tables():
    assert query("SELECT id FROM customers EXCEPT SELECT customer_id FROM orders")["op"] == "except"
    found = query("SELECT AVG(n) FROM (SELECT customer_id, COUNT(*) AS n FROM orders GROUP BY customer_id)")
    assert found["outputs"] == [{"kind": "aggregate", "fn": "avg", "of": {"kind": "inner", "output": 1}}]


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELEKT 1 FRM", "syntax"),
        ("DROP TABLE orders", "not_a_select"),
        ("SELECT colour FROM orders", "unknown_column"),
        ("SELECT a FROM nothing", "unknown_table"),
        ("SELECT name, amount FROM customers, orders", "cross_join"),
        ("SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders)", "exists"),
        ("SELECT a.name FROM customers a JOIN customers b ON a.age = b.age", "self_join"),
        ("SELECT UNNEST([1, 2]) FROM orders", "function"),
        ("SELECT UPPER(name) FROM customers", "function"),
        ("WITH x(n) AS (SELECT 1) SELECT name FROM customers", "with"),
        ("SELECT name FROM customers LIMIT 3 OFFSET 2", "offset"),
    ],
)
def test_what_has_no_spec_is_refused_with_its_reason(sql, code):
    with pytest.raises(ImportSqlError) as error:
        import_sql(sql, SCHEMA)
    assert error.value.code == code
