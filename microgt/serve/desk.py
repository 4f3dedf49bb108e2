"""What one thread works with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from microgt.engine.databases import OpenDatabases
from microgt.engine.duckdb import DuckDBEngine, EnginePool, Limits
from microgt.engine.process import Worker
from microgt.engine.result import ResultTable
from microgt.errors import QueryTimeout
from microgt.serve.stopwatch import Stopwatch


class Desk:
    """Open databases and a DuckDB worker process. watch: of the request that is worked on."""

    def __init__(self, limits: Limits, hide: tuple[str, ...] = ()):
        self.watch = Stopwatch(limits.seconds)
        self.databases = OpenDatabases(hide)
        self.engines = TimedEngines(limits, self)

    def close(self) -> None:
        """Stop the worker process."""
        self.engines.close()


class TimedEngines(EnginePool):
    """Engines that count their time, and stop when the request's is over."""

    def __init__(self, limits: Limits, desk: Desk):
        super().__init__(limits)
        self._desk = desk

    def engine(self, path: str | Path) -> DuckDBEngine:
        """The engine of a DuckDB file."""
        return _TimedEngine(Path(path), self.limits, self._worker, self._desk)


class _TimedEngine(DuckDBEngine):
    def __init__(self, path: Path, limits: Limits, worker: Worker, desk: Desk):
        super().__init__(path, limits, worker)
        self._desk = desk

    def run(self, sql: str) -> ResultTable:
        watch = self._desk.watch
        if watch.left <= 0:
            raise QueryTimeout("the time of the request was over before its query")
        self.limits = replace(self.limits, seconds=min(self.limits.seconds, watch.left))
        with watch.stage("run"):
            return super().run(sql)
