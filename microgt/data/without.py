"""A source without some of its questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from microgt.data.example import Example, Source
from microgt.data.plain import plain
from microgt.schema.types import Schema


class HasTested(Protocol):
    """What has questions that nothing may be trained on."""

    @property
    def tested(self) -> set[str]:
        """These by their plain words."""
        ...


class Fewer(ABC):
    """`source` without the questions that there is a reason to leave out."""

    def __init__(self, source: Source):
        self.source, self.name = source, source.name

    @abstractmethod
    def reason(self, example: Example) -> str | None:
        """Why a question is left out; None of those that stay."""

    @property
    def splits(self) -> tuple[str, ...]:
        """Those of the source."""
        return tuple(self.source.splits)

    def examples(self, split: str) -> list[Example]:
        """The other questions of a split."""
        return [e for e in self.source.examples(split) if self.reason(e) is None]

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of what the source leaves out, and of what is left out here."""
        own = [(e.id, reason) for e in self.source.examples(split) if (reason := self.reason(e)) is not None]
        return [*self.source.excluded(split), *own]

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return self.source.databases(split)

    def schema(self, db: str) -> Schema:
        """The source's schema of a database."""
        return self.source.schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self.source.database(db)


class Without(Fewer):
    """`source` without the questions about `databases`, nor about what is derived from them (`cryptic/geo` of `geo`)."""

    def __init__(self, source: Source, databases: Collection[str]):
        super().__init__(source)
        self.left_out = frozenset(databases)

    def reason(self, example: Example) -> str | None:
        """By its database."""
        return None if self._keeps(example.db) else f"about {example.db}"

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return [db for db in self.source.databases(split) if self._keeps(db)]

    def _keeps(self, db: str) -> bool:
        return db.rpartition("/")[2] not in self.left_out


class Unlike(Fewer):
    """`source` without the questions that have the words of one that `judged` is judged by, though about another database."""

    def __init__(self, source: Source, judged: HasTested):
        super().__init__(source)
        self.judged = judged

    def reason(self, example: Example) -> str | None:
        """By its words."""
        return "in the words of a question that judges" if plain(example.question) in self.judged.tested else None
