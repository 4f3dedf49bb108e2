"""What is found out about a database. Every number is one that the engine has returned, or a share of two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from microgt.schema.roles import Role

_NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Column:
    """type: as the engine declares it. kind: number, text, time, boolean or other. distinct: different values, about so in large tables;
    None where it cannot be told. low, high: the least and the greatest as text. outliers: values far outside the middle half (Tukey 1977:
    more than three times its width). numeric, dated: texts that are numbers, that are dates. decorated: of the numbers these with signs of
    currencies, separators of thousands or a decimal comma. role: what its numbers are for. notes: what to beware of."""

    name: str
    kind: str
    type: str
    nulls: int
    distinct: int | None
    low: str | None
    high: str | None
    mean: float | None = None
    median: float | None = None
    outliers: int | None = None
    empty: int = 0
    numeric: int = 0
    decorated: int = 0
    dated: int = 0
    role: Role = Role.QUANTITY
    notes: tuple[str, ...] = ()

    def texts_are(self, count: int, rows: int) -> bool:
        """Whether so many of its texts are nearly all that are not blank, in a table of so many rows."""
        words = rows - self.nulls - self.empty
        return count >= _NEARLY_ALL * words > 0


@dataclass(frozen=True)
class Dates:
    """A column of dates. grain: the finest unit of which at least half of the periods have rows; None when there is none. covered: periods
    with rows, of `periods` between the first and the last. gaps: the longest times without a row, each from and to as text and days."""

    column: str
    first: str
    last: str
    grain: str | None
    periods: int
    covered: int
    gaps: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class Table:
    """keys: columns, or pairs, that tell each row from the others. duplicates: rows that stand there again; None where it was not counted.
    repeated: of a declared or looked-for key the values that stand there more than once. loaded: what is to be known of how its file was
    read. bears, lacks: analyses, with the reason."""

    name: str
    rows: int
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ()
    duplicates: int | None = None
    repeated: Mapping[str, int] = field(default_factory=dict)
    dates: tuple[Dates, ...] = ()
    loaded: tuple[str, ...] = ()
    bears: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Join:
    """column refers to target. how: "declared", "inferred" (by the values) or "candidate" (by name; not used by specs). orphans: rows whose
    value has no row there."""

    column: str
    target: str
    how: str
    rows: int
    orphans: int


@dataclass(frozen=True)
class Profile:
    """data_version: changes when the database does. skipped: what could not be found out, and why."""

    name: str
    data_version: str
    tables: tuple[Table, ...]
    joins: tuple[Join, ...] = ()
    skipped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Only what JSON has."""
        return asdict(self)
