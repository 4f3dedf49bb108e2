import duckdb
import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import judge
from microgt.evaluation.order import ordering

CASES = [
    ("SELECT a FROM t ORDER BY a", (0,), None),
    ("SELECT a, b FROM t ORDER BY b DESC, a", (1, 0), None),
    ("SELECT a FROM t ORDER BY b", (-1,), None),
    ("SELECT a FROM t ORDER BY b, a, c", (-2, 0, -1), None),
    ("SELECT a FROM t ORDER BY b NULLS FIRST, c DESC NULLS LAST", (-2, -1), None),
    ("SELECT a, COUNT(*) FROM t GROUP BY a ORDER BY COUNT(*) DESC LIMIT 3", (1,), 0),
    ("SELECT a FROM t GROUP BY a ORDER BY count(*) DESC LIMIT 1", (-1,), 0),
    ("SELECT c, sum(a) AS s FROM t GROUP BY ALL ORDER BY s / 2 DESC, sum(b)", (-2, -1), None),
    ("SELECT a, row_number() OVER (ORDER BY b) FROM t ORDER BY row_number() OVER (ORDER BY b)", (1,), None),
    ("SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY c ORDER BY b) = 1 ORDER BY c", (-1,), None),
    # names
    ("SELECT a AS x FROM t ORDER BY x", (0,), None),
    ("SELECT a AS x FROM t ORDER BY X", (0,), None),
    ("SELECT a AS x FROM t ORDER BY x + 0", (-1,), None),
    ("SELECT -a AS a FROM t ORDER BY a", (0,), None),
    ("SELECT -a AS a FROM t ORDER BY a + 0", (-1,), None),
    ("SELECT -a AS a FROM t ORDER BY t.a", (-1,), None),
    ("SELECT b AS a, a AS b FROM t ORDER BY a", (0,), None),
    ("SELECT a AS x, b AS x FROM t ORDER BY x", (1,), None),
    ("SELECT a, b AS a FROM t ORDER BY a", (1,), None),
    ("SELECT T1.a FROM t AS T1 ORDER BY T1.a", (0,), None),
    ("SELECT T1.a FROM t AS T1 ORDER BY T1.b", (-1,), None),
    # positions and stars
    ("SELECT a, b FROM t ORDER BY 2", (1,), None),
    ("SELECT a, b FROM t ORDER BY (2)", (1,), None),
    ("SELECT * FROM t ORDER BY 2 DESC", (1,), None),
    ("SELECT a, t.* FROM t ORDER BY 3", (2,), None),
    ("SELECT a, t.* FROM t ORDER BY a, b", (0, -1), None),
    ("SELECT *, -b AS a FROM t ORDER BY a", (-1,), None),
    ("SELECT * EXCLUDE (b) FROM t ORDER BY b", (-1,), None),
    ("SELECT columns('a|b'), c FROM t ORDER BY c DESC", (-1,), None),
    ("SELECT unnest({'x': a, 'y': b}), c FROM t ORDER BY c DESC", (-1,), None),
    ("SELECT * FROM t ORDER BY b LIMIT 2 OFFSET 1", (-1,), 1),
    ("FROM t ORDER BY b", (-1,), None),
    ("SELECT a, b FROM t ORDER BY ALL", (0, 1), None),
    ("SELECT a, b FROM t ORDER BY ALL DESC LIMIT 2", (0, 1), 0),
    ("SELECT * FROM t ORDER BY ALL", None, None),
    ("SELECT a FROM t ORDER BY columns('b|c')", None, None),
    ("SELECT a, b FROM t ORDER BY 1 + 1", (-1,), None),
    ("SELECT a, b FROM t ORDER BY (b, a)", (-1,), None),
    # cuts
    ("SELECT a FROM t LIMIT 5", (), 0),
    ("SELECT a FROM t ORDER BY a OFFSET 2", (0,), 2),
    ("SELECT a FROM t ORDER BY a LIMIT 2 OFFSET (1)", (0,), 1),
    ("SELECT a FROM t ORDER BY a LIMIT 2 OFFSET 1 + 1", (0,), None),
    ("SELECT a FROM t ORDER BY a LIMIT 1 + 1", (0,), 0),
    ("SELECT a FROM t ORDER BY a LIMIT (SELECT 2)", (0,), 0),
    ("SELECT a FROM t ORDER BY a LIMIT 50%", (0,), 0),
    ("SELECT a FROM t ORDER BY a LIMIT ALL", (0,), 0),
    ("SELECT a FROM t ORDER BY b FETCH FIRST 2 ROWS ONLY", (-1,), 0),
    # DISTINCT and set operations
    ("SELECT a FROM t UNION SELECT b FROM t ORDER BY a", (0,), None),
    ("SELECT a FROM t UNION ALL SELECT b FROM t ORDER BY 1 DESC LIMIT 3", (0,), 0),
    ("SELECT a, b FROM t UNION SELECT b, a FROM t ORDER BY a + b, a", (-1, 0), None),
    ("WITH q AS (FROM t) SELECT a FROM q EXCEPT SELECT b FROM q ORDER BY -a LIMIT 2", (-1,), 0),
    ("SELECT DISTINCT a FROM t ORDER BY a", (0,), None),
    ("SELECT DISTINCT c, a FROM t ORDER BY a + 1, c DESC", (-1, 0), None),
    ("SELECT DISTINCT t.c, t.a FROM t ORDER BY t.c, -a LIMIT 2", (0, -1), 0),
    ("SELECT DISTINCT c FROM t GROUP BY c ORDER BY count(b) DESC", (-1,), None),
    ("SELECT DISTINCT u.c AS x, count(*) FROM t AS u GROUP BY u.c ORDER BY count(b) DESC LIMIT 1", (-1,), 0),
    ("SELECT DISTINCT ON (c) c, a FROM t ORDER BY c, a DESC", (0, 1), None),
    ("SELECT DISTINCT ON (c) c FROM t ORDER BY c, a DESC", None, None),
    # brackets and common table expressions
    ("(SELECT a FROM t ORDER BY a)", (0,), None),
    ("((SELECT a FROM t ORDER BY a LIMIT 2))", (0,), 0),
    ("(SELECT a FROM t ORDER BY a DESC) LIMIT 2", (0,), 0),
    ("(SELECT a FROM t ORDER BY a DESC LIMIT 4) LIMIT 2", (), 0),
    ("(SELECT a FROM t ORDER BY b LIMIT 2) ORDER BY a DESC LIMIT 1", (-1,), 0),
    ("(SELECT a FROM t LIMIT 4) UNION ALL (SELECT b FROM t) ORDER BY 1", (0,), None),
    ("WITH q AS (SELECT a FROM t ORDER BY b) SELECT a FROM q ORDER BY a", (0,), None),
    ("WITH q AS (FROM t) (SELECT a FROM q ORDER BY a DESC)", (0,), None),
    ("WITH q AS (FROM t) (SELECT a FROM q ORDER BY a DESC LIMIT 3) ORDER BY 1", (0,), None),
    ("VALUES (3, 1), (1, 2) ORDER BY 2 DESC", (1,), None),
]


