"""All that answers: databases, threads with their desks, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from microgt.engine.duckdb import Limits
from microgt.errors import DataError
from microgt.schema.load import files_of
from microgt.serve.ask_desk import AskDesk, Model
from microgt.serve.databases import Databases
from microgt.serve.desk import Desk
from microgt.serve.metrics import Metrics
from microgt.serve.pool import Pool
from microgt.serve.settings import Settings


class Service:
    """What the routes share. make: a model for each of the threads that answer questions.

    Making it opens every database. Raises `DataError` for one that cannot be used, and `ConfigError` for two of one name.
    """

    def __init__(self, paths: Iterable[str | Path], make: Callable[[], Model], settings: Settings | None = None):
        self.settings = settings or Settings()
        self.databases = Databases(paths)
        workers, limits, hide = range(self.settings.workers), Limits(seconds=self.settings.seconds), self.settings.hide
        askers = [AskDesk(limits, hide, make) for _ in workers]
        for desk in askers:
            for path in self.databases.paths.values():
                desk.warm(path)
        self.questions = Pool("questions", askers, self.settings.queue)
        self.specs = Pool("specs", [Desk(limits, hide) for _ in workers], self.settings.queue)
        self.metrics = Metrics()
        self.metrics.watch(self.questions)
        self.metrics.watch(self.specs)

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
        self.questions.close()
        self.specs.close()
