import pytest

from microgt.evaluation.difficulty import Difficulty, constructs_of_spec, constructs_of_sql, difficulty_of
from microgt.spec.importer import import_sql
from microgt.spec.json import read_spec
from tests.evaluation.test_slots import SCHEMA

EASY, MEDIUM, HARD, EXTRA = Difficulty
CASES = [
    ("SELECT region FROM customers", 0, EASY),
    ("SELECT count(*) FROM orders WHERE amount > 5", 0, EASY),
    ("SELECT region, count(*) FROM customers GROUP BY region", 1, MEDIUM),
    ("SELECT id FROM orders ORDER BY amount DESC LIMIT 1", 1, MEDIUM),
    ("SELECT id FROM orders WHERE amount > 5 AND amount < 9 AND id <> 3", 2, MEDIUM),
    ("SELECT sum(amount), avg(amount), min(amount) FROM orders", 2, MEDIUM),
    ("SELECT sum(amount) / 12 FROM orders", 1, MEDIUM),
    ("SELECT region, sum(amount) FROM orders JOIN customers ON customer_id = customers.id GROUP BY region ORDER BY sum(amount)", 4, HARD),
    ("SELECT region FROM customers WHERE id IN (SELECT customer_id FROM orders)", 3, HARD),
    ("SELECT region FROM customers WHERE age > 5 UNION SELECT region FROM customers WHERE age < 3", 4, HARD),
    ("SELECT region FROM customers WHERE age > (SELECT avg(age) FROM customers) GROUP BY region HAVING count(*) > 2", 6, EXTRA),
]


@pytest.mark.parametrize(("sql", "points", "level"), CASES)
def test_sql_and_its_spec_count_alike(sql, points, level):
    found = constructs_of_sql(sql)
    assert (found.points, found.difficulty) == (points, level)
    if "ORDER BY sum" not in sql:  # a spec sorts by the output instead of computing it again
        assert constructs_of_spec(import_sql(sql, SCHEMA)) == found


def test_windows_and_common_tables():
    window = "SELECT region, rank() OVER (ORDER BY age) FROM customers"
    assert constructs_of_sql(window).points == 2
    assert constructs_of_sql("WITH old AS (SELECT * FROM customers) SELECT count(*) FROM old").tables == 1
    running = {
        "kind": "running_total",
        "of": {"kind": "aggregate", "fn": "sum", "of": "orders.amount"},
    }
    month = {"kind": "time_bucket", "grain": "month", "of": "orders.placed"}
    spec = read_spec({"query": {"outputs": [month, running]}})
    assert (constructs_of_spec(spec).windows, difficulty_of(None, spec)) == (1, HARD)


def test_where_there_is_no_query():
    assert difficulty_of("SELEC", None) is None
    assert difficulty_of(None, None) is None
    assert difficulty_of(None, read_spec({"kind": "unanswerable", "reason": "no_column"})) is None
    assert difficulty_of("SELECT " + "(" * 5000 + "1" + ")" * 5000, None) is None
