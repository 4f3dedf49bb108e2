"""No part of a query is lost: what the importer does not read it refuses, in one line."""

import pytest

from microgt.errors import ImportSqlError
from microgt.spec.compiler import compile_spec
from microgt.spec.importer import import_sql

UNREAD = """
SELECT * FROM customers ANTI JOIN orders ON orders.customer_id = customers.id
SELECT * FROM customers SEMI JOIN orders ON orders.customer_id = customers.id
SELECT channel, COUNT(*) FROM orders GROUP BY ALL
SELECT channel FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY channel) = 1
SELECT channel FROM orders USING SAMPLE 10%
SELECT channel FROM orders TABLESAMPLE 10%
WITH o AS (SELECT channel FROM orders) SELECT channel FROM o TABLESAMPLE 10%
SELECT DISTINCT ON (channel) channel, id FROM orders
(SELECT id FROM orders) ORDER BY id
(SELECT id FROM orders UNION SELECT id FROM items) LIMIT 1
SELECT id FROM ((SELECT id FROM orders) LIMIT 1)
SELECT id FROM orders LIMIT 50%
SELECT id FROM orders LIMIT 0
SELECT COUNT(*) FROM orders LIMIT 0
SELECT id FROM orders LIMIT 2.5
SELECT id FROM orders FETCH FIRST 2 ROWS WITH TIES
SELECT id FROM orders EXCEPT ALL SELECT id FROM items
SELECT id FROM orders INTERSECT ALL SELECT id FROM items
SELECT id FROM orders UNION ALL BY NAME SELECT id FROM items
SELECT * EXCLUDE (id) FROM orders
SELECT orders.* EXCLUDE (id) FROM orders
SELECT * REPLACE (id + 1 AS id) FROM orders
SELECT region FROM customers ORDER BY region DESC NULLS FIRST
SELECT id FROM other.orders
SELECT id FROM shop.main.orders
SELECT other.orders.id FROM orders
SELECT id FROM orders()
SELECT b FROM orders AS o(a, b)
SELECT n FROM (SELECT name, id FROM customers) AS t(n, name)
SELECT COUNT(id, name) FROM customers
SELECT MAX(id, 2) FROM customers
SELECT id FROM orders WHERE id BETWEEN SYMMETRIC 4 AND 2
"""
REFUSED = [
    ("SELECT channel, COUNT(*) FROM orders GROUP BY CUBE (channel)", "function"),
    ("SELECT name FROM customers c WHERE EXISTS (SELECT COUNT(*) FROM orders o WHERE o.customer_id = c.id)", "exists"),
    ("SELECT id FROM orders LIMIT 2 OFFSET 1", "offset"),
    ("SELECT id FROM orders OFFSET 1", "offset"),
    ("SELECT c.name FROM customers c LEFT JOIN orders o ON TRUE WHERE o.customer_id = c.id", "cross_join"),
    ("SELECT DATEDIFF('month', since, DATE '2024-03-01') FROM customers", "function"),
    ("SELECT DATEDIFF('hour', since, DATE '2024-03-01') FROM customers", "function"),
    ("SELECT 1e999 FROM orders", "shape"),
    (f"SELECT id FROM orders WHERE id = {'9' * 5000}", "value"),
    (f"SELECT id FROM orders WHERE {' OR '.join(['id = 1'] * 1500)}", "too_deep"),
    (f"SELECT id FROM orders WHERE {'(' * 300}id = 1{')' * 300}", "too_deep"),
]
READ = """
SELECT region FROM customers ORDER BY region NULLS LAST, id
SELECT region FROM customers ORDER BY region DESC NULLS LAST, id
SELECT id FROM items WHERE qty IS DISTINCT FROM 2 ORDER BY id
SELECT id FROM customers WHERE NOT (region IS NOT DISTINCT FROM 'EU') ORDER BY id
SELECT c.id FROM customers c WHERE c.region IS NOT DISTINCT FROM c.name ORDER BY c.id
SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id = c.id ORDER BY 1
SELECT DATEDIFF('day', since, DATE '2024-03-01') FROM customers ORDER BY id
"""


def refusal(sql: str, schema, **options) -> str:
    with pytest.raises(ImportSqlError) as error:
        import_sql(sql, schema, **options)
    assert "\n" not in str(error.value)
    return error.value.code


@pytest.mark.parametrize("sql", UNREAD.strip().splitlines())
def test_a_clause_that_is_not_read_is_refused(sql, schema):
    assert refusal(sql, schema) == "clause"


@pytest.mark.parametrize(("sql", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_would_mean_something_else_is_refused(sql, code, schema):
    assert refusal(sql, schema) == code


@pytest.mark.parametrize("sql", READ.strip().splitlines())
def test_what_means_the_same_is_read(sql, schema, connection):
    assert connection.execute(compile_spec(import_sql(sql, schema), schema)).fetchall() == connection.execute(sql).fetchall()


def test_nulls_that_a_dialect_sorts_first_by_itself_are_no_reason(schema):
    import_sql("SELECT name FROM customers ORDER BY region NULLS FIRST", schema)
    import_sql("SELECT name FROM customers ORDER BY region", schema, dialect="sqlite")
    import_sql("SELECT name FROM customers ORDER BY region DESC", schema, dialect="postgres")


def test_division_that_drops_the_remainder_is_refused(schema):
    assert refusal("SELECT qty / 2 FROM items", schema, dialect="sqlite") == "function"
    import_sql("SELECT qty / 2.0, CAST(SUM(qty) AS REAL) / 2, AVG(qty) / 2 FROM items", schema, dialect="sqlite")


def test_a_dialect_that_is_not_known(schema):
    assert refusal("SELECT id FROM orders", schema, dialect="nosuch") == "dialect"


def test_case_is_lost_in_like(schema, connection):
    spec = import_sql("SELECT name FROM customers WHERE name LIKE 'a%'", schema)
    assert connection.execute(compile_spec(spec, schema)).fetchall() == [("Ada",)]


def test_many_alternatives_are_read(schema, connection):
    spec = import_sql(f"SELECT id FROM orders WHERE {' OR '.join(f'id = {n}' for n in range(3, 400))} ORDER BY id", schema)
    assert connection.execute(compile_spec(spec, schema)).fetchall() == [(3,), (4,), (5,)]
