"""Databases with other names of tables and columns."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from microgt.data.example import Source
from microgt.data.robustness.pointers import repointed
from microgt.data.robustness.rebuilt import Rebuilt
from microgt.schema.catalog import quoted
from microgt.schema.types import Column, ForeignKey, Schema, Table
from microgt.schema.words import words_of, words_of_table
from microgt.spec.types import Spec


class Style(Protocol):
    """A way of naming. Called once for a database: what it has chosen there holds for all its names."""

    def __call__(self, rng: random.Random) -> Naming: ...


class Naming(Protocol):
    """New names in one database."""

    def table(self, table: Table) -> str: ...
    def column(self, column: Column, table: Table) -> str: ...


@dataclass(frozen=True)
class Names:
    """tables: name -> new name. columns: id -> new id."""

    tables: dict[str, str]
    columns: dict[str, str]

    @classmethod
    def by(cls, naming: Naming, schema: Schema) -> Names:
        """New names for all of a schema; a name given twice gets a number."""
        tables = _apart((t.name, naming.table(t)) for t in schema.tables)
        columns: dict[str, str] = {}
        for t in schema.tables:
            found = _apart((c.id, naming.column(c, t)) for c in t.columns)
            columns |= {id: f"{tables[t.name]}.{name}" for id, name in found.items()}
        return cls(tables, columns)

    def schema(self, schema: Schema) -> Schema:
        """The schema with its new names, whose words are read from them as from a user's own database."""
        new = self.columns
        return Schema(
            schema.name,
            tuple(self._table(t) for t in schema.tables),
            tuple(ForeignKey(new[k.column], new[k.target], k.inferred) for k in schema.keys),
            {new[id]: found for id, found in schema.values.items()},
            {new[id]: found for id, found in schema.ranges.items()},
            frozenset(new[id] for id in schema.hidden),
            frozenset(new[id] for id in schema.days),
        )

    def _table(self, table: Table) -> Table:
        name = self.tables[table.name]
        columns = []
        for c in table.columns:
            own = self.columns[c.id][len(name) + 1 :]
            columns.append(replace(c, table=name, name=own, words=words_of(own)))
        return Table(name, words_of_table(name), tuple(columns))

    def spec(self, spec: Spec) -> Spec:
        """The spec over the new names."""
        return repointed(spec, self.tables.__getitem__, self.columns.__getitem__)


def _apart(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for old, new in pairs:
        name, number = new, 2
        while name.lower() in taken:
            name, number = f"{new}{number}", number + 1
        taken.add(name.lower())
        found[old] = name
    return found


class Renamed(Rebuilt):
    """The questions of `source` over databases with names in another style. Keys stay declared."""

    def __init__(self, source: Source, style: Callable[[random.Random], Naming], seed: int = 0):
        super().__init__(source, "renamed", seed)
        self.style = style
        self._names: dict[str, Names] = {}

    def names(self, db: str) -> Names:
        """The new names of a database."""
        if db not in self._names:
            self._names[db] = Names.by(self.style(random.Random(f"{self.seed}:{db}")), self.source.schema(db))
        return self._names[db]

    def changed_schema(self, db: str) -> Schema:
        """With the new names."""
        return self.names(db).schema(self.source.schema(db))

    def changed_spec(self, spec: Spec, db: str) -> Spec:
        """Over the new names."""
        return self.names(db).spec(spec)

    def statements(self, db: str, stored: set[str]) -> list[str]:
        """A copy of each table; what the file does not have is left out."""
        found = []
        for old, new in zip(self.source.schema(db).tables, self.schema(db).tables, strict=True):
            columns = [(a, b) for a, b in zip(old.columns, new.columns, strict=True) if a.id.lower() in stored]
            if columns:
                listed = ", ".join(f"{quoted(a.name)} AS {quoted(b.name)}" for a, b in columns)
                found.append(f"CREATE TABLE {quoted(new.name)} AS SELECT {listed} FROM old.{quoted(old.name)}")
        return found
