"""DuckDB behind a process wall: one worker a database, killed at the deadline and started again."""

from __future__ import annotations

import multiprocessing
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from microgt.engine import worker
from microgt.engine.result import ResultTable
from microgt.errors import DataError, EngineError, QueryTimeout, RowLimit

_START_SECONDS = 60.0  # a busy machine may need long to start a process


@dataclass(frozen=True)
class Limits:
    """seconds: wall time a query. rows: cap; `strict_rows`: raise `RowLimit` there instead of truncating. memory_mb: DuckDB's own limit."""

    seconds: float = 30.0
    rows: int = 1_000
    memory_mb: int = 512
    strict_rows: bool = False


class DuckDBEngine:
    """Runs SELECTs on one DuckDB file. The worker starts with the first query."""

    def __init__(self, path: str | Path, limits: Limits | None = None):
        self.path, self.limits = Path(path), limits or Limits()
        self._process = None
        self._pipe = None

    def run(self, sql: str) -> ResultTable:
        """Rows of one SELECT. Raises `QueryTimeout`, `RowLimit`, `EngineError` with DuckDB's own message."""
        pipe = self._pipe or self._start()
        try:
            pipe.send((sql, self.limits.rows))
            if not pipe.poll(self.limits.seconds):
                self.close()
                raise QueryTimeout(f"the query ran longer than {self.limits.seconds:g} s and was stopped")
            reply = pipe.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise EngineError("the worker died while running the query (out of memory, or killed)") from error
        except BaseException:  # Ctrl-C between question and answer: the pipe is out of step
            self.close()
            raise
        if reply[0] == "error":
            raise EngineError(reply[1])
        _, columns, rows, truncated = reply
        if truncated and self.limits.strict_rows:
            raise RowLimit(f"more than {self.limits.rows} rows")
        return ResultTable(columns, rows, truncated)

    def _start(self):
        if not self.path.is_file():
            raise DataError(f"no database at {self.path}")
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=worker.main, args=(theirs, str(self.path), self.limits.memory_mb), daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(_START_SECONDS):
            self.close()
            raise EngineError(f"the worker for {self.path} did not start in {_START_SECONDS:g} s")
        try:
            reply = self._pipe.recv()
        except EOFError:
            reply = ("error", "the worker died while starting")
        if reply[0] != "ready":
            self.close()
            raise EngineError(f"{self.path} cannot be opened: {reply[1]}")
        return self._pipe

    def close(self) -> None:
        """Kill the worker; the next query starts another."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class EnginePool:
    """Engines by database file, the least recently used closed beyond `most` workers."""

    def __init__(self, limits: Limits | None = None, most: int = 4):
        self.limits, self.most = limits or Limits(), most
        self._engines: OrderedDict[Path, DuckDBEngine] = OrderedDict()

    def engine(self, path: str | Path) -> DuckDBEngine:
        """The engine of a DuckDB file, reused."""
        key = Path(path)
        if key not in self._engines:
            self._engines[key] = DuckDBEngine(key, self.limits)
            while len(self._engines) > self.most:
                self._engines.popitem(last=False)[1].close()
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
