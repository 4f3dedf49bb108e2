"""Dates that can be read in several ways, such as 02/03/2021: which way a file means, by the order and the spacing of its dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import NamedTuple

import duckdb

from microgt.schema.catalog import quoted

_ORDERS = {"day/month/year": "%d{0}%m{0}%Y", "month/day/year": "%m{0}%d{0}%Y"}
_SHORT_ORDERS = {"day/month/year": "%d{0}%m{0}%y", "month/day/year": "%m{0}%d{0}%y", "year/month/day": "%y{0}%m{0}%d"}
_MARKS = "/-"  # with points, the day comes first everywhere
_CENTURY, _TURN = 100, 69  # of years of two digits, 69 is 1969 and 68 is 2068, as in DuckDB
_SAMPLE = 10_000  # rows whose order is looked at
_FEWEST = 6  # different dates of which order and spacing mean something
_YEAR = 12  # months


@dataclass(frozen=True)
class Written:
    """A format of strptime that begins with a date of three numbers in some order. formats: it, and those with the other orders."""

    order: str
    formats: Mapping[str, str]

    @classmethod
    def of(cls, format_: str | None) -> Written | None:
        """None for a format that has no other order."""
        for mark in _MARKS:
            for orders in (_ORDERS, _SHORT_ORDERS):
                dates = {order: shape.format(mark) for order, shape in orders.items()}
                for order, shape in dates.items():
                    if format_ and format_.startswith(shape):
                        return cls(order, {o: s + format_.removeprefix(shape) for o, s in dates.items()})
        return None

    def again(self, day: date, order: str) -> date | None:
        """The date of the same three numbers in another order; None where there is none."""
        short = "%y" in self.formats[self.order]
        numbers = [day.year % _CENTURY if short and part == "year" else getattr(day, part) for part in self.order.split("/")]
        parts = dict(zip(order.split("/"), numbers, strict=True))
        if short:
            parts["year"] += 1900 if parts["year"] >= _TURN else 2000
        try:
            return date(**parts)
        except ValueError:
            return None


@dataclass(frozen=True)
class Readings:
    """The columns of a loaded table whose dates have other orders, and the orders in which all their dates can be read.

    days: the different dates of each column, as they were read.
    """

    table: str
    columns: Mapping[str, Written]
    days: Mapping[str, Sequence[date]]
    orders: Sequence[str]

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, table: str, dates: str | None, times: str | None) -> Readings:
        """dates, times: the formats in which the columns were read, dates without and with a time of day."""
        formats = {"DATE": Written.of(dates), "TIMESTAMP": Written.of(times)}
        described = connection.execute(f"DESCRIBE {quoted(table)}").fetchall()
        columns = {name: written for name, kind, *_ in described if (written := formats.get(kind))}
        days = {name: [day for (day,) in connection.execute(_days(name, table)).fetchall()] for name in columns}
        orders = [order for order in _SHORT_ORDERS if columns and all(_fits(columns[name], days[name], order) for name in columns)]
        return cls(table, columns, days, orders)

    @property
    def current(self) -> str:
        """The order that the file was read in; that of the first column where they differ."""
        return next(iter(self.columns.values())).order

    def best(self, connection: duckdb.DuckDBPyConnection) -> str:
        """The order that the file means: another than the one it was read in only with evidence for it, and none against it."""
        others = [order for order in self.orders if order != self.current]
        if not others or self.current not in self.orders:
            return self.orders[0]
        texts = [name for name, kind, *_ in connection.execute(f"DESCRIBE {quoted(self.table)}").fetchall() if kind == "VARCHAR"]
        proven = [order for order in others if any(self._is_in(connection, text, order) for text in texts)]
        signs = [self._signs(connection, column) for column in self.columns]
        likelier = [order for order in others if _likelier(order, self.current, signs)]
        return next(iter(proven), max(likelier, key=lambda order: sum(sum(found[order]) for found in signs), default=self.current))

    def formats(self, order: str) -> Mapping[str, str]:
        """column -> its format in that order."""
        return {column: written.formats[order] for column, written in self.columns.items()}

    def remark(self, order: str) -> str:
        """What is to be known of dates read in that order; nothing where no other is possible."""
        others = [other for other in self.orders if other != order]
        return f"read as {order}; could be {' or '.join(others)}" if others else ""

    def _signs(self, connection: duckdb.DuckDBPyConnection, column: str) -> Mapping[str, Signs]:
        name, written = quoted(column), self.columns[column]
        sql = f"SELECT CAST({name} AS TIMESTAMP) FROM {quoted(self.table)} WHERE {_usual(name)} LIMIT {_SAMPLE}"
        rows = [row for (row,) in connection.execute(sql).fetchall()]
        found = {}
        for order in self.orders:
            days = {day: again for day in self.days[column] if (again := written.again(day, order))}
            found[order] = Signs.of([(days[row.date()], row.time()) for row in rows], days.values())
        return found

    def _is_in(self, connection: duckdb.DuckDBPyConnection, text: str, order: str) -> bool:
        """Whether the texts of a column, which are no dates as the file was read, all are dates in that order."""
        formats = {written.formats[order] for written in self.columns.values()}
        read = " OR ".join(f"count(try_strptime(v, '{format_}')) = count(v)" for format_ in formats)
        sql = f"SELECT count(v) > 0 AND ({read}) FROM (SELECT {quoted(text)} AS v FROM {quoted(self.table)} LIMIT {_SAMPLE})"
        return bool(connection.execute(sql).fetchall()[0][0])


class Signs(NamedTuple):
    """What speaks for a reading. spacing: 0 none, 1 the same number of days or months between all dates, 2 one date a month for a year
    or longer. ordered: the rows go from the earliest to the latest date, or back."""

    spacing: int
    ordered: bool

    @classmethod
    def of(cls, rows: Sequence[tuple[date, time]], dates: Iterable[date]) -> Signs:
        """rows: in their order. dates: the different ones of all rows."""
        days = sorted(dates)
        if len(days) < _FEWEST:
            return cls(0, False)
        steps = list(pairwise(rows))
        return cls(_spacing(days), all(a <= b for a, b in steps) or all(a >= b for a, b in steps))


def _spacing(days: Sequence[date]) -> int:
    months = [12 * day.year + day.month for day in days]
    monthly = len(set(months)) == len(days) and len({day.day for day in days}) == 1
    if monthly and len(days) >= _YEAR:
        return 2
    return int(_even([day.toordinal() for day in days]) or (monthly and _even(months)))


def _even(numbers: Sequence[int]) -> bool:
    return len({b - a for a, b in pairwise(numbers)}) == 1


def _likelier(order: str, current: str, columns: Sequence[Mapping[str, Signs]]) -> bool:
    """Whether some column speaks for an order, and none for the current one."""
    better = any(_better(signs[order], signs[current]) for signs in columns)
    return better and not any(_better(signs[current], signs[order]) for signs in columns)


def _better(ours: Signs, theirs: Signs) -> bool:
    """More of one sign, and less of none."""
    return ours != theirs and all(a >= b for a, b in zip(ours, theirs, strict=True))


def _fits(written: Written, days: Iterable[date], order: str) -> bool:
    return order in written.formats and all(written.again(day, order) for day in days)


def _days(column: str, table: str) -> str:
    """The SQL of the different dates of a column."""
    return f"SELECT DISTINCT CAST({quoted(column)} AS DATE) FROM {quoted(table)} WHERE {_usual(quoted(column))}"


def _usual(name: str) -> str:
    """The SQL of whether a date is one that Python has."""
    return f"isfinite({name}) AND year({name}) BETWEEN 1 AND 9999"
