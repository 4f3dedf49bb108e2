"""What whoever uses a product may rely on, and the checks that hold it. They are run on the rows before these replace the ones before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rows(_Part):
    """There are at least, and at most, so many rows."""

    check: Literal["rows"] = "rows"
    min: int = 1
    max: int | None = None

    def fails(self, table: ResultTable, today: date) -> str | None:
        """Why it does not hold."""
        count = len(table.rows)
        if count < self.min:
            return f"{count} rows, and at least {self.min} are wanted"
        return f"{count} rows, and at most {self.max} are wanted" if self.max is not None and count > self.max else None


class NotNull(_Part):
    """No value of the column is missing."""

    check: Literal["not_null"] = "not_null"
    column: str

    def fails(self, table: ResultTable, today: date) -> str | None:
        """Why it does not hold."""
        missing = sum(cell is None for cell in cells_of(table, self.column))
        return f"{self.column} is missing in {missing} of {len(table.rows)} rows" if missing else None


class Unique(_Part):
    """No two rows have the same values in these columns."""

    check: Literal["unique"] = "unique"
    columns: tuple[str, ...] = Field(min_length=1)

    def fails(self, table: ResultTable, today: date) -> str | None:
        """Why it does not hold."""
        seen = Counter(zip(*(cells_of(table, column) for column in self.columns), strict=True))
        row, count = seen.most_common(1)[0] if seen else ((), 0)
        return (
            f"{', '.join(map(str, row))} stands in {count} rows, and {', '.join(self.columns)} is to tell them apart" if count > 1 else None
        )


class Between(_Part):
    """Numbers of the column lie between these; NULLs are not looked at."""

    check: Literal["between"] = "between"
    column: str
    min: float | None = None
    max: float | None = None

    def fails(self, table: ResultTable, today: date) -> str | None:
        """Why it does not hold."""
        for cell in cells_of(table, self.column):
            if isinstance(cell, int | float | Decimal) and not self._holds(float(cell)):
                return f"{cell} of {self.column} is not between {self.min} and {self.max}"
        return None

    def _holds(self, number: float) -> bool:
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


class Fresh(_Part):
    """The newest date of the column is at most so many days old."""

    check: Literal["fresh"] = "fresh"
    column: str
    max_days: int

    def fails(self, table: ResultTable, today: date) -> str | None:
        """Why it does not hold."""
        days = [cell.date() if isinstance(cell, datetime) else cell for cell in cells_of(table, self.column) if isinstance(cell, date)]
        if not days:
            return f"{self.column} has no date"
        age = (today - max(days)).days
        return (
            f"the newest date of {self.column} is {max(days)}, {age} days old: at most {self.max_days} are wanted"
            if age > self.max_days
            else None
        )


Check = Annotated[Rows | NotNull | Unique | Between | Fresh, Field(discriminator="check")]
CHECKS = TypeAdapter(tuple[Check, ...])


class Promised(_Part):
    """A column of a contract. type: integer, number, text, date, timestamp, boolean, or unknown when it was never seen with a value."""

    name: str
    type: str


class Contract(_Part):
    """The columns in their order, and the checks that hold."""

    columns: tuple[Promised, ...]
    checks: tuple[Check, ...] = ()

    def broken_by(self, table: ResultTable, today: date) -> list[str]:
        """Each way in which rows break it."""
        names = tuple(column.name for column in self.columns)
        if table.columns != names:
            return [f"its columns are {', '.join(table.columns)}, and {', '.join(names)} were promised"]
        return [*self._other_types(table), *(failed for check in self.checks if (failed := check.fails(table, today)))]

    def _other_types(self, table: ResultTable) -> Iterator[str]:
        for i, column in enumerate(self.columns):
            found = type_of(table, i)
            if found not in (column.type, "unknown") and column.type != "unknown" and (column.type, found) != ("number", "integer"):
                yield f"{column.name} is {found}, and {column.type} was promised"


def contract_of(table: ResultTable, keys: tuple[str, ...], checks: tuple[Any, ...] = ()) -> Contract:
    """What rows show: names and types; there are rows; keys are not repeated; what has no NULL now has none later. `checks` are added."""
    columns = tuple(Promised(name=name, type=type_of(table, i)) for i, name in enumerate(table.columns))
    full = [name for name in table.columns if table.rows and all(cell is not None for cell in cells_of(table, name))]
    shown: list[Any] = [Rows(), *(NotNull(column=name) for name in full), *([Unique(columns=keys)] if keys else [])]
    named = {name for check in checks for name in (getattr(check, "column", None), *getattr(check, "columns", ())) if name}
    unknown = named - set(table.columns)
    if unknown:
        raise ConfigError(f"a check names {', '.join(sorted(unknown))}, and the columns are {', '.join(table.columns)}")
    kinds = {type(check) for check in checks if isinstance(check, Rows)}
    return Contract(columns=columns, checks=(*(check for check in shown if type(check) not in kinds), *checks))


def checks_from(text: str, name: str) -> tuple[Any, ...]:
    """The checks of a JSON file. Raises `ConfigError`."""
    try:
        return CHECKS.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"]))
        raise ConfigError(f"{name} has no checks that can be read: {first['msg']} at {place or 'the start'}") from None


def cells_of(table: ResultTable, column: str) -> list[Any]:
    """The cells of a column."""
    index = table.columns.index(column)
    return [row[index] for row in table.rows]


def type_of(table: ResultTable, index: int) -> str:
    """The type of a column by its cells."""
    kinds = {_kind(row[index]) for row in table.rows if row[index] is not None}
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "text" if kinds else "unknown"


def _kind(cell: Any) -> str:
    for kind, types in (("boolean", bool), ("integer", int), ("number", (float, Decimal)), ("timestamp", datetime), ("date", date)):
        if isinstance(cell, types):
            return kind
    return "text"
