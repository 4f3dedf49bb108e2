"""What sources of one database share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

from microgt.engine.database import Database, open_database
from microgt.errors import DataError
from microgt.schema.types import Schema


class OneDatabase(ABC):
    """A source of one database. path: as of `open_database`."""

    def __init__(self, path: str | Path, name: str):
        self.path, self.name = Path(path), name

    @property
    @abstractmethod
    def splits(self) -> tuple[str, ...]:
        """The names that `examples` takes."""

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """Nothing is left out."""
        return []

    def databases(self, split: str) -> list[str]:
        """The one."""
        return [self._database.schema.name]

    def schema(self, db: str) -> Schema:
        """Its schema. Raises `DataError` for another name."""
        return self._named(db).schema

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self._named(db).path

    def refuse_unknown(self, split: str) -> None:
        """Raises `DataError` for a split that there is not."""
        if split not in self.splits:
            raise DataError(f"{self.name} has no split {split!r}; choices: {', '.join(self.splits)}")

    def _named(self, db: str) -> Database:
        if db != self._database.schema.name:
            raise DataError(f"{self.name} has no database {db!r}, only {self._database.schema.name!r}")
        return self._database

    @cached_property
    def _database(self) -> Database:
        return open_database(self.path)
