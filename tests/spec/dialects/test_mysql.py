"""MySQL's dialect gives DuckDB's answers on MariaDB: run where a server and PyMySQL are (`pip install pymysql`)."""

import subprocess
from getpass import getuser

import pytest

from tests.spec.dialects.servers import connected, fill, program, serving

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # PyMySQL leaves a socket open when nobody listens yet

_TYPES = {"VARCHAR": "VARCHAR(100)", "TIMESTAMP": "DATETIME"}


@pytest.fixture(scope="module")
def mysql(shop, tmp_path_factory):
    pymysql = pytest.importorskip("pymysql", reason="PyMySQL is not installed: pip install pymysql")
    install, server = program("mariadb-install-db"), program("mariadbd", "/usr/sbin")
    folder = tmp_path_factory.mktemp("mysql")
    log, socket = folder / "log", folder / "socket"
    common = ["--no-defaults", f"--datadir={folder / 'data'}", f"--tmpdir={folder}", f"--user={getuser()}"]
    subprocess.run([install, *common, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    command = [server, *common, f"--socket={socket}", "--skip-networking", f"--pid-file={folder / 'pid'}"]
    with serving(command, log) as process:

        def connect():
            return pymysql.connect(unix_socket=str(socket), user="root", charset="utf8mb4", autocommit=True)

        with connected(connect, process, log, pymysql.OperationalError) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
            cursor.execute("USE shop")
            cursor.execute("SET sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES'")
            cursor.execute("SET max_recursive_iterations = 1000000")  # to MariaDB the hint that says so is a comment
            fill(cursor, shop.tables(), _TYPES, quote="`")
            yield cursor


def stored(value):
    """MySQL has no true and false."""
    return int(value) if isinstance(value, bool) else value


def test_mysql_agrees(on_mysql, mysql, agrees):
    mysql.execute(on_mysql.text("mysql"))
    assert agrees(on_mysql, mysql.fetchall(), stored)
