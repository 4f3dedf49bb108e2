"""PostgreSQL gives DuckDB's answers: run where a server and psycopg are (`pip install psycopg[binary]`)."""

import subprocess
from glob import glob

import pytest

from tests.spec.dialects.servers import connected, fill, program, serving, user_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def postgres(shop, tmp_path_factory):
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install psycopg[binary]")
    folders = sorted(glob("/usr/lib/postgresql/*/bin"))
    initdb, server = program("initdb", *folders), program("postgres", *folders)
    folder = tmp_path_factory.mktemp("postgres")
    user = user_for("postgres", folder)
    data, log = folder / "data", folder / "log"
    subprocess.run([initdb, "-D", data, "-U", "shop", "-A", "trust", "-E", "UTF8", "--no-sync"], check=True, capture_output=True, user=user)
    command = [server, "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with serving(command, log, user) as process:
        address = f"host={folder} user=shop dbname=postgres"
        with connected(lambda: psycopg.connect(address, autocommit=True), process, log, psycopg.OperationalError) as connection:
            fill(connection.cursor(), shop.tables(), {})
            yield connection


def test_postgres_agrees(on_postgres, postgres, agrees):
    assert agrees(on_postgres, postgres.execute(on_postgres.text("postgres")).fetchall())
