"""What one thread works with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from microgt.engine.database import Database
from microgt.engine.databases import OpenDatabases
from microgt.engine.duckdb import EnginePool, Limits
from microgt.engine.process import Worker
from microgt.serve.stopwatch import Stopwatch


class Desk:
    """Open databases and a DuckDB worker process. watch: of the request that is worked on."""

    def __init__(self, limits: Limits, hide: tuple[str, ...] = ()):
        self.watch = Stopwatch(limits.seconds)
        self.engines = EnginePool(limits, TimedWorker(limits.memory_mb, self))
        self._databases = OpenDatabases(hide)

    def database(self, path: Path) -> Database:
        """The database as it is now. Raises `DataError`."""
        return self._databases.get(path)

    def close(self) -> None:
        """Stop the worker process."""
        self.engines.close()


class TimedWorker(Worker):
    """A worker that counts its time, and stops when that of the request is over."""

    def __init__(self, memory_mb: int, desk: Desk):
        super().__init__(memory_mb)
        self._desk = desk

    def ask(self, request: tuple[Any, ...], seconds: float) -> tuple[Any, ...]:
        """As `Worker.ask`, and at most for what is left of the request's time."""
        watch = self._desk.watch
        if watch.left <= 0:
            raise TimeoutError
        with watch.stage("run"):
            return super().ask(request, min(seconds, watch.left))
