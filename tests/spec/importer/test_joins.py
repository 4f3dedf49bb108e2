"""What a spec says of its joins: nothing where the keys say it, else the least."""

import pytest

from microgt.errors import ImportSqlError


def test_a_role_is_said_by_its_key(imported):
    found = imported("SELECT a.city FROM flights f JOIN airports a ON f.dest = a.code")
    assert found["outputs"] == [{"kind": "col", "column": "airports.city", "via": ["flights.dest"]}]
    assert "through" not in found


def test_a_table_that_only_joins_is_passed_through(imported):
    assert imported("SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id")["through"] == [
        {"kind": "through", "table": "orders"}
    ]


def test_a_table_on_the_way_is_not_said(imported):
    found = imported("SELECT c.name, i.product FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id")
    assert "through" not in found


def test_a_join_that_no_key_makes_is_a_link(imported):
    found = imported("SELECT n.who FROM notes n JOIN customers c ON n.who = c.name WHERE c.region = 'EU'")
    assert found["through"] == [{"kind": "link", "left": "customers.name", "right": "notes.who"}]


def test_a_table_joined_with_itself_by_no_key_is_reached_by_a_link(imported):
    found = imported("SELECT a.product, b.product FROM items a JOIN items b ON a.order_id = b.order_id")
    assert found["through"] == [{"kind": "link", "left": "items.order_id", "right": "items.order_id"}]
    assert sum(isinstance(output, dict) and output["via"] == ["items.order_id"] for output in found["outputs"]) == 1


def test_inner_joins_drop_orphans_and_one_table_has_none(imported):
    assert imported("SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.id WHERE c.vip")["orphans"] == "drop"
    assert "orphans" not in imported("SELECT id FROM orders")


def test_a_measure_that_the_join_multiplies_says_at_which_table(imported):
    found = imported("SELECT AVG(o.id), MAX(o.id), COUNT(*) FROM orders o JOIN items i ON i.order_id = o.id")
    assert [output.get("at") for output in found["outputs"]] == ["items", None, None]


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT c.name FROM customers c, orders o", "cross_join"),
        ("SELECT c.name FROM customers c JOIN orders o ON o.customer_id = o.customer_id", "cross_join"),
        ("SELECT c.name FROM customers c NATURAL JOIN orders", "natural_join"),
        ("SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.channel = 'web'", "outer_join"),
        ("SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id LEFT JOIN items i ON i.order_id = o.id", "outer_join"),
        ("SELECT b.name FROM employees b JOIN employees a ON a.boss_id = b.id JOIN employees c ON c.boss_id = b.id", "self_join"),
        ("SELECT s.n FROM customers c JOIN (SELECT COUNT(*) AS n FROM orders) s ON s.n = c.id", "derived_table"),
        ("SELECT name FROM customers c WHERE id = (SELECT MAX(id) FROM orders o WHERE o.customer_id = c.id)", "correlated"),
        ("SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id > c.id)", "exists"),
        ("SELECT LOWER(name) FROM customers", "function"),
        ("WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x) SELECT n FROM x", "with"),
        ("SELECT name FROM customers UNION SELECT name FROM employees ORDER BY id", "set_order"),
    ],
)
def test_what_has_no_spec_is_refused_with_its_reason(sql, code, imported):
    with pytest.raises(ImportSqlError) as error:
        imported(sql)
    assert error.value.code == code
