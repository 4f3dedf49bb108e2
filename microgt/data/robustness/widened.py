"""Databases with tables and columns that nobody asks about: free text, codes, flags, logs."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from microgt.data.example import Source
from microgt.data.robustness.distractors import COLUMNS, TABLES, Extra, distractor, extra
from microgt.data.robustness.rebuilt import Rebuilt
from microgt.graph.words import stem
from microgt.schema.catalog import quoted
from microgt.schema.dictionaries import with_values
from microgt.schema.types import Schema, Table


@dataclass(frozen=True)
class Additions:
    """tables: distractors with the statements that make them. columns: of each table of the schema, in its order."""

    tables: tuple[tuple[Table, str], ...]
    columns: tuple[tuple[Extra, ...], ...]


class Widened(Rebuilt):
    """The questions of `source` over databases with so many more tables, and more columns in each of their own.

    What shares a word with the schema is not added, so that each question keeps its one meaning.
    """

    def __init__(self, source: Source, tables: int = 8, columns: int = 4, seed: int = 0):
        super().__init__(source, "widened", seed)
        self.tables, self.columns = tables, columns
        self._added: dict[str, Additions] = {}

    def additions(self, db: str) -> Additions:
        """What a database gets."""
        if db not in self._added:
            schema, rng = self.source.schema(db), random.Random(f"{self.seed}:{db}")
            known = {stem(w) for t in schema.tables for item in (t, *t.columns) for w in item.words}
            apart = [n for n, columns in TABLES.items() if not known & _stems(n)]
            names = rng.sample(apart, min(self.tables, len(apart)))
            free = [n for n in COLUMNS if not known & _stems(n)]
            columns = tuple(
                tuple(extra(t.name, n, COLUMNS[n]) for n in rng.sample(free, min(self.columns, len(free)))) for t in schema.tables
            )
            self._added[db] = Additions(tuple(map(distractor, names)), columns)
        return self._added[db]

    def changed_schema(self, db: str) -> Schema:
        """With what was added, the distractors among the tables."""
        schema, added = self.source.schema(db), self.additions(db)
        tables = [
            replace(t, columns=(*t.columns, *(e.column for e in extras))) for t, extras in zip(schema.tables, added.columns, strict=True)
        ]
        rng = random.Random(f"{self.seed}:{db}:order")
        for table, _ in added.tables:
            tables.insert(rng.randint(0, len(tables)), table)
        return with_values(replace(schema, tables=tuple(tables)), self.database(db), hide=tuple(sorted(schema.hidden)))

    def statements(self, db: str, stored: set[str]) -> list[str]:
        """A wider copy of each table, then the distractors. `_i` is the row number."""
        schema, added = self.source.schema(db), self.additions(db)
        present = {id.rpartition(".")[0] for id in stored}
        found = []
        for table, extras in zip(schema.tables, added.columns, strict=True):
            if table.name.lower() in present:
                listed = "".join(f", {e.sql} AS {quoted(e.column.name)}" for e in extras)
                numbered = f"(SELECT *, row_number() OVER () AS _i FROM old.{quoted(table.name)})"
                found.append(f"CREATE TABLE {quoted(table.name)} AS SELECT * EXCLUDE (_i){listed} FROM {numbered}")
        return [*found, *(statement for _, statement in added.tables)]


def _stems(name: str) -> set[str]:
    return {stem(w) for w in name.split("_")}
