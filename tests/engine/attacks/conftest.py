"""A database in a folder with things that are none of a query's business."""

import hashlib

import duckdb
import pytest

from microgt.engine import DuckDBEngine, Limits


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    for name in ("shop", "other"):
        with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
            connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(5)")
            connection.execute("CREATE TABLE floats AS SELECT i, (10 ** (i % 17 - 8))::DOUBLE / 3 AS x FROM range(100000) AS r(i)")
    (folder / "letter.csv").write_text("secret\n1\n")
    return folder


@pytest.fixture(scope="session")
def database(folder):
    return folder / "shop.duckdb"


@pytest.fixture(scope="session")
def engine(database):
    """A worker that all attacks share: it must survive them. Its working folder is that of the database."""
    with pytest.MonkeyPatch.context() as patch, DuckDBEngine(database, Limits(seconds=60, memory_mb=128)) as engine:
        patch.chdir(database.parent)
        engine.run("SELECT 1")
        yield engine


@pytest.fixture
def state(folder):
    """What lies in the folder: names and contents."""
    return lambda: {file.name: hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "folder" for file in folder.iterdir()}
