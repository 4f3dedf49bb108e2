"""The smallest, the largest and no value of every type that DuckDB has, as its Python client gives them and as the sandbox does."""

from itertools import combinations

import duckdb
import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import judge


def columns(of):
    with duckdb.connect() as connection:
        names = [row[0] for row in connection.execute("SELECT column_name FROM (DESCRIBE FROM test_all_types())").fetchall()]
    return {name: of(f'SELECT "{name}" FROM test_all_types()') for name in names}


def in_python(sql):
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return ResultTable(("c",), tuple(connection.execute(sql).fetchall()))


@pytest.fixture(scope="module", params=["python", "sandbox"])
def every_type(request, shop, engines):
    if request.param == "python":
        return columns(in_python)
    with engines() as pool:
        return columns(pool.engine(shop.database("shop")).run)


def test_every_value_equals_itself(every_type):
    assert len(every_type) > 50
    for name, table in every_type.items():
        again = ResultTable(("other",), tuple(reversed(table.rows)))
        assert judge(table, again).equal, name
        assert judge(table, table, (0,)).equal, name


def test_one_table_of_everything(every_type):
    """Columns of all types side by side find each other."""
    rows = tuple(zip(*((row[0] for row in table.rows) for table in every_type.values()), strict=True))
    names = tuple(every_type)
    assert judge(ResultTable(names, rows), ResultTable(names[::-1], tuple(row[::-1] for row in rows[::-1]))).equal
    other = (rows[0], rows[1][:-1] + rows[2][-1:], rows[2][:-1] + rows[1][-1:])
    assert not judge(ResultTable(names, rows), ResultTable(names, other)).equal


def test_any_two_types_can_be_compared(every_type):
    for (a, one), (b, other) in combinations(every_type.items(), 2):
        verdict = judge(one, other).equal
        assert verdict is judge(other, one).equal, (a, b)
