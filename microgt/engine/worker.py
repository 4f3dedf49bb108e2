"""The child process that runs queries on one database file. It opens the file read-only, locks every setting, limits its own memory,
and answers one request after the other until its pipe closes.

What this covers: no file but the database can be read or written, no extension loaded, no setting changed; exactly one SELECT a request
on a fresh cursor; memory by the operating system's limit. What it does not: time. The parent kills the process at the deadline.
"""

from __future__ import annotations

import resource
import sys
from multiprocessing.connection import Connection
from typing import Any

import duckdb

SETTINGS: dict[str, Any] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "threads": 1,
    "async_threads": 0,
    "max_temp_directory_size": "0B",
}


def main(pipe: Connection, path: str, memory_mb: int) -> None:
    """Serve requests `(sql, row cap)` with `("ok", columns, rows, truncated)` or `("error", text)`."""
    space = (memory_mb + 2048) << 20
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(10_000)
    try:
        connection = duckdb.connect(path, read_only=True, config={**SETTINGS, "memory_limit": f"{memory_mb}MB"})
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        pipe.send(("error", str(error)))
        return
    pipe.send(("ready",))
    while True:
        try:
            sql, cap = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(_answer(connection, sql, cap))


def _answer(connection: duckdb.DuckDBPyConnection, sql: str, cap: int) -> tuple:
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            kinds = ", ".join(s.type.name for s in statements) or "nothing"
            return "error", f"exactly one SELECT is run; given: {kinds}"
        with connection.cursor() as cursor:
            cursor.execute(statements[0])
            columns = tuple(d[0] for d in cursor.description)
            rows = cursor.fetchmany(cap + 1)
        return "ok", columns, tuple(rows[:cap]), len(rows) > cap
    except (duckdb.Error, MemoryError, RuntimeError, ValueError, OverflowError) as error:
        return "error", f"{type(error).__name__}: {str(error).strip()}"
