"""SQL that means the same has one spec, the shortest."""

import pytest

SAME = [
    (
        "SELECT e.name, b.name FROM employees e JOIN employees b ON e.boss_id = b.id",
        "SELECT x.name, y.name FROM employees y, employees x WHERE y.id = x.boss_id",
    ),
    (
        "SELECT b.city FROM flights f JOIN airports a ON f.origin = a.code JOIN airports b ON f.dest = b.code WHERE a.city = 'Oslo'",
        "SELECT d.city FROM airports d JOIN flights f ON d.code = f.dest JOIN airports o ON o.code = f.origin WHERE o.city = 'Oslo'",
    ),
    (
        "SELECT c.name, COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name",
        "SELECT ANY_VALUE(c.name), COUNT(o.id) FROM orders o JOIN customers c ON o.customer_id = c.id GROUP BY o.customer_id",
    ),
    (
        "SELECT c.id, c.name, COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name",
        "SELECT c.id, FIRST(c.name), COUNT(1) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY o.customer_id",
    ),
    (
        "SELECT channel FROM orders GROUP BY channel",
        "SELECT DISTINCT channel FROM orders",
    ),
    (
        "SELECT DISTINCT channel, COUNT(*) AS n FROM orders GROUP BY channel ORDER BY n",
        "SELECT channel, COUNT(id) FROM orders GROUP BY 1 ORDER BY COUNT(*)",
    ),
    (
        "SELECT name FROM customers WHERE id IN (SELECT DISTINCT customer_id FROM orders ORDER BY customer_id)",
        "SELECT name FROM customers c WHERE EXISTS (SELECT * FROM orders o WHERE c.id = o.customer_id)",
    ),
    (
        "SELECT name FROM customers WHERE id > 1 AND (region = 'EU' AND (vip AND since > '2023-01-01'))",
        "SELECT name FROM customers WHERE 1 < id AND region = 'EU' AND vip = TRUE AND since > DATE '2023-01-01'",
    ),
    (
        "SELECT DISTINCT name FROM customers UNION SELECT name FROM employees ORDER BY name",
        "SELECT name FROM customers UNION (SELECT DISTINCT name FROM employees) ORDER BY 1",
    ),
    (
        "SELECT name FROM customers WHERE region LIKE '%u%'",
        "SELECT name FROM customers WHERE LOWER(region) LIKE '%u%'",
    ),
    (
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM orders GROUP BY customer_id)",
        "WITH sizes AS (SELECT COUNT(*) AS n FROM orders GROUP BY customer_id) SELECT AVG(sizes.n) FROM sizes",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_spec(one, other, imported):
    assert imported(one) == imported(other)


def test_keys_that_follow_from_others_are_not_said(imported):
    found = imported("SELECT COUNT(*) FROM orders o JOIN customers c ON o.customer_id = c.id GROUP BY o.customer_id, c.name, c.region")
    assert found["by"] == ["customers.id"]


def test_the_order_of_one_row_is_not_said(imported):
    assert "sort" not in imported("SELECT SUM(amount) FROM payments ORDER BY SUM(amount)")


def test_of_a_group_of_many_rows_any_value_is_the_smallest(imported):
    found = imported("SELECT customer_id, ANY_VALUE(channel), COUNT(*) FROM orders GROUP BY customer_id")
    assert found["outputs"][1] == {"kind": "aggregate", "fn": "min", "of": "orders.channel"}
