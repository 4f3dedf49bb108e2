"""What DuckDB itself does on a connection with the worker's settings, without the worker's check of statements.

This is a description of DuckDB, so it holds for the version that it was written for: on another one these tests are skipped, and
`test_refused` still says whether the worker holds. Who raises the version goes through the differences and writes the new one here.
"""

import duckdb
import pyarrow as pa
import pytest

from microgt.engine import worker
from tests.engine.attacks.table import LOCKED, LOOPHOLES, TELLTALES

TRIED = "2.0.1"

pytestmark = pytest.mark.skipif(duckdb.__version__ != TRIED, reason=f"tried on DuckDB {TRIED}; this is {duckdb.__version__}")


@pytest.fixture(scope="module")
def connection(database):
    """For what is refused."""
    with pytest.MonkeyPatch.context() as patch, worker.connect(str(database), 128) as connection:
        patch.chdir(database.parent)
        yield connection


@pytest.fixture
def spoilt(folder):
    """For what may leave something behind; of another file, as DuckDB keeps one instance a file."""
    with worker.connect(str(folder / "other.duckdb"), 128) as connection:
        yield connection


@pytest.mark.parametrize("attack", LOCKED)
def test_the_locked_settings_refuse_it_too(connection, folder, state, attack):
    before, frame = state(), pa.table({"secret": [1]})
    with pytest.raises(duckdb.Error):
        connection.execute(attack.replace("{folder}", str(folder))).fetchall()
    assert connection.execute("SELECT sum(a) FROM t").fetchall() == [(10,)]
    assert (state(), len(frame)) == (before, 1)


@pytest.mark.parametrize("attack", [*LOOPHOLES, *TELLTALES])
def test_duckdb_lets_it_through(spoilt, folder, attack):
    """So the worker's own check is needed: a temporary macro changes what `sum` means for the queries after it."""
    spoilt.execute(attack.replace("{folder}", str(folder)).replace("shop.duckdb", "other.duckdb"))


def test_a_temporary_macro_would_change_later_queries(spoilt):
    spoilt.execute("CREATE TEMP MACRO sum(x) AS 42")
    assert spoilt.execute("SELECT sum(a) FROM t LIMIT 1").fetchall() == [(42,)]
    with spoilt.cursor() as other:
        assert other.execute("SELECT sum(a) FROM t").fetchall() == [(10,)]


def test_a_connection_has_one_thread(spoilt):
    spoilt.execute("SELECT sum(a) FROM t").fetchall()
    assert spoilt.execute("SELECT current_setting('threads'), current_setting('async_threads')").fetchall() == [(1, 0)]
