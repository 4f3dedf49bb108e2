"""What stands in a database's columns: values that a condition can be about."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from microgt.errors import EngineError
from microgt.schema.catalog import quoted
from microgt.schema.types import Column

Run = Callable[[str], Sequence]
_MOST = 300  # values read of a column
_LONGEST = 30


@dataclass
class Cells:
    """The values of columns, each column read once. run: executes SQL and returns rows."""

    run: Run
    _known: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)

    def of(self, column: Column) -> list[Any]:
        """The most frequent values, frequent ones first; none for a column that cannot be read."""
        return [value for value, _ in self._counted(column)]

    def repeats(self, column: Column) -> bool:
        """Whether it has several values of which one occurs more than once."""
        counted = self._counted(column)
        return len(counted) > 1 and counted[0][1] > 1

    def _counted(self, column: Column) -> list[tuple[Any, int]]:
        if column.id not in self._known:
            name = quoted(column.name)
            sql = f"SELECT {name} AS v, COUNT(*) AS n FROM {quoted(column.table)} WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST}"
            try:
                self._known[column.id] = [(value, count) for value, count in self.run(sql)]
            except EngineError:
                self._known[column.id] = []
        return self._known[column.id]

    def text(self, column: Column, rng: random.Random) -> str | None:
        """A text that somebody would type, frequent ones more often."""
        values = [v for v in self.of(column) if isinstance(v, str) and 0 < len(v.strip()) <= _LONGEST and v == v.strip() and "\n" not in v]
        return values[min(int(rng.expovariate(1 / 8)), len(values) - 1)] if values else None

    def numbers(self, column: Column) -> list[int | float]:
        """Its numbers in ascending order."""
        return sorted(v for v in self.of(column) if isinstance(v, int | float) and not isinstance(v, bool))

    def bound(self, column: Column, rng: random.Random, low: float = 0.15, high: float = 0.85) -> int | float | None:
        """A number with some of the column below and some above it, rounded as people round."""
        numbers = self.numbers(column)
        if len(numbers) < 3:
            return None
        number = numbers[int(rng.uniform(low, high) * len(numbers))]
        rounded = _rounded(number, rng)
        return rounded if numbers[0] < rounded < numbers[-1] else number


def _rounded(number: int | float, rng: random.Random) -> int | float:
    if isinstance(number, float) and abs(number) < 100:
        return round(number, rng.choice((0, 1, 1, 2))) if number != int(number) else int(number)
    whole = int(number)
    if 1800 <= whole <= 2100 or abs(whole) < 20 or rng.random() < 0.3:
        return whole
    step = 10 ** (len(str(abs(whole))) - rng.choice((1, 2)))
    return round(whole / step) * step
