"""A source without the questions about some of its databases."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from microgt.data.example import Example, Source
from microgt.schema.types import Schema


class Without:
    """`source` without the questions about `databases`, nor about what is derived from them (`cryptic/geo` of `geo`)."""

    def __init__(self, source: Source, databases: Collection[str]):
        self.source, self.left_out, self.name = source, frozenset(databases), source.name

    @property
    def splits(self) -> tuple[str, ...]:
        """Those of the source."""
        return tuple(self.source.splits)

    def examples(self, split: str) -> list[Example]:
        """The other questions of a split."""
        return [e for e in self.source.examples(split) if self._keeps(e.db)]

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of what the source leaves out, and of what is left out here."""
        own = [(e.id, f"about {e.db}") for e in self.source.examples(split) if not self._keeps(e.db)]
        return [*self.source.excluded(split), *own]

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return [db for db in self.source.databases(split) if self._keeps(db)]

    def schema(self, db: str) -> Schema:
        """The source's schema of a database."""
        return self.source.schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self.source.database(db)

    def _keeps(self, db: str) -> bool:
        return db.rpartition("/")[2] not in self.left_out
