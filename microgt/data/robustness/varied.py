"""A source with more splits: those of sources derived from it, to be trained on in shares beside its own."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from microgt.data.example import Example, Source
from microgt.data.makers import code_hash, read_examples, settings_of, write_examples
from microgt.errors import DataError
from microgt.paths import cache_dir
from microgt.schema.load import stamp_of
from microgt.schema.types import Schema
from microgt.spec import write_spec

_MARK = "/"


class Varied:
    """The splits of `source`, and for each of `derived`, such as `reworded`, the same ones as `reworded/train`.

    Ids and databases of derived splits have the same beginning, since their schemas differ; their questions are made once and kept in
    the cache. Choices are still made on the source's own validation questions; nothing of `derived` may use the half of the lexicon that is
    kept to judge by.
    """

    def __init__(self, source: Source, derived: Mapping[str, Callable[[Source], Source]], name: str | None = None):
        self.source, self.name = source, name or source.name
        self._makers = dict(derived)
        self._derived = {name: make(source) for name, make in derived.items()}

    @property
    def splits(self) -> tuple[str, ...]:
        """The source's own, then those of each derived source."""
        own = tuple(self.source.splits)
        return (*own, *(f"{name}{_MARK}{split}" for name in self._derived for split in own))

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        source, mark, own = self._of(split, self.splits)
        return [dataclasses.replace(e, id=mark + e.id, db=mark + e.db) for e in self._kept(mark, own)] if mark else source.examples(own)

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of what is left out."""
        source, mark, own = self._of(split, self.splits)
        return [(mark + id, reason) for id, reason in source.excluded(own)]

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        source, mark, own = self._of(split, self.splits)
        return [mark + db for db in source.databases(own)]

    def schema(self, db: str) -> Schema:
        """The schema of a database."""
        source, _, own = self._of(db)
        return source.schema(own)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        source, _, own = self._of(db)
        return source.database(own)

    def _kept(self, mark: str, split: str) -> list[Example]:
        """What a derived source makes of a split, from the cache when it was made before."""
        name = mark.removesuffix(_MARK)
        file = cache_dir() / "varied" / f"{self.name}-{name}-{split}-{self._key(name, split)}.jsonl"
        if not file.is_file():
            write_examples(file, self._derived[name].examples(split))
        return read_examples(file, split)

    def _key(self, name: str, split: str) -> str:
        """A hash of the questions, the databases, how they are changed and the code that does."""
        import microgt.data.robustness as robustness
        import microgt.spec as spec

        asked = "\n".join(f"{e.id}\0{e.question}\0{e.sql or json.dumps(write_spec(e.spec))}" for e in self.source.examples(split))
        databases = stamp_of(self.source.database(db) for db in self.source.databases(split))
        return code_hash(f"{asked}\0{databases}\0{json.dumps(settings_of(self._makers[name]))}", robustness, spec)

    def _of(self, name: str, choices: tuple[str, ...] = ()) -> tuple[Source, str, str]:
        """The source that a split or a database is of, the beginning of its names, and its name there."""
        if choices and name not in choices:
            raise DataError(f"{self.name} has no split {name!r}; choices: {', '.join(choices)}")
        start, mark, own = name.partition(_MARK)
        return (self._derived[start], start + mark, own) if mark and start in self._derived else (self.source, "", name)
