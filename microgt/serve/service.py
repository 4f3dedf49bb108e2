"""All that answers: databases, threads with their desks, limits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from microgt.engine.duckdb import Limits
from microgt.errors import DataError
from microgt.schema.load import files_of
from microgt.serve.databases import Databases
from microgt.serve.desk import Desk
from microgt.serve.pool import Pool
from microgt.serve.settings import Settings


class Service:
    """What the routes share. Opening it raises `DataError` for a database that cannot be used and `ConfigError` for equal names."""

    def __init__(self, paths: Iterable[str | Path], settings: Settings | None = None):
        self.settings = settings or Settings()
        self.databases = Databases(paths)
        limits = Limits(seconds=self.settings.seconds)
        desks = [Desk(limits, self.settings.hide) for _ in range(self.settings.workers)]
        for desk in desks:
            for path in self.databases.paths.values():
                desk.database(path)
        self.engine = Pool("engine", desks, self.settings.queue)

    def reasons(self) -> list[str]:
        """Why it is not ready; none when it is."""
        gone = 0
        for path in self.databases.paths.values():
            try:
                files_of(path)
            except (DataError, OSError):
                gone += 1
        return [f"{gone} of {len(self.databases.paths)} databases cannot be opened"] if gone else []

    def close(self) -> None:
        """Wait for what runs, and stop the worker processes."""
        self.engine.close()
