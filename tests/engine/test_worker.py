"""The worker: what its connection does not see, what it hands out, how it starts and ends."""

import datetime
import decimal
import os
import signal
import subprocess
import sys
import textwrap
import time

import duckdb
import pytest

from microgt.engine import DuckDBEngine, EnginePool, worker
from microgt.errors import DataError


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(5)")
    return path


@pytest.fixture
def connection(database):
    with worker.connect(str(database), 256) as connection:
        yield connection


def test_objects_of_python_are_no_tables(connection):
    frame = duckdb.sql("SELECT 1 AS secret").arrow()
    assert frame is not None
    kind, message = worker._answer(connection, "SELECT * FROM frame", 10)
    assert kind == "error"
    assert "frame does not exist" in message
    assert "\n" not in message


def test_plain_values_keep_their_python_types(connection):
    sql = "SELECT 1.50::DECIMAL(9, 2), DATE '2024-02-29', TIMESTAMP '2024-02-29 10:00', true, 'ü', 0.5::DOUBLE, NULL, 2::HUGEINT ** 70"
    (row,) = worker._answer(connection, sql, 10)[2]
    moment = datetime.datetime(2024, 2, 29, 10)
    assert row == (decimal.Decimal("1.50"), datetime.date(2024, 2, 29), moment, True, "ü", 0.5, None, 2**70)


def test_other_values_are_text(connection):
    sql = "SELECT [1, 2], {'a': 1}, INTERVAL 3 DAY, TIME '12:30', 'x'::BLOB, '0b6e3f0e-3c55-4d12-9e6b-4b8d2b6a0a11'::UUID"
    (row,) = worker._answer(connection, sql, 10)[2]
    assert row == ("[1, 2]", "{'a': 1}", "3 days, 0:00:00", "12:30:00", "78", "0b6e3f0e-3c55-4d12-9e6b-4b8d2b6a0a11")


def test_moments_with_a_zone_come_in_utc_and_in_order(connection):
    sql = "SELECT a, TIMESTAMPTZ '2024-01-01 10:00:00+02' - to_days(a::INT) AS moment FROM t ORDER BY moment -- all"
    _, columns, rows, truncated = worker._answer(connection, sql, 2)
    assert (columns, truncated) == (("a", "moment"), True)
    assert rows == ((4, datetime.datetime(2023, 12, 28, 8)), (3, datetime.datetime(2023, 12, 29, 8)))


def test_a_worker_that_was_killed_between_queries_is_replaced(database):
    with DuckDBEngine(database) as engine:
        engine.run("SELECT 1")
        os.kill(_child(engine), signal.SIGKILL)
        _until(lambda: not engine.running)
        assert engine.run("SELECT 2").rows == ((2,),)


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "letter.duckdb"
    path.write_text("Dear reader, this is no database. " * 200)
    with DuckDBEngine(path) as engine, pytest.raises(DataError, match=r"letter\.duckdb cannot be opened: .*not a valid DuckDB"):
        engine.run("SELECT 1")
    assert not engine.running


def test_a_pool_sees_that_a_file_has_changed(database):
    with EnginePool() as pool:
        assert pool.engine(database).run("SELECT count(*) FROM t").rows == ((5,),)
        database.unlink()
        with duckdb.connect(str(database)) as connection:
            connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(70000)")
        assert pool.engine(database).run("SELECT count(*) FROM t").rows == ((70_000,),)


SCRIPT = """
    from microgt.engine import DuckDBEngine
    engine = DuckDBEngine({path!r})
    print(engine.run("SELECT count(*) FROM t").rows, engine._worker._process.pid, flush=True)
    {then}
"""


def test_a_script_without_a_main_guard_that_never_closes(database):
    """The worker does not run the script again, and ends with it without a word."""
    script = textwrap.dedent(SCRIPT.format(path=str(database), then=""))
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("((5,),) ")
    _until(lambda: not _exists(int(run.stdout.split()[-1])))


@pytest.mark.parametrize("limit", ["-v 2400000", "-t 20"])
def test_hard_limits_below_its_own_are_kept(database, limit):
    script = textwrap.dedent(SCRIPT.format(path=str(database), then=""))
    command = ["bash", "-c", f'ulimit {limit} && exec "$0" -c "$1"', sys.executable, script]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.stdout.startswith("((5,),) "), run.stderr


def test_an_idle_worker_ends_with_a_parent_that_was_killed(database):
    script = textwrap.dedent(SCRIPT.format(path=str(database), then="import time; time.sleep(60)"))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline().split()[-1])
        parent.kill()
    _until(lambda: not _exists(child))


def _child(engine: DuckDBEngine) -> int:
    assert engine._worker is not None
    return engine._worker._process.pid


def _exists(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody waits for counts as ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _until(holds) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "waited 20 s"
        time.sleep(0.02)