@pytest.fixture(scope="module")
def database():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER)")
        connection.execute("INSERT INTO t VALUES (1, 30, 5), (2, 20, 5), (3, 10, 6), (4, 20, 6), (5, NULL, 5), (5, NULL, 5)")
        yield connection


def table(connection, sql):
    cursor = connection.execute(sql)
    return ResultTable(tuple(d[0] for d in cursor.description), tuple(cursor.fetchall()))


@pytest.mark.parametrize(("sql", "keys", "skip"), CASES)
def test_keys_and_skip(sql, keys, skip, database):
    found = ordering(sql)
    assert found is not None
    assert (found.keys, found.skip) == (keys, skip)
    gold, uncut = table(database, sql), table(database, found.sql)
    window = None if skip is None else (skip, skip + len(gold.rows))
    assert judge(uncut, gold, keys, width=len(gold.columns), window=window).equal


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t",
        "SELECT a FROM (SELECT a FROM t ORDER BY b LIMIT 3)",
        "SELECT a FROM t WHERE b = (SELECT b FROM t ORDER BY c LIMIT 1)",
        "SELECT a, rank() OVER (ORDER BY b) FROM t",
        "SELECT list(a ORDER BY b) FROM t",
        "WITH q AS (SELECT a FROM t ORDER BY b LIMIT 3) SELECT a FROM q",
        "(SELECT a FROM t ORDER BY a LIMIT 3) UNION ALL (SELECT b FROM t ORDER BY b)",
        "SELECT 'order by' FROM t -- ORDER BY a",
        "VALUES (3), (1)",
        "this is no SQL (",
    ],
)
def test_no_order(sql):
    assert ordering(sql) is None


def test_only_the_terms_that_were_meant():
    found = ordering("SELECT a, b FROM t ORDER BY b DESC, a LIMIT 3", sort_keys=1)
    assert found is not None
    assert found.keys == (1,)
    found = ordering("SELECT a, b FROM t ORDER BY b DESC, a LIMIT 3", sort_keys=0)
    assert found is not None
    assert found.keys == ()


def test_distinct_rows_of_groups_by_what_is_in_neither(database):
    """The number of rows of a group is lost where two groups become one row: then nothing is known of ties."""
    found = ordering("SELECT DISTINCT max(a) FROM t GROUP BY c ORDER BY count(*)")
    assert found is not None
    with pytest.raises(duckdb.Error):
        database.execute(found.sql)


def test_text_without_regard_to_case(database):
    """Under NOCASE `A` and `a` tie."""
    sql = "SELECT x, n FROM (VALUES ('b', 1), ('A', 2), ('a', 3)) AS v(x, n) ORDER BY x COLLATE NOCASE LIMIT 1"
    found = ordering(sql)
    assert found is not None
    uncut = table(database, found.sql)
    for row in (("A", 2), ("a", 3)):
        assert judge(uncut, ResultTable(("x", "n"), (row,)), found.keys, width=2, window=(0, 1)).equal
    assert not judge(uncut, ResultTable(("x", "n"), (("b", 1),)), found.keys, width=2, window=(0, 1)).equal
