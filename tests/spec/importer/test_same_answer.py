"""What the imported spec compiles to gives the rows of the SQL it came from."""

from collections import Counter

import pytest

from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.importer import import_sql

JOINS = """
SELECT e.name, b.name FROM employees e JOIN employees b ON e.boss_id = b.id
SELECT e.name, b.name FROM employees e LEFT JOIN employees b ON e.boss_id = b.id
SELECT a.city, b.city FROM flights f JOIN airports a ON f.origin = a.code JOIN airports b ON f.dest = b.code
SELECT COUNT(*) FROM flights f JOIN airports a ON f.dest = a.code GROUP BY a.code
SELECT COUNT(*) FROM flights f JOIN airports a ON f.dest = a.code
SELECT DISTINCT b.product FROM items a JOIN items b ON a.order_id = b.order_id WHERE a.product = 'pen' AND b.product <> 'pen'
SELECT o.id, p.id FROM orders o JOIN payments p ON o.customer_id = p.customer_id
SELECT customers.name FROM customers JOIN orders USING (id)
SELECT c.name FROM orders o JOIN customers c ON o.customer_id = c.id AND o.id > c.id
SELECT c.name FROM orders o, customers c WHERE o.customer_id = c.id AND o.id = c.id
SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id JOIN payments p ON p.customer_id = c.id
SELECT c.name, o.id FROM orders o FULL JOIN customers c ON o.customer_id = c.id
SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON o.customer_id = c.id
SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL
"""
MEASURES = """
SELECT c.name, COUNT(*) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.name
SELECT c.name, COUNT(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name
SELECT c.name, COUNT(o.id) FROM orders o RIGHT JOIN customers c ON o.customer_id = c.id GROUP BY c.name
SELECT AVG(o.id) FROM orders o JOIN items i ON i.order_id = o.id
SELECT SUM(p.amount) FROM payments p JOIN customers c ON p.customer_id = c.id JOIN orders o ON o.customer_id = c.id
SELECT COUNT(DISTINCT c.region), MAX(c.since) FROM customers c JOIN orders o ON o.customer_id = c.id
SELECT COUNT(*) FILTER (WHERE channel = 'web'), COUNT(*) FROM orders
SELECT SUM(qty * price) / NULLIF(SUM(qty), 0) FROM items
SELECT YEAR(day), COUNT(*) FROM orders GROUP BY YEAR(day) ORDER BY 1
SELECT date_part('month', day), COUNT(*) FROM orders GROUP BY 1
SELECT COUNT(*), ANY_VALUE(name) FROM customers
SELECT ANY_VALUE(c.name), COUNT(*) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY o.customer_id
SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name ORDER BY COUNT(*) DESC, c.id LIMIT 1
SELECT region, COUNT(*) FROM customers GROUP BY region HAVING COUNT(*) > (SELECT COUNT(*) FROM employees) - 2
WITH big AS (SELECT customer_id, COUNT(*) AS n FROM orders GROUP BY customer_id), more AS (SELECT n FROM big WHERE n > 1) SELECT AVG(n) FROM more
SELECT YEAR(m), COUNT(*) FROM (SELECT customer_id, MIN(day) AS m FROM orders GROUP BY customer_id) AS t GROUP BY YEAR(m)
SELECT MONTH(m), AVG(n) FROM (SELECT date_trunc('month', day) AS m, COUNT(*) AS n FROM orders GROUP BY date_trunc('month', day)) AS t GROUP BY MONTH(m)
"""
CONDITIONS = """
SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.channel = 'web')
SELECT name FROM customers c WHERE NOT EXISTS (SELECT * FROM orders WHERE customer_id = c.id)
SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM payments WHERE customer_id IS NOT NULL)
SELECT name FROM customers WHERE LOWER(region) = 'eu'
SELECT name FROM customers WHERE NOT vip
SELECT name FROM customers WHERE since BETWEEN '2023-01-01' AND DATE '2023-12-31' OR region IN ('US', 'XX')
SELECT COUNT(*) FROM orders WHERE strftime(day, '%Y') = '2024'
SELECT name FROM customers EXCEPT SELECT c.name FROM customers c JOIN payments p ON p.customer_id = c.id ORDER BY 1
SELECT DISTINCT region FROM customers UNION ALL SELECT DISTINCT region FROM customers
"""


@pytest.mark.parametrize("sql", [line for block in (JOINS, MEASURES, CONDITIONS) for line in block.strip().splitlines()])
def test_same_rows(sql, schema, connection):
    spec = import_sql(sql, schema)
    assert check(spec, schema) == []
    wanted = connection.execute(sql).fetchall()
    assert Counter(connection.execute(compile_spec(spec, schema)).fetchall()) == Counter(wanted)
    assert wanted


def test_a_largest_value_comes_with_the_rest_of_its_row(schema, connection):
    """As in SQLite, which is where such SQL comes from; elsewhere it is an error."""
    spec = import_sql("SELECT MAX(amount), id FROM payments", schema, dialect="sqlite")
    assert connection.execute(compile_spec(spec, schema)).fetchall() == [(30, 3)]


def test_not_equal_keeps_rows_without_a_value(schema, connection):
    spec = import_sql("SELECT name FROM customers WHERE region <> 'EU'", schema)
    assert connection.execute(compile_spec(spec, schema)).fetchall() == [("Bob",), ("Cy",)]
