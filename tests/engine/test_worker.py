"""The worker: what its connection does not see, what it hands out, how it starts and ends."""

import datetime
import decimal
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import duckdb
import pytest

from microgt.engine import DuckDBEngine, EnginePool, Limits, worker
from microgt.errors import DataError, QueryTimeout


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
        killed = engine.worker.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        _until(lambda: engine.worker.pid is None)
        assert engine.run("SELECT 2").rows == ((2,),)
        assert engine.worker.pid not in (None, killed)


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "letter.duckdb"
    path.write_text("Dear reader, this is no database. " * 200)
    with DuckDBEngine(path) as engine, pytest.raises(DataError, match=r"letter\.duckdb cannot be opened: .*not a valid DuckDB"):
        engine.run("SELECT 1")


def test_an_engine_sees_that_its_file_has_changed_or_gone(database):
    with EnginePool() as pool:
        engine = pool.engine(database)
        assert engine.run("SELECT count(*) FROM t").rows == ((5,),)
        database.unlink()
        with pytest.raises(DataError, match=r"no database at .*shop\.duckdb"):
            engine.run("SELECT count(*) FROM t")
        with duckdb.connect(str(database)) as connection:
            connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(70000)")
        assert engine.run("SELECT count(*) FROM t").rows == ((70_000,),)


def test_many_databases_are_one_process_with_one_thread_and_few_open_files(tmp_path):
    many = worker.MOST_FILES + 5
    for n in range(many):
        with duckdb.connect(str(tmp_path / f"{n}.duckdb"), config={"threads": 1}) as connection:
            connection.execute(f"CREATE TABLE t AS SELECT {n} AS n")
    with EnginePool() as pool:
        for _ in range(2):
            assert [pool.engine(tmp_path / f"{n}.duckdb").run("SELECT n FROM t").rows for n in range(many)] == [
                ((n,),) for n in range(many)
            ]
        assert pool.engine(tmp_path / "0.duckdb") is pool.engine(tmp_path / "0.duckdb")
        process = Path("/proc") / str(pool.engine(tmp_path / "0.duckdb").worker.pid)
        assert len(list((process / "task").iterdir())) == 1
        assert sum(os.readlink(file).endswith(".duckdb") for file in (process / "fd").iterdir()) == worker.MOST_FILES


def test_a_killed_query_costs_the_other_databases_of_the_pool_nothing(database, tmp_path):
    other = tmp_path / "other.duckdb"
    shutil.copy(database, other)
    with EnginePool(Limits(seconds=0.5)) as pool:
        pool.engine(other).limits = Limits(seconds=60)
        assert pool.engine(other).run("SELECT count(*) FROM t").rows == ((5,),)
        with pytest.raises(QueryTimeout):
            pool.engine(database).run("SELECT sleep_ms(60000)")
        assert pool.engine(other).run("SELECT count(*) FROM t").rows == ((5,),)


def test_files_are_closed_when_they_leave_too_little_memory(tmp_path):
    """With no room at all only the file that is asked about stays open."""
    files = worker.Files(64, 1)
    for name in ("a", "b", "c"):
        duckdb.connect(str(tmp_path / f"{name}.duckdb")).close()
    keys = [(str(tmp_path / f"{name}.duckdb"), 0, 0) for name in ("a", "b", "c")]
    assert [files.open(key) for key in keys] == [("ready",)] * 3
    assert files.get(keys[1]) is not None
    assert [files.get(key) is None for key in keys] == [True, False, True]


SCRIPT = """
    from microgt.engine import DuckDBEngine
    engine = DuckDBEngine({path!r})
    print(engine.run("SELECT count(*) FROM t").rows, engine.worker.pid, flush=True)
    {then}
"""


def test_a_script_without_a_main_guard_that_never_closes(database):
    """The worker does not run the script again, and ends with it without a word."""
    script = textwrap.dedent(SCRIPT.format(path=str(database), then=""))
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=300)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("((5,),) ")
    _until(lambda: not _exists(int(run.stdout.split()[-1])))


@pytest.mark.parametrize("limit", ["-v 2400000", "-t 20"])
def test_hard_limits_below_its_own_are_kept(database, limit):
    script = textwrap.dedent(SCRIPT.format(path=str(database), then=""))
    command = ["bash", "-c", f'ulimit {limit} && exec "$0" -c "$1"', sys.executable, script]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.stdout.startswith("((5,),) "), run.stderr


def test_an_idle_worker_ends_with_a_parent_that_was_killed(database):
    script = textwrap.dedent(SCRIPT.format(path=str(database), then="import time; time.sleep(60)"))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline().split()[-1])
        parent.kill()
    _until(lambda: not _exists(child))


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
