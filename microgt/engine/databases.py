"""Databases that stay open between questions."""

from __future__ import annotations

from pathlib import Path

from microgt.engine.database import Database, open_database
from microgt.schema.load import files_of, stamp_of


class OpenDatabases:
    """Opens each path once for each state of its files. hide: ids of columns whose values the schemas must not hold."""

    def __init__(self, hide: tuple[str, ...] = ()):
        self._hide = hide
        self._open: dict[Path, tuple[str, Database]] = {}

    def get(self, path: str | Path) -> Database:
        """Open a database, or return it when it is open and its files have not changed. Raises `DataError`."""
        path = Path(path)
        stamp = stamp_of(files_of(path))
        known = self._open.get(path)
        if known is None or known[0] != stamp or not known[1].path.is_file():  # a copy in the cache may be gone
            known = self._open[path] = (stamp, open_database(path, hide=self._hide))
        return known[1]
