"""Several sources as one, for training on all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from microgt.data.example import Example, Source
from microgt.data.without import Without
from microgt.errors import DataError, did_you_mean
from microgt.schema.types import Schema


class MixSource:
    """The splits of other sources, each as SOURCE_SPLIT: spider_train. A database of the same name is taken to be the same in all of them.

    sources: by the names that their splits are known by. without: databases that no question may be about (`Without`), to judge by them.
    """

    def __init__(self, sources: Mapping[str, Source], name: str = "mix", without: Collection[str] = ()):
        self.name = name
        self.sources = {given: Without(source, without) for given, source in sources.items()} if without else dict(sources)
        self._parts = {f"{given}_{split}": (source, split) for given, source in self.sources.items() for split in source.splits}

    @property
    def splits(self) -> tuple[str, ...]:
        """SOURCE_SPLIT of all sources."""
        return tuple(self._parts)

    def part(self, split: str) -> tuple[Source, str]:
        """The source of a split, and its name there. Raises `DataError`."""
        if split not in self._parts:
            raise DataError(f"{self.name} has no split {split!r}{did_you_mean(split, self._parts)}")
        return self._parts[split]

    def examples(self, split: str) -> list[Example]:
        """The questions of a split."""
        source, own = self.part(split)
        return source.examples(own)

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of the questions of a split that `examples` leaves out."""
        source, own = self.part(split)
        return source.excluded(own)

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        source, own = self.part(split)
        return source.databases(own)

    def schema(self, db: str) -> Schema:
        """The schema of a database, from the first source that has it."""
        return self._owner(db).schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self._owner(db).database(db)

    def _owner(self, db: str) -> Source:
        for source in self.sources.values():
            try:
                source.schema(db)
            except DataError:
                continue
            return source
        raise DataError(f"none of {', '.join(self.sources)} has a database {db!r}")
