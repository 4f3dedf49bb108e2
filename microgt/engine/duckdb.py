"""DuckDB behind a process wall: one worker a database, killed at the deadline and started again."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from microgt.engine.result import ResultTable
from microgt.errors import DataError, EngineError, QueryTimeout, RowLimit

_WORKER = Path(__file__).with_name("worker.py")
_START_SECONDS = 60.0  # a busy machine may need long to start a process


@dataclass(frozen=True)
class Limits:
    """seconds: wall time a query. rows: cap; `strict_rows`: raise `RowLimit` there instead of truncating. memory_mb: DuckDB's own limit."""

    seconds: float = 30.0
    rows: int = 1_000
    memory_mb: int = 512
    strict_rows: bool = False


class DuckDBEngine:
    """Runs SELECTs on one DuckDB file, one at a time. The worker starts with the first query."""

    def __init__(self, path: str | Path, limits: Limits | None = None):
        self.path, self.limits = Path(path), limits or Limits()
        self._worker: _Worker | None = None

    @property
    def running(self) -> bool:
        """Whether a worker holds the file open."""
        return self._worker is not None and self._worker.alive

    def run(self, sql: str) -> ResultTable:
        """Rows of one SELECT.

        Raises `QueryTimeout`, `RowLimit`, `EngineError` with DuckDB's own message, and `DataError` for a file that cannot be opened.
        """
        worker = self._worker
        if worker is None or not worker.alive:
            worker = self._start()
        try:
            reply = worker.ask((sql, self.limits.rows, self.limits.seconds), self.limits.seconds)
        except TimeoutError:
            self.close()
            raise QueryTimeout(f"the query ran longer than {self.limits.seconds:g} s and was stopped") from None
        except (EOFError, OSError):
            self.close()
            raise EngineError("the worker died while running the query (out of memory, or killed)") from None
        except BaseException:  # Ctrl-C between question and answer: the pipe is out of step
            self.close()
            raise
        if reply[0] != "ok":
            if reply[0] == "fatal":
                self.close()
            raise EngineError(reply[1])
        _, columns, rows, truncated = reply
        if truncated and self.limits.strict_rows:
            raise RowLimit(f"more than {self.limits.rows} rows")
        return ResultTable(columns, rows, truncated)

    def _start(self) -> _Worker:
        self.close()
        if not self.path.is_file():
            raise DataError(f"no database at {self.path}")
        worker = self._worker = _Worker()
        try:
            reply = worker.ask((str(self.path), self.limits.memory_mb), _START_SECONDS)
        except BaseException as error:
            self.close()
            if isinstance(error, EOFError | OSError):  # of which TimeoutError is one
                raise EngineError(f"the worker for {self.path} did not start (waited at most {_START_SECONDS:g} s)") from None
            raise
        if reply[0] != "ready":
            self.close()
            raise DataError(f"{self.path} cannot be opened: {reply[1]}")
        return worker

    def close(self) -> None:
        """Kill the worker; the next query starts another."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Worker:
    """A child process and the pipe to it. It is stopped at the latest when this object, or the interpreter, goes."""

    def __init__(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        # -P: the folder of the script holds a duckdb.py. A process group of its own: Ctrl-C is for the parent.
        command = [sys.executable, "-P", str(_WORKER), str(theirs.fileno())]
        silent = subprocess.DEVNULL
        with theirs:
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], process_group=0, stdin=silent, stdout=silent, stderr=silent
            )
        self.stop = weakref.finalize(self, _stop, self._process, self._pipe)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: tuple, seconds: float) -> tuple[Any, ...]:
        """The reply. Raises `TimeoutError`, and `EOFError` or `OSError` when the process is gone."""
        self._pipe.send(request)
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv()


def _stop(process: subprocess.Popen[bytes], pipe: Connection) -> None:
    pipe.close()
    process.kill()
    process.wait()


class EnginePool:
    """Engines by database file, the least recently used closed beyond `most` workers. For one thread."""

    def __init__(self, limits: Limits | None = None, most: int = 4):
        self.limits, self.most = limits or Limits(), most
        self._engines: OrderedDict[Path, DuckDBEngine] = OrderedDict()
        self._seen: dict[Path, tuple[int, int] | None] = {}

    def engine(self, path: str | Path) -> DuckDBEngine:
        """The engine of a DuckDB file, reused; its worker starts again when the file has changed."""
        key = Path(path)
        state = (key.stat().st_mtime_ns, key.stat().st_size) if key.is_file() else None
        if key not in self._engines:
            self._engines[key] = DuckDBEngine(key, self.limits)
            while len(self._engines) > self.most:
                self._engines.popitem(last=False)[1].close()
        elif self._seen[key] != state:
            self._engines[key].close()
        self._seen[key] = state
        self._engines.move_to_end(key)
        return self._engines[key]

    def close(self) -> None:
        """Stop all workers."""
        while self._engines:
            self._engines.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
