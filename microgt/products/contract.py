"""What whoever uses a product may rely on, and the checks that hold it. They are run on the rows before these replace the ones before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.product.forecast import Forecasted


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
    """The columns in their order, the checks that hold, and how many series are forecast. given: those of the checks that somebody has
    asked for; None where that was not written down."""

    columns: tuple[Promised, ...]
    checks: tuple[Check, ...] = ()
    given: tuple[Check, ...] | None = None
    series: int = 0

    @property
    def asked(self) -> tuple[Check, ...]:
        """The checks that somebody has asked for, as far as that is known: rows alone lead to no others of these kinds."""
        if self.given is not None:
            return self.given
        return tuple(check for check in self.checks if isinstance(check, Between | Fresh) or (isinstance(check, Rows) and check != Rows()))

    def with_checks(self, checks: tuple[Check, ...]) -> Contract:
        """This, and more checks that somebody asks for. Raises `ConfigError` for a column that there is not."""
        _refuse_unknown(checks, [column.name for column in self.columns])
        held, asked = (tuple(dict.fromkeys((*before, *checks))) for before in (self.checks, self.asked))
        return self.model_copy(update={"checks": held, "given": asked})

    def broken_by(self, table: ResultTable, today: date, forecast: Forecasted | None = None) -> list[str]:
        """Each way in which rows, and what is forecast from them, break it."""
        names = tuple(column.name for column in self.columns)
        if table.columns != names:
            return [f"its columns are {', '.join(table.columns)}, and {', '.join(names)} were promised"]
        failed = [why for check in self.checks if (why := check.fails(table, today))]
        return [*self._other_types(table), *failed, *self._no_forecast(forecast)]

    def _no_forecast(self, forecast: Forecasted | None) -> Iterator[str]:
        found, refused = (len(forecast.found), forecast.refused) if forecast else (0, ())
        if found < self.series:
            yield "; ".join((f"{found} series are forecast, and {self.series} were promised", *refused))

    def _other_types(self, table: ResultTable) -> Iterator[str]:
        for i, column in enumerate(self.columns):
            found = type_of(table, i)
            if found not in (column.type, "unknown") and column.type != "unknown" and (column.type, found) != ("number", "integer"):
                yield f"{column.name} is {found}, and {column.type} was promised"


def contract_of(table: ResultTable, keys: tuple[str, ...], checks: tuple[Any, ...] = (), series: int = 0) -> Contract:
    """What rows show: names and types; there are rows; keys are not repeated; what has no NULL now has none later. `checks` are added.
    series: how many are forecast from them."""
    columns = tuple(Promised(name=name, type=type_of(table, i)) for i, name in enumerate(table.columns))
    full = [name for name in table.columns if table.rows and all(cell is not None for cell in cells_of(table, name))]
    shown: list[Any] = [Rows(), *(NotNull(column=name) for name in full), *([Unique(columns=keys)] if keys else [])]
    _refuse_unknown(checks, table.columns)
    kinds = {type(check) for check in checks if isinstance(check, Rows)}
    held = dict.fromkeys((*(check for check in shown if type(check) not in kinds), *checks))
    return Contract(columns=columns, checks=tuple(held), given=checks, series=series)


def columns_in(check: Check) -> set[str]:
    """The columns that a check looks at."""
    return {name for name in (getattr(check, "column", None), *getattr(check, "columns", ())) if name}


def _refuse_unknown(checks: tuple[Any, ...], columns: Sequence[str]) -> None:
    unknown = {name for check in checks for name in columns_in(check)} - set(columns)
    if unknown:
        raise ConfigError(f"a check names {', '.join(sorted(unknown))}, and the columns are {', '.join(columns)}")


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
