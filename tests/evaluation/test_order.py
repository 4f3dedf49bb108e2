import duckdb
import pytest

from microgt.evaluation.order import ordering


@pytest.mark.parametrize(
    ("sql", "keys", "window"),
    [
        ("SELECT a FROM t ORDER BY a", (0,), None),
        ("SELECT a, b FROM t ORDER BY b DESC, a", (1, 0), None),
        ("SELECT a FROM t ORDER BY b", (-1,), None),
        ("SELECT a FROM t ORDER BY b, a, c", (-2, 0, -1), None),
        ("SELECT a, COUNT(*) FROM t GROUP BY a ORDER BY COUNT(*) DESC LIMIT 3", (1,), (0, 3)),
        ("SELECT a FROM t GROUP BY a ORDER BY count(*) DESC LIMIT 1", (-1,), (0, 1)),
        ("SELECT a AS x FROM t ORDER BY x", (0,), None),
        ("SELECT a, b FROM t ORDER BY 2", (1,), None),
        ("SELECT a, b FROM t ORDER BY ALL", (0, 1), None),
        ("SELECT * FROM t ORDER BY b LIMIT 2 OFFSET 1", (-1,), (1, 3)),
        ("SELECT a FROM t LIMIT 5", (), (0, 5)),
        ("SELECT a FROM t UNION SELECT b FROM t ORDER BY a", (0,), None),
        ("SELECT DISTINCT a FROM t ORDER BY a", (0,), None),
        ("SELECT DISTINCT a FROM t ORDER BY a + 1", None, None),
        ("(SELECT a FROM t ORDER BY a)", (0,), None),
        ("WITH q AS (SELECT a FROM t ORDER BY b) SELECT a FROM q ORDER BY a", (0,), None),
        ("SELECT T1.a FROM t AS T1 ORDER BY T1.a", (0,), None),
        ("SELECT T1.a FROM t AS T1 ORDER BY T1.b", (-1,), None),
    ],
)
def test_keys_and_window(sql, keys, window):
    found = ordering(sql)
    assert found is not None
    assert (found.keys, found.window) == (keys, window)
    with duckdb.connect() as connection:  # the uncut query with its keys still runs
        connection.execute("CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER)")
        connection.execute(found.sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t",
        "SELECT a FROM (SELECT a FROM t ORDER BY b LIMIT 3)",
        "SELECT a FROM t WHERE b = (SELECT b FROM t ORDER BY c LIMIT 1)",
        "SELECT 'order by' FROM t",
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
