"""The rows of one variant."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from microgt.evaluation.variants.profile import ColumnProfile, Place, Profile, Reference, Row, TableProfile
from microgt.evaluation.variants.style import Style
from microgt.evaluation.variants.values import beyond, fitting, near, usual
from microgt.schema.types import ColumnType

_TRIES = 8  # for a key that is not taken


class Rows:
    """Tables under construction. Keys hold at every moment: primary keys are unique and filled, references lead to rows but for orphans.

    literals: what gold compares columns with. steady: columns that get no NULL.
    """

    def __init__(
        self, profile: Profile, literals: Mapping[Place, Sequence[Any]], steady: frozenset[Place], style: Style, rng: random.Random
    ):
        self.profile, self.style, self.rng = profile, style, rng
        self.tables: dict[str, list[Row]] = {name: [] for name in profile.tables}
        self._steady = steady
        self._keys: dict[tuple[str, tuple[str, ...]], dict[tuple, Row]] = defaultdict(dict)
        self._near: dict[Place, list[Any]] = {}
        self._pools: dict[Place, list[Any]] = {}
        for name, table in profile.tables.items():
            for key, column in table.columns.items():
                found = _about(literals.get((name, key), ()), column)
                self._near[name, key] = found
                self._pools[name, key] = self._few(list(dict.fromkeys([*usual(column), *beyond(column)])))
        self._references: dict[str, list[Reference]] = {name: [r for r in profile.references if r.table == name] for name in profile.tables}
        self._unique = {name: _unique_keys(table) for name, table in profile.tables.items()}

    def _few(self, values: list[Any]) -> list[Any]:
        return self.rng.sample(values, min(len(values), self.style.values))

    def fill(self) -> None:
        """Add the rows that the style asks for to every table."""
        for name in self.profile.order:
            for _ in range(max(3, round(self.style.rows * self.rng.uniform(0.7, 1.3)))):
                rows = self.tables[name]
                if rows and self.rng.random() < self.style.twins:
                    self.add(name, self.twin(name, self.rng.choice(rows)))
                else:
                    self.add(name, {})
        for reference in self.profile.references if self.style.orphans else ():
            if self._optional(reference):
                self._lose(reference, self.rng.choice(self.tables[reference.table]))
        for name, table in self.profile.tables.items() if self.style.nulls else ():
            for key, column in table.columns.items():
                if self._nullable(name, key, column) and self.free(name, key):
                    self.rng.choice(self.tables[name])[key] = None

    def twin(self, table: str, row: Row) -> Row:
        """All of a row but its own keys."""
        own = self._own(table)
        return {c: v for c, v in row.items() if c not in own}

    def _own(self, table: str) -> set[str]:
        """The columns of its keys."""
        return {c for key in self._unique[table] for c in key}

    def _nullable(self, table: str, key: str, column: ColumnProfile) -> bool:
        return not column.required and (table, key) not in self._steady

    def add(self, table: str, cells: Row) -> Row:
        """A new row with these cells, the others drawn; the row that is already there when its key is given and taken."""
        for _ in range(_TRIES):
            row = self._drawn(table, cells)
            keys = [(table, key, tuple(row[c] for c in key)) for key in self._unique[table]]
            taken = [self._keys[t, key][values] for t, key, values in keys if values in self._keys[t, key]]
            if not taken:
                for t, key, values in keys:
                    self._keys[t, key][values] = row
                self.tables[table].append(row)
                return row
        return taken[0]

    def put(self, table: str, cells: Row) -> Row:
        """A row with these cells: a new one, or the one whose key is given, changed."""
        row = self.add(table, cells)
        own = self._own(table)
        row.update({column: value for column, value in cells.items() if column not in own})
        return row

    def _drawn(self, table: str, cells: Row) -> Row:
        profile = self.profile.tables[table]
        base = self.rng.choice(profile.rows) if profile.rows else {}
        row = dict(cells)
        for reference in self._references[table]:
            self._refer(reference, row)
        own = self._own(table)
        for key, column in profile.columns.items():
            if key not in row:
                row[key] = self._key(table, key) if key in own else self._cell(table, key, column, base.get(key))
        return {key: row[key] for key in profile.columns}

    def _refer(self, reference: Reference, row: Row) -> None:
        """Fill the columns of a reference from a row it may lead to. Given cells stay, and the orphans."""
        free = [(a, b) for a, b in reference.pairs if a not in row]
        targets = self.tables[reference.target]
        if not free or not targets:
            return
        if self._optional(reference) and self.rng.random() < self.style.orphans:
            self._lose(reference, row)
            return
        fixed = [(a, b) for a, b in reference.pairs if a in row]
        fitting_rows = [t for t in targets if all(t[b] == row[a] for a, b in fixed)] if fixed else targets
        if fitting_rows:
            target = fitting_rows[int(len(fitting_rows) * self.rng.random() ** (1 + self.style.skew))]
            row.update({a: target[b] for a, b in free})

    def _optional(self, reference: Reference) -> bool:
        """Whether a row may refer to nothing: a part of its own key may not."""
        return all(self.free(reference.table, a) for a, _ in reference.pairs)

    def _lose(self, reference: Reference, row: Row) -> None:
        """Let a row refer to what is not there, or to nothing."""
        wrong = self.rng.random() < 0.5
        for a, b in reference.pairs:
            nullable = self._nullable(reference.table, a, self.profile.tables[reference.table].columns[a])
            row[a] = None if nullable and not wrong else self.absent(reference.target, b)

    def free(self, table: str, column: str) -> bool:
        """Whether the column is no part of a key of its own."""
        return column not in self._own(table)

    def _key(self, table: str, key: str) -> Any:
        """A value for a key: of the original, of a literal, or a new one."""
        column = self.profile.tables[table].columns[key]
        known = [*self._near[table, key], *usual(column)]
        if known and self.rng.random() < 0.7:
            return self.rng.choice(known)
        return _new(column, len(self.tables[table]), self.rng)

    def absent(self, table: str, key: str) -> Any:
        """A value that no row has as its key."""
        there = {row[key] for row in self.tables[table]}
        column = self.profile.tables[table].columns[key]
        known = [value for value in (*self._near[table, key], *usual(column)) if value not in there]
        return self.rng.choice(known) if known else _new(column, len(there), self.rng)

    def _cell(self, table: str, key: str, column: ColumnProfile, kept: Any) -> Any:
        style, rng = self.style, self.rng
        nullable = self._nullable(table, key, column)
        if nullable and rng.random() < style.nulls:
            return None
        around, pool = self._near[table, key], self._pools[table, key]
        if column.kind is ColumnType.OTHER or not pool or (rng.random() < style.kept and (kept is not None or nullable)):
            return kept
        value = rng.choice(around) if around and rng.random() < style.literals else rng.choice(pool)
        if style.swapped and column.kind is ColumnType.NUMBER and rng.random() < style.swapped:
            return -value
        return value


def _about(literals: Iterable[Any], column: ColumnProfile) -> list[Any]:
    """The literals that a column can hold, with the values beside them."""
    fitted = [v for v in (fitting(literal, column) for literal in literals) if v is not None]
    return list(dict.fromkeys(v for value in fitted for v in (value, *near(value, column))))


def _unique_keys(table: TableProfile) -> list[tuple[str, ...]]:
    """The column groups without repetition: the primary key, and what others refer to if it was unique."""
    single = [(name,) for name, column in table.columns.items() if column.unique and (name,) != table.primary]
    return [table.primary, *single] if table.primary else single


def _new(column: ColumnProfile, number: int, rng: random.Random) -> Any:
    """A value that the original hardly has."""
    number += rng.randrange(1, 1000)
    match column.kind:
        case ColumnType.NUMBER:
            return number
        case ColumnType.TEXT:
            digits = column.values and all(str(v).isdigit() for v in column.values)
            return str(number) if digits else f"k{number}"
        case _:
            return rng.choice(usual(column)) if usual(column) else None
