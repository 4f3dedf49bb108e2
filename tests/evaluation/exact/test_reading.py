import pytest

from microgt.evaluation.exact import Unreadable, read_clauses
from microgt.evaluation.exact.clauses import Shown, Term, Unit
from tests.evaluation.exact.schema import SCHEMA


def _read(sql):
    return read_clauses(sql, SCHEMA)


def test_columns_belong_to_the_first_table_that_has_them():
    both = "SELECT name FROM {} JOIN {}"
    assert _read(both.format("singer", "stadium")).shown == (Shown(Term(Unit("singer.name"))),)
    assert _read(both.format("stadium", "singer")).shown == (Shown(Term(Unit("stadium.name"))),)


def test_aliases_belong_to_their_own_query():
    found = _read("SELECT T1.name FROM singer AS T1 WHERE T1.age > (SELECT max(T1.seats) FROM stadium AS T1)")
    assert found.where.items[0].term == Term(Unit("singer.age"))
    assert found.where.items[0].nested[0].shown == (Shown(Term(Unit("stadium.seats")), "max"),)


def test_terms():
    found = _read("SELECT max(age) - min(age), sum(age + singer_id), count(DISTINCT name) FROM singer")
    assert found.shown[0] == Shown(Term(Unit("singer.age", "max"), "-", Unit("singer.age", "min")))
    assert found.shown[1] == Shown(Term(Unit("singer.age"), "+", Unit("singer.singer_id")), "sum")
    assert found.shown[2] == Shown(Term(Unit("singer.name", "", True)), "count")


def test_conditions_are_flat():
    found = _read("SELECT name FROM singer WHERE (age > 1 OR age < 0) AND NOT name LIKE 'a' AND name NOT IN ('a', 'b')")
    assert [(c.op, c.negated) for c in found.where.items] == [(">", False), ("<", False), ("like", True), ("in", True)]
    assert found.where.connectors == ("or", "and", "and")


def test_set_operations_stand_to_the_right_of_each_other_and_the_order_belongs_to_the_last():
    found = _read("SELECT name FROM singer UNION SELECT name FROM stadium EXCEPT SELECT title FROM concert ORDER BY title DESC LIMIT 2")
    op, second = found.beside
    assert (op, found.tables, found.order) == ("union", ("singer",), ())
    assert (second.beside[0], second.tables) == ("except", ("stadium",))
    last = second.beside[1]
    assert (last.order, last.direction, last.limited) == ((Term(Unit("concert.title")),), "desc", True)


def test_a_query_in_from_is_a_table():
    found = _read("SELECT count(*) FROM (SELECT name FROM singer)")
    assert found.tables == (_read("SELECT name FROM singer"),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELEC name",
        "INSERT INTO singer VALUES (1)",
        "SELECT upper(name) FROM singer",
        "SELECT name AS n FROM singer ORDER BY n",
        "SELECT rank() OVER (ORDER BY age) FROM singer",
        "SELECT name FROM band",
        "SELECT title FROM singer",
        "SELECT T2.name FROM singer AS T1",
        "SELECT name FROM singer WHERE NOT age = 3",
        "SELECT name FROM singer WHERE age",
        "SELECT count(DISTINCT name, age) FROM singer",
        "SELECT name FROM singer LIMIT 1 OFFSET 2",
        "SELECT name FROM singer LIMIT 1 + 1",
        "WITH old AS (SELECT * FROM singer) SELECT name FROM old",
        "SELECT 3 FROM singer",
        "SELECT count(*) FROM singer HAVING count(*) > 1",
        "SELECT name FROM singer UNION ALL SELECT name FROM stadium",
    ],
)
def test_other_sql_is_refused(sql):
    with pytest.raises(Unreadable):
        _read(sql)
