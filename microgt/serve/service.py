"""All that answers: databases, threads with their desks, limits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from microgt.engine.duckdb import Limits
from microgt.errors import DataError
from microgt.schema.load import files_of
from microgt.serve.ask_desk import AskDesk, Maker, Model
from microgt.serve.databases import Databases
from microgt.serve.desk import Desk
from microgt.serve.metrics import Metrics
from microgt.serve.pool import Pool
from microgt.serve.settings import Settings

_LOG = logging.getLogger(__name__)
BUILD_SECONDS = 180.0  # for a product to be made, or a file to be taken in
PROFILE_SECONDS = 180.0  # for a profile, all its queries together


class Service:
    """What the routes share. make: a model for each of the threads that answer questions; name: what answers call it. own: of
    databases, by their paths, that have a model of their own.

    Making it opens every database. Raises `DataError` for one that cannot be used, and `ConfigError` for two of one name.
    """

    def __init__(
        self,
        paths: Iterable[str | Path],
        make: Callable[[], Model],
        settings: Settings | None = None,
        *,
        name: str | None = None,
        own: Mapping[Path, Maker] | None = None,
    ):
        self.settings = settings or Settings()
        self.databases = Databases(paths, self.settings.uploads)
        workers, limits, hide = range(self.settings.workers), Limits(seconds=self.settings.seconds), self.settings.hide
        askers = [AskDesk(limits, hide, Maker(make, name), own) for _ in workers]
        self._warm(askers)
        self.questions = Pool("questions", askers, self.settings.queue)
        self.specs = Pool("specs", [Desk(limits, hide) for _ in workers], self.settings.queue)
        # What takes longer and changes something, one after the other: products and files that are taken in.
        self.builds = Pool("builds", [Desk(limits, hide)], self.settings.queue)
        self.profiles = Pool("profiles", [Desk(limits, hide)], self.settings.queue)
        self.metrics = Metrics()
        for pool in (self.questions, self.specs, self.builds, self.profiles):
            self.metrics.watch(pool)

    def _warm(self, askers: Iterable[AskDesk]) -> None:
        for name, path in self.databases.paths.items():
            try:
                for desk in askers:
                    desk.warm(path)
            except DataError as error:
                if not self.databases.is_uploaded(name):
                    raise
                _LOG.warning("%s is not served: %s", name, error)  # files that were sent once must not keep the server from starting
                self.databases.remove(name)

    def reasons(self) -> list[str]:
        """Why it is not ready; none when it is."""
        gone, paths = 0, self.databases.paths
        for path in paths.values():
            try:
                files_of(path)
            except (DataError, OSError):
                gone += 1
        return [f"{gone} of {len(paths)} databases cannot be opened"] if gone else []

    def close(self) -> None:
        """Wait for what runs, and stop the worker processes."""
        self.questions.close()
        self.specs.close()
        self.builds.close()
        self.profiles.close()
