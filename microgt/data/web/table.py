"""A table on which the questions about it have answers: WikiSQL's own tables are not among the benchmarks.

For each question it has a row that meets all conditions, and for each condition one that fails it alone, so that a reading without it has
another answer. All other cells are values that questions name, or made up where none do.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from microgt.data.web.asked import Asked, Condition

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_STARTS = ("ba", "do", "fe", "gi", "ku", "lo", "mi", "na", "pe", "ru", "sa", "to", "ve")
_ENDS = ("dan", "lin", "mor", "rik", "sel", "tam", "vos")


@dataclass(frozen=True)
class WebTable:
    """columns: their names. numbers: those that hold numbers. rows: of texts, in the order of the columns."""

    columns: tuple[str, ...]
    numbers: frozenset[str]
    rows: tuple[tuple[str, ...], ...]

    def csv(self) -> str:
        """As a file."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows((self.columns, *self.rows))
        return text.getvalue()


def table_of(asked: Sequence[Asked], seed: str) -> WebTable:
    """The table that questions are about. seed: of what is made up."""
    rng = random.Random(seed)
    columns = sorted({name for a in asked for name in a.columns})
    rng.shuffle(columns)
    known = {name: sorted({c.value for a in asked for c in a.conditions if c.column == name}) for name in columns}
    numbers = frozenset(name for name in columns if _is_number(name, known[name], asked))
    cells = Cells(known, numbers, rng)
    rows = [row for a in asked for row in cells.rows(a, columns)]
    rng.shuffle(rows)
    return WebTable(tuple(columns), numbers, tuple(rows))


def _is_number(name: str, values: list[str], asked: Sequence[Asked]) -> bool:
    if values:
        return all(_NUMBER.fullmatch(v) for v in values)
    return any(a.column == name and a.by not in (None, "COUNT") for a in asked)


@dataclass(frozen=True)
class Cells:
    """known: the values of each column that questions name."""

    known: dict[str, list[str]]
    numbers: frozenset[str]
    rng: random.Random

    def rows(self, asked: Asked, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """One that meets all conditions, and for each condition one that fails it alone."""
        found = []
        for failed in (None, *asked.conditions):
            row = {c.column: self._failing(c) if c is failed else self._meeting(c) for c in asked.conditions}
            found.append(tuple(row[name] if name in row else self.any(name) for name in columns))
        return found

    def any(self, name: str) -> str:
        """A value of a column."""
        if self.known[name] and self.rng.random() < 0.6:
            return self.rng.choice(self.known[name])
        return str(self.rng.randint(1, 200)) if name in self.numbers else self._name()

    def _meeting(self, condition: Condition) -> str:
        if condition.sign == "=":
            return condition.value
        return self._beyond(condition, 1 if condition.sign == ">" else -1)

    def _failing(self, condition: Condition) -> str:
        if condition.sign != "=":
            return self._beyond(condition, -1 if condition.sign == ">" else 1)
        others = [v for v in self.known[condition.column] if v != condition.value]
        made_up = self._beyond(condition, 1) if condition.column in self.numbers else self._name()
        return self.rng.choice(others) if others else made_up

    def _beyond(self, condition: Condition, way: int) -> str:
        """A value above or below that of a condition; of a text nothing is."""
        if condition.column not in self.numbers:
            return condition.value
        return f"{float(condition.value) + way * self.rng.randint(1, 9):g}"

    def _name(self) -> str:
        return f"{self.rng.choice(_STARTS)}{self.rng.choice(_ENDS)} {self.rng.choice(_STARTS)}{self.rng.choice(_ENDS)}".title()
