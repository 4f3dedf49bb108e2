"""A source that hands on what another one has, to be changed in part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from microgt.data.example import Example, Source
from microgt.schema.types import Schema


def unchanged(source: Source) -> Source:
    """The source itself."""
    return source


class Derived:
    """All that `source` has, under the same names and ids, so that answers can be compared pair by pair."""

    def __init__(self, source: Source, name: str):
        self.source, self.name = source, f"{source.name}, {name}"

    @property
    def splits(self) -> tuple[str, ...]:
        """Those of the source."""
        return self.source.splits

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        return self.source.examples(split)

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of what is left out."""
        return self.source.excluded(split)

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return self.source.databases(split)

    def schema(self, db: str) -> Schema:
        """The schema of a database."""
        return self.source.schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self.source.database(db)


def chain(source: Source, changes: Sequence[Callable[[Source], Source]]) -> Source:
    """The source that each change in turn makes of it."""
    for change in changes:
        source = change(source)
    return source
