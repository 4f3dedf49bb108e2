"""DuckDB behind a process wall: one worker for any number of databases, killed at the deadline and started again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from microgt.engine.process import Worker
from microgt.engine.result import ResultTable
from microgt.errors import DataError, EngineError, QueryTimeout, RowLimit

_OPEN_SECONDS = 60.0  # a log of changes may have to be read first


@dataclass(frozen=True)
class Limits:
    """seconds: wall time a query. rows: cap; `strict_rows`: raise `RowLimit` there instead of truncating. memory_mb: DuckDB's own limit."""

    seconds: float = 30.0
    rows: int = 1_000
    memory_mb: int = 512
    strict_rows: bool = False


class DuckDBEngine:
    """Runs SELECTs on one DuckDB file, one at a time, and sees when the file changes.

    worker: where they run, when several engines share a process; it starts with the first query.
    """

    def __init__(self, path: str | Path, limits: Limits | None = None, worker: Worker | None = None):
        self.path, self.limits = Path(path), limits or Limits()
        self.worker = worker or Worker(self.limits.memory_mb)

    def run(self, sql: str) -> ResultTable:
        """Rows of one SELECT.

        Raises `QueryTimeout`, `RowLimit`, `EngineError` with DuckDB's own message, and `DataError` for a file that cannot be opened.
        """
        limits, file = self.limits, self._file()
        request = ("run", file, sql, limits.rows, limits.seconds)
        try:
            reply = self.worker.ask(request, limits.seconds)
            if reply[0] == "closed":
                self._open(file)
                reply = self.worker.ask(request, limits.seconds)
        except TimeoutError:
            raise QueryTimeout(f"the query ran longer than {limits.seconds:g} s and was stopped") from None
        except (EOFError, OSError):
            raise EngineError("the worker died while running the query (out of memory, or killed)") from None
        if reply[0] != "ok":
            raise EngineError(reply[1])
        _, columns, rows, truncated = reply
        if truncated and limits.strict_rows:
            raise RowLimit(f"more than {limits.rows} rows")
        return ResultTable(columns, rows, truncated)

    def _file(self) -> tuple[str, int, int]:
        """The file as it is now. Raises `DataError` when there is none."""
        try:
            stat = self.path.stat()
        except OSError as error:
            raise DataError(f"no database at {self.path} ({error.strerror})") from None
        return str(self.path.absolute()), stat.st_mtime_ns, stat.st_size

    def _open(self, file: tuple[str, int, int]) -> None:
        try:
            reply = self.worker.ask(("open", file), _OPEN_SECONDS)
        except TimeoutError:
            raise DataError(f"{self.path} cannot be opened within {_OPEN_SECONDS:g} s") from None
        except (EOFError, OSError):
            raise DataError(f"{self.path} cannot be opened: the worker died of it") from None
        if reply[0] != "ready":
            raise DataError(f"{self.path} cannot be opened: {reply[1]}")

    def close(self) -> None:
        """Kill the worker; the next query starts another."""
        self.worker.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class EnginePool:
    """Engines by database file, all on one worker, which keeps the files of the most recent ones open. For one thread.

    worker: where they run, in place of one of these limits.
    """

    def __init__(self, limits: Limits | None = None, worker: Worker | None = None):
        self.limits = limits or Limits()
        self._worker = worker or Worker(self.limits.memory_mb)
        self._engines: dict[Path, DuckDBEngine] = {}

    def engine(self, path: str | Path) -> DuckDBEngine:
        """The engine of a DuckDB file, the same one each time."""
        key = Path(path)
        if key not in self._engines:
            self._engines[key] = DuckDBEngine(key, self.limits, self._worker)
        return self._engines[key]

    def close(self) -> None:
        """Kill the worker; the next query starts another."""
        self._worker.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
