"""The child process that runs queries on database files. It opens them read-only, locks every setting, limits its own memory,
and answers one request after the other until its pipe closes. It is started as a script: it imports nothing of microgt.

What this covers: no file but the database can be read or written, no extension loaded, no setting changed or read; exactly one SELECT a
request on a fresh cursor, which sees its own database only; memory by the operating system's limit. What it does not: wall time, for which
the parent kills the process; its processor time is limited too, so that a query does not outlive a parent that was killed. DuckDB draws no
border within a process: against a fault in DuckDB itself only a container or a virtual machine helps.
"""

from __future__ import annotations

import datetime
import decimal
import math
import re
import resource
import sys
from collections import OrderedDict
from itertools import pairwise
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
    "temp_directory": "",  # a limit of 0 bytes alone still lets a folder appear beside the database
    "max_temp_directory_size": "0B",
}
_PROCESS_MB = 2048  # address space beyond DuckDB's own limit: code, thread stacks, Python
MOST_FILES = 16
_PLAIN = {type(None), bool, int, float, str, decimal.Decimal, datetime.date, datetime.datetime}
File = tuple[str, int, int]
_ZONE = " WITH TIME ZONE"
# What shows settings and paths, or runs text as SQL: functions, and views over them.
_FUNCTIONS = re.compile(r"duckdb_\w+|current_setting|query|query_table|json_execute_serialized_sql|\w*external_resource\w*")
_VIEWS = {"duckdb_databases", "duckdb_logs", "pg_settings", "pragma_database_list"}


def main(pipe: Connection, memory_mb: int) -> None:
    """Say `("ready",)`, then serve requests.

    `("open", file)` is answered with `("ready",)` or `("error", text)`; a file is its path and what tells its states apart.
    `("run", file, sql, row cap, seconds)` with `("ok", columns, rows, truncated)`, `("closed",)` when the file is not open in that state,
    `("error", text)` or, lastly, `("fatal", text)`.
    """
    space = _allowed(resource.RLIMIT_AS, (memory_mb + _PROCESS_MB) << 20)
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(10_000)
    files = Files(memory_mb, space)
    pipe.send(("ready",))
    while True:
        what, file, *query = pipe.recv()
        reply = files.open(file) if what == "open" else _run(files, file, *query)
        pipe.send(reply)
        if reply[0] == "fatal":
            return


class Files:
    """The files that are open. The least recently used are closed when there are many, or when they leave too little memory for a query."""

    def __init__(self, memory_mb: int, space: int):
        self._memory_mb, self._space = memory_mb, space
        self._open: OrderedDict[File, duckdb.DuckDBPyConnection] = OrderedDict()

    def open(self, file: File) -> tuple[str, ...]:
        for other in [other for other in self._open if other[0] == file[0]]:  # as it was before it changed
            self._open.pop(other).close()
        self._close_all_but(MOST_FILES - 1)
        try:
            self._open[file] = connect(file[0], self._memory_mb)
        except (duckdb.FatalException, duckdb.InternalException) as error:
            return "fatal", _line(error)
        except duckdb.Error as error:
            return "error", _line(error)
        return ("ready",)

    def get(self, file: File) -> duckdb.DuckDBPyConnection | None:
        if file not in self._open:
            return None
        self._open.move_to_end(file)
        if len(self._open) > 1 and _used() + (2 * self._memory_mb << 20) > self._space:
            self._close_all_but(1)
        return self._open[file]

    def _close_all_but(self, kept: int) -> None:
        while len(self._open) > kept:
            self._open.popitem(last=False)[1].close()


def _used() -> int:
    """The address space of this process in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _run(files: Files, file: File, sql: str, cap: int, seconds: float) -> tuple:
    connection = files.get(file)
    if connection is None:
        return ("closed",)
    _limit_processor(seconds)
    return _answer(connection, sql, cap)


def connect(path: str, memory_mb: int) -> duckdb.DuckDBPyConnection:
    """The database read-only, behind settings that can no longer be changed. Raises `duckdb.Error` when it cannot be opened."""
    connection = duckdb.connect(path, read_only=True, config={**SETTINGS, "memory_limit": f"{memory_mb}MB"})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET lock_configuration = true")
    return connection


def _limit_processor(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = _allowed(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds) + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _allowed(kind: int, wanted: int) -> int:
    """At most the hard limit that the process was started under."""
    hard = resource.getrlimit(kind)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _answer(connection: duckdb.DuckDBPyConnection, sql: str, cap: int) -> tuple:
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            kinds = ", ".join(s.type.name for s in statements) or "nothing"
            return "error", f"exactly one SELECT is run; given: {kinds}"
        own = _of_duckdb(statements[0].query)
        if own:
            return "error", f"queries may not use {own}: it is about DuckDB, not the data"
        with connection.cursor() as cursor:
            cursor.execute(statements[0])
            names, types = [tuple(str(d[i]) for d in cursor.description) for i in (0, 1)]
            if any(_ZONE in t for t in types):
                cursor.execute(_without_zones(statements[0].query, types))
            rows = cursor.fetchmany(cap + 1)
        return "ok", names, tuple(tuple(_plain(v) for v in row) for row in rows[:cap]), len(rows) > cap
    except (duckdb.FatalException, duckdb.InternalException, MemoryError) as error:  # the database, or the process, is spent
        return "fatal", _line(error)
    except Exception as error:  # DuckDB's own, and what its binding raises, such as TypeError for half a character
        return "error", _line(error)


def _of_duckdb(sql: str) -> str | None:
    """A function or view in the query that shows DuckDB's settings or the file's path, or runs text as SQL.

    Names have no escapes in DuckDB's SQL but quotes, so each stands as one token; a table's name may be a plain string too.
    """
    text, tokens = sql.encode(), duckdb.tokenize(sql)
    ends = [start for start, _ in tokens[1:]] + [len(text)]
    comment = duckdb.token_type.comment
    words = [
        text[start:end].decode(errors="replace").strip().strip("'\"`").lower()
        for (start, kind), end in zip(tokens, ends, strict=True)
        if kind != comment
    ]
    for word, following in pairwise([*words, ""]):
        if word in _VIEWS or (following.startswith("(") and _FUNCTIONS.fullmatch(word)):
            return word
    return None


def _without_zones(sql: str, types: tuple[str, ...]) -> str:
    """The query with its moments in UTC: DuckDB needs another package to hand out those with a zone."""
    names = [f"c{i}" for i in range(len(types))]
    shown = (f"CAST({n} AS {t.replace(_ZONE, '')})" if _ZONE in t else n for n, t in zip(names, types, strict=True))
    return f"SELECT {', '.join(shown)} FROM ({sql.strip().rstrip(';')}\n) AS t({', '.join(names)})"


def _plain(value: Any) -> Any:
    """Plain values as they are; lists, structs, intervals, times, UUIDs and bytes as text."""
    if type(value) in _PLAIN:
        return value
    return value.hex() if isinstance(value, bytes) else str(value)


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or ['no more is known'])[0]}"


if __name__ == "__main__":
    try:
        main(Connection(int(sys.argv[1])), int(sys.argv[2]))
    except (EOFError, OSError, KeyboardInterrupt):  # the parent is gone
        sys.exit(0)
