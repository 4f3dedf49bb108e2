"""Attacks end in an error, leave no trace, and the same worker answers the next query.

They run on whatever version of DuckDB is installed: who has a newer one than we tried needs them most.
"""

import duckdb
import pytest

from microgt.engine import EnginePool
from microgt.errors import EngineError
from tests.engine.attacks.table import ALL, TELLTALES


@pytest.mark.parametrize("attack", ALL)
def test_an_attack_is_refused_and_leaves_no_trace(engine, folder, state, attack):
    before, worker = state(), engine.worker.pid
    with pytest.raises(EngineError):
        engine.run(attack.replace("{folder}", str(folder)))
    assert engine.run("SELECT sum(a), count(*) FROM t").rows == ((10, 5),)
    assert engine.worker.pid == worker
    assert state() == before


@pytest.mark.parametrize("attack", TELLTALES)
def test_the_error_says_what_may_not_be_used(engine, attack):
    with pytest.raises(EngineError, match="queries may not use [a-z_]+: it is about DuckDB, not the data"):
        engine.run(attack)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 'duckdb_settings()' AS query, 1 AS current_setting -- duckdb_settings()",
        "WITH query AS (SELECT 1 AS duckdb_version) SELECT query.duckdb_version FROM query",
        "SELECT table_name FROM information_schema.tables",
        "SELECT * FROM range(3), generate_series(1, 2), unnest([1, 2])",
        "FROM t",
        "VALUES (1), (2)",
        "(SELECT a FROM t) UNION ALL TABLE t",
    ],
)
def test_what_only_looks_alike_is_run(engine, query):
    assert engine.run(query).rows


def test_no_function_of_duckdb_that_a_query_can_call_leaves_a_trace(engine, folder, state, database):
    """Every table function that this version knows, whatever its name, is called with nothing, a text, and a number."""
    with duckdb.connect() as connection:
        found = connection.execute("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type LIKE '%table%' ORDER BY 1")
        names = [name for (name,) in found.fetchall()]
    assert len(names) > 50
    before, tables = state(), engine.run("SELECT table_name, table_type FROM information_schema.tables ORDER BY 1").rows
    for name in names:
        for arguments in ("", f"'{folder}/shop.duckdb'", "'t'", "1", "'mine', 'mine'", "'mine', 'mine', 'mine'"):
            try:
                engine.run(f'SELECT * FROM "{name}"({arguments}) LIMIT 3')
            except EngineError:
                continue
    assert state() == before
    assert engine.run("SELECT table_name, table_type FROM information_schema.tables ORDER BY 1").rows == tables
    assert engine.run("SELECT sum(a), count(*) FROM t").rows == ((10, 5),)


def test_a_seed_is_gone_with_its_query(engine):
    draws = {engine.run("SELECT random() FROM (SELECT setseed(0.25)) LIMIT 1").rows for _ in range(2)}
    after = {engine.run("SELECT random()").rows for _ in range(4)}
    assert len(after) == 4
    assert draws.isdisjoint(after)


def test_the_worker_knows_no_other_database(folder):
    with EnginePool() as pool:
        for name in ("shop", "other"):
            databases = pool.engine(folder / f"{name}.duckdb").run("SELECT DISTINCT catalog_name FROM information_schema.schemata").rows
            assert {other for (other,) in databases} - {"system", "temp"} == {name}
