"""What names and numbers of outputs mean once each * has become its columns."""

import pytest

from microgt.errors import ImportSqlError
from microgt.spec.compiler import compile_spec
from microgt.spec.importer import import_sql

IN_ORDER = """
WITH t AS (SELECT *, qty * 2 AS twice FROM items) SELECT SUM(twice), SUM(price) FROM t
SELECT customers.*, amount AS a FROM payments JOIN customers ON payments.customer_id = customers.id ORDER BY a DESC
SELECT *, qty AS q FROM items ORDER BY q DESC, id
SELECT *, qty AS q FROM items ORDER BY 6 DESC, 1 DESC
SELECT * FROM customers JOIN orders ON orders.customer_id = customers.id ORDER BY orders.id
SELECT * FROM payments JOIN orders USING (customer_id) ORDER BY payments.id, orders.id
SELECT * FROM payments LEFT JOIN orders USING (customer_id) ORDER BY payments.id, orders.id
SELECT orders.*, payments.* FROM payments JOIN orders USING (customer_id) ORDER BY payments.id, orders.id
SELECT * FROM customers UNION SELECT * FROM customers ORDER BY name DESC
SELECT MAX(name) AS name, region FROM customers GROUP BY region ORDER BY name
SELECT name FROM (SELECT *, id AS name FROM payments) ORDER BY 1
SELECT main.orders.id FROM main.orders ORDER BY id
SELECT id FROM orders ORDER BY id DESC FETCH FIRST 2 ROWS ONLY
"""


@pytest.mark.parametrize("sql", IN_ORDER.strip().splitlines())
def test_same_rows_in_the_same_order(sql, schema, connection):
    assert connection.execute(compile_spec(import_sql(sql, schema), schema)).fetchall() == connection.execute(sql).fetchall()


def test_group_by_means_a_column_before_an_output(imported):
    found = imported("SELECT MAX(channel) AS status, COUNT(*) FROM orders GROUP BY status")
    assert found["by"] == ["orders.status"]
    assert imported("SELECT channel AS c, COUNT(*) FROM orders GROUP BY c") == imported("SELECT channel, COUNT(*) FROM orders GROUP BY 1")


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT COUNT(*) FROM orders GROUP BY 5", "position"),
        ("SELECT id FROM orders ORDER BY 7", "position"),
        ("SELECT id FROM orders ORDER BY 1.5", "position"),
        ("SELECT id FROM orders ORDER BY 0", "position"),
        ("SELECT id FROM orders UNION SELECT id FROM items ORDER BY 2", "position"),
        ("SELECT id FROM orders UNION SELECT id FROM items ORDER BY COUNT(*)", "set_order"),
        ("SELECT nosuch.* FROM orders", "unknown_table"),
        ("SELECT id FROM orders WHERE id IN (SELECT nosuch.* FROM items)", "unknown_table"),
        ("SELECT other.id FROM (SELECT id FROM orders) one", "correlated"),
        ("SELECT name FROM customers c WHERE id IN (SELECT t.id FROM (SELECT id FROM orders) t WHERE c.id = t.id)", "correlated"),
        ("SELECT customer_id FROM payments FULL JOIN orders USING (customer_id)", "outer_join"),
        ("SELECT * FROM payments RIGHT JOIN orders USING (customer_id)", "outer_join"),
        ("SELECT COUNT(*) FROM orders o, orders o", "self_join"),
    ],
)
def test_names_of_nothing_are_refused(sql, code, imported):
    with pytest.raises(ImportSqlError) as error:
        imported(sql)
    assert error.value.code == code
