import duckdb
import pytest

from microgt.errors import EngineError
from microgt.evaluation.mutation import Judge, LocalEngine
from microgt.schema import Schema
from microgt.spec import read_spec


@pytest.fixture
def two(tmp_path):
    """Two databases of numbers: only the second has one at the bar."""
    paths = []
    for name, rows in (("first", "(1, 5), (2, 20)"), ("second", "(1, 10), (2, 20)"), ("empty", "(1, 1)")):
        paths.append(tmp_path / f"{name}.duckdb")
        with duckdb.connect(str(paths[-1])) as connection:
            connection.execute(f"CREATE TABLE numbers (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO numbers VALUES {rows}")
    return paths


def test_the_first_database_that_tells_apart(two):
    schema = Schema.from_duckdb(two[0])
    above = {"query": {"outputs": ["numbers.id"], "where": {"kind": "compare", "op": "gt", "left": "numbers.n", "right": 10}}}
    engines = [LocalEngine(path) for path in two]
    judge = Judge(read_spec(above), schema, engines)
    assert [judge.gold_is_empty(i) for i in range(3)] == [False, False, True]
    at_least = "SELECT id FROM numbers WHERE n >= 10"
    assert [judge.apart(at_least, i) for i in range(3)] == [False, True, False]
    assert judge.first(at_least, [0, 2, 1]) == 1
    assert judge.first("SELECT id FROM numbers WHERE n > 10", [0, 1, 2]) is None
    assert judge.apart("SELECT nothing FROM numbers", 0)
    assert not judge.runs("SELECT nothing FROM numbers", 0)
    for engine in engines:
        engine.close()


def test_an_engine_of_this_process_is_read_only(two):
    with LocalEngine(two[0]) as engine, pytest.raises(EngineError, match="read-only"):
        engine.run("DELETE FROM numbers")
