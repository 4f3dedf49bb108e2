"""A question with its gold, and where questions come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from microgt.schema.types import Schema
from microgt.spec.types import Spec


@dataclass(frozen=True, slots=True)
class Example:
    """One question about one database. Its gold is a spec, or SQL from which the importer makes one."""

    id: str
    question: str
    db: str
    spec: Spec | None
    sql: str | None
    split: str
    category: str | None = None
    written: str | None = None  # SQL as the author of the gold wrote it, for SQLite, where `sql` is a translation of it


class Source(Protocol):
    """A set of questions in splits, and the databases they are about."""

    name: str

    @property
    def splits(self) -> tuple[str, ...]:
        """The names that `examples` takes."""
        ...

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        ...

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of the questions of a split that `examples` leaves out."""
        ...

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        ...

    def schema(self, db: str) -> Schema:
        """The schema of a database, with its value dictionaries and keys."""
        ...

    def database(self, db: str) -> Path:
        """The DuckDB file of a database."""
        ...
