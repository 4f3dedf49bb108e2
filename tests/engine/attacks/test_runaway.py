"""Queries that never end or want all memory: each ends at the deadline or at the memory limit, and the next query runs.

No time is measured: that a test ends at all, under its generous alarm, is what it says.
"""

import faulthandler
import re
from pathlib import Path

import pytest

from microgt.engine import DuckDBEngine, Limits
from microgt.errors import EngineError, QueryTimeout

ENDLESS = {
    "cross join": "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE a.range + b.range = c.range",
    "recursion": "WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x",
    "long range": "SELECT sum(range) FROM range(10000000000000)",
    "nested unnest": "SELECT count(*) FROM (SELECT unnest(range(a)) AS b FROM (SELECT unnest(range(1000000)) AS a))",
    "long strings": "SELECT max(length(repeat('x', 100000000 + a.range))) FROM range(100000) a",
    "edit distance": "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))",
    "sleep": "SELECT sleep_ms(100000000)",
}
HUNGRY = {
    "list": "SELECT len(range(1000000000))",
    "string": "SELECT length(repeat('x', 4000000000))",
    "string in steps": "SELECT length(repeat(repeat('x', 1000000), 3000))",
    "rows of long strings": "SELECT repeat('x', 100000000 + a.range) FROM range(1000) a",
    "unnest of lists": "SELECT count(*) FROM (SELECT unnest(range(100000)) AS a), (SELECT unnest(range(1000000000)) AS c)",
    "groups": "SELECT count(*) FROM (SELECT a.range, b.range, count(*) FROM range(100000) a, range(100000) b GROUP BY ALL)",
    "window": "SELECT max(s) FROM (SELECT sum(a.range) OVER (ORDER BY hash(a.range, b.range)) AS s FROM range(100000) a, range(1000) b)",
    "one long string": "SELECT length(string_agg(repeat('x', 1000), ',')) FROM range(100000000)",
    "many joins": "SELECT count(*) FROM " + ", ".join(f"t AS t{i}" for i in range(60)),
    "deep": "SELECT " + "(" * 300_000 + "1" + ")" * 300_000,
    "deep cases": "SELECT " + "CASE WHEN true THEN " * 2_000 + "1" + " END" * 2_000,
    "deep JSON": "SELECT json_extract(repeat('[', 1000000), '$')",
    "wide": "SELECT " + ", ".join(f"1 AS c{i}" for i in range(20_000)),
    "list of literals": f"SELECT 1 WHERE 1 IN ({', '.join(map(str, range(300_000)))})",
}


@pytest.fixture(scope="module")
def hurried(database):
    """An engine that is started again after each kill."""
    with DuckDBEngine(database, Limits(seconds=0.5, memory_mb=64)) as engine:
        yield engine


@pytest.fixture(autouse=True)
def alarm():
    faulthandler.dump_traceback_later(300, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def _goes_on(engine):
    """The next query is answered, however busy the machine is."""
    hurried, engine.limits = engine.limits, Limits(seconds=120, memory_mb=engine.limits.memory_mb)
    assert engine.run("SELECT sum(a) FROM t").rows == ((10,),)
    engine.limits = hurried


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_query_is_killed_at_the_deadline(hurried, state, query):
    _goes_on(hurried)
    before = state()
    with pytest.raises(QueryTimeout, match="longer than 0.5 s and was stopped"):
        hurried.run(query)
    assert hurried.worker.pid is None
    _goes_on(hurried)
    assert state() == before


@pytest.mark.parametrize("query", HUNGRY.values(), ids=HUNGRY)
def test_a_hungry_query_fails_or_is_killed(hurried, state, query):
    _goes_on(hurried)
    before = state()
    with pytest.raises(EngineError):
        hurried.run(query)
    _goes_on(hurried)
    assert state() == before


def test_the_memory_of_a_worker_has_an_end(database):
    """By the operating system, whatever DuckDB counts; and what a query took is bounded by it in fact."""
    with DuckDBEngine(database, Limits(seconds=120, memory_mb=64)) as engine:
        engine.run("SELECT 1")
        process = Path("/proc") / str(engine.worker.pid)
        limit = (64 + 2048) << 20
        assert int(re.findall(r"Max address space\s+(\d+)", (process / "limits").read_text())[0]) == limit
        for query in ("list", "string", "groups", "one long string"):
            with pytest.raises(EngineError):
                engine.run(HUNGRY[query])
        assert int(re.findall(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())[0]) << 10 < limit


def test_many_rows_cost_only_those_that_are_kept(database):
    with DuckDBEngine(database, Limits(seconds=120, rows=1_000, memory_mb=64)) as engine:
        table = engine.run("SELECT range, repeat('x', 300) FROM range(1000000)")
    assert (len(table.rows), table.truncated) == (1_000, True)


def test_sums_do_not_depend_on_the_run(database):
    """Sums of floating-point numbers depend on the order of adding, and that on the number of threads: there is one."""
    query = "SELECT i % 3 AS k, sum(x), avg(x), stddev(x) FROM floats GROUP BY k"
    found = set()
    for _ in range(2):
        with DuckDBEngine(database) as engine:
            found |= {repr(engine.run(query).rows) for _ in range(3)}
    assert len(found) == 1
