"""Draws tables and columns by the part that they are to play: near ones more often, typed, those that people ask about more often."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from microgt.data.generator.profile import Profile, plural, singular
from microgt.data.generator.sql.cells import Cells, Run
from microgt.data.generator.sql.keys import KeyGraph, Source
from microgt.schema.types import Column, ColumnType

# How much more seldom a column is taken for each key between its table and the table asked about.
NEAR = (1.0, 0.5, 0.2)
_KEEPS_ITS_WORD = 0.93
Synonyms = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Plan:
    """SQL and its question. text: a noun phrase to be asked for, or where `whole` the question itself, without closing mark."""

    sql: str
    text: str
    kind: str
    whole: bool = False


class Sampler:
    """Draws from one schema. run: executes SQL and returns rows. synonyms: of a word, perhaps none."""

    def __init__(self, schema, run: Run, rng: random.Random, synonyms: Synonyms):
        self.schema, self.rng, self.synonyms = schema, rng, synonyms
        self.profile, self.graph, self.cells = Profile(schema), KeyGraph(schema), Cells(run)
        self._entities = {t.name: self._weight(t.name) for t in schema.tables}

    def _weight(self, table: str) -> float:
        """Tables of things with names more often than tables that only connect others."""
        shown = self.profile.shown(table)
        if not shown or not self.schema.table(table).words:
            return 0.02
        return (2.0 if self.profile.label(table) else 0.6) + min(len(shown), 6) / 6

    def entity(self) -> str:
        """A table to ask about."""
        return self.rng.choices(list(self._entities), list(self._entities.values()))[0]

    def near(self, table: str, *, furthest: int = 2, up: bool = False) -> list[tuple[str, float]]:
        """(table, weight) of it and what keys connect with it; up: only what its rows belong to."""
        found = [(t, d) for t, (d, _) in self.graph.distances(table, up).items() if d <= furthest]
        return [(t, NEAR[d] / max(1, sum(e == d for _, e in found)) ** 0.5) for t, d in found]

    def column(self, table: str, fits: Callable[[Column], bool], *, furthest: int = 2, up: bool = False) -> Column | None:
        """A column of the table or of one near it."""
        options = [(c, weight) for t, weight in self.near(table, furthest=furthest, up=up) for c in self.schema.table(t).columns if fits(c)]
        if not options:
            return None
        weights = [w * self.profile.interest(c) for c, w in options]
        return self.rng.choices([c for c, _ in options], weights)[0]

    def numeric(self, table: str, *, furthest: int = 0) -> Column | None:
        """A column of amounts."""
        amounts = {c.id for t, _ in self.near(table, furthest=furthest) for c in self.profile.numeric(t)}
        return self.column(table, lambda c: c.id in amounts, furthest=furthest)

    def ordered(self, table: str, *, furthest: int = 0) -> Column | None:
        """A column of amounts or dates."""
        amounts = {c.id for t, _ in self.near(table, furthest=furthest) for c in self.profile.numeric(t)}
        return self.column(table, lambda c: c.id in amounts or c.type is ColumnType.TIME, furthest=furthest, up=True)

    def key(self, table: str, *, furthest: int = 0) -> Column | None:
        """A column to group by: a text or a flag with repeated values, now and then a year."""
        return self.column(table, self._groups, furthest=furthest, up=True)

    def _groups(self, column: Column) -> bool:
        if column.primary or column.words[0] in ("other", "details") or not self.cells.repeats(column):
            return False
        if column.type is ColumnType.NUMBER:
            return "year" in column.words or (column.id in self.profile.key_columns and self.rng.random() < 0.3)
        return column.type is not ColumnType.OTHER and column.type is not ColumnType.TIME

    def shown(self, table: str, count: int | None = None, avoid: Sequence[Column] = ()) -> list[Column]:
        """Columns of a table to show, its name more often than others."""
        options = [c for c in self.profile.shown(table) if c not in avoid] or [
            c for c in self.schema.table(table).columns if c not in avoid
        ]
        label, rng = self.profile.label(table), self.rng
        if rng.random() < 0.06:
            options += [c for c in self.schema.table(table).columns if c.primary and c not in options]
        count = count or rng.choices((1, 2, 3), (11, 5, 2.5))[0]
        chosen = rng.sample(options, min(count, len(options)))
        if label in options and label not in chosen and rng.random() < (0.6 if count == 1 else 0.75):
            chosen = [label, *chosen[1:]]
        return chosen

    def source(self, *columns: Column, first: str | None = None) -> Source | None:
        """FROM for some columns."""
        tables = list(dict.fromkeys((*((first,) if first else ()), *(c.table for c in columns))))
        return self.graph.source(tables)

    def parents(self, table: str) -> list[tuple[str, str, str]]:
        """(child, its key column, the column of `table` that it refers to) of the tables that refer to a table."""
        graph = self.graph.keys.values()
        return [(k.column.rpartition(".")[0], k.column, k.target) for k in graph if k.target.rpartition(".")[0] == table]

    # ------------------------------------------------------------------ words

    def word(self, phrase: str) -> str:
        """The phrase, now and then with one of its words said otherwise."""
        words = phrase.split()
        for i, one in enumerate(words):
            if self.rng.random() > _KEEPS_ITS_WORD and (others := self.synonyms(singular(one))):
                other = self.rng.choice(others)
                words[i] = plural(other) if one != singular(one) else other
                break
        return " ".join(words)

    def many(self, table: str) -> str:
        """The rows of a table: students."""
        return plural(self.word(" ".join(self.schema.table(table).words)))

    def one(self, table: str) -> str:
        """A row of it: student."""
        return self.word(singular(" ".join(self.schema.table(table).words)))

    def name(self, column: Column, of: str | None = None) -> str:
        """A column, as one who speaks of the rows of `of` calls it."""
        words, table = " ".join(column.words), singular(" ".join(self.schema.table(column.table).words))
        if of is None or of == column.table:
            own = table.split()
            short = [w for w in column.words if w not in own]
            if short and len(short) < len(column.words) and self.rng.random() < 0.4:
                words = " ".join(short)
            return self.word(words)
        if set(table.split()) & set(column.words):
            return self.word(words)
        told = self.rng.choice((f"{table} {words}", f"{table} {words}", f"{words} of the {table}", words))
        return self.word(told)

    def listed(self, names: Sequence[str]) -> str:
        """a, b and c."""
        if len(names) < 2:
            return names[0]
        return ", ".join(names[:-1]) + self.rng.choice((" and ", " and ", ", and " if len(names) > 2 else " and ")) + names[-1]
