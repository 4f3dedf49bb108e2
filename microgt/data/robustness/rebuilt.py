"""What sources with changed databases share: gold as specs, schemas and files made once."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from pathlib import Path

from microgt.data.example import Example, Source
from microgt.data.gold import gold_spec
from microgt.data.robustness.copied import copied
from microgt.data.robustness.source import Derived
from microgt.errors import SpecError
from microgt.schema.catalog import connect
from microgt.schema.types import Schema
from microgt.spec.types import Spec


class Rebuilt(Derived, ABC):
    """A source whose databases are copies with changes. Gold is a spec; questions whose gold has none are left out.

    seed: of all choices; those for a database depend on it and on the database's name alone.
    """

    def __init__(self, source: Source, name: str, seed: int = 0):
        super().__init__(source, name)
        self.seed = seed
        self._schemas: dict[str, Schema] = {}
        self._files: dict[str, Path] = {}

    @abstractmethod
    def statements(self, db: str, stored: set[str]) -> list[str]:
        """What makes the copy. stored: ids of the columns of the file `old`, in lower case."""

    @abstractmethod
    def changed_schema(self, db: str) -> Schema:
        """The schema of the copy."""

    def changed_spec(self, spec: Spec, db: str) -> Spec:
        """The gold over the copy."""
        return spec

    def examples(self, split: str) -> list[Example]:
        """The questions of a split whose gold has a spec. Raises `DataError` with the splits there are."""
        return [found for e in self.source.examples(split) if (found := self._changed(e))]

    def _changed(self, example: Example) -> Example | None:
        try:
            spec = gold_spec(example, self.source.schema(example.db))
        except SpecError:
            return None
        return dataclasses.replace(example, spec=self.changed_spec(spec, example.db), sql=None)

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """What the source leaves out, and what has no spec."""
        without = [(e.id, "gold has no spec") for e in self.source.examples(split) if self._changed(e) is None]
        return [*self.source.excluded(split), *without]

    def schema(self, db: str) -> Schema:
        """The schema of the copy of a database."""
        if db not in self._schemas:
            self._schemas[db] = self.changed_schema(db)
        return self._schemas[db]

    def database(self, db: str) -> Path:
        """The copy of a database."""
        if db not in self._files:
            original = self.source.database(db)
            with connect(original) as connection:
                rows = connection.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
            self._files[db] = copied(original, self.statements(db, {f"{table}.{column}".lower() for table, column in rows}))
        return self._files[db]
