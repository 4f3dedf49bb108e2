"""Columns that say a year, a quarter or a month in numbers or in text, where what is asked about has no date."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from microgt.refine.conditions import either, one_of
from microgt.refine.selects import measures, periods_of, tables_of
from microgt.schema.types import Column, ColumnType, Schema
from microgt.spec.conditions import joined
from microgt.spec.named import Named, parse_period
from microgt.spec.types import Absolute, And, At, Between, Col, Compare, InPeriod, Node, Or, Select, Value
from microgt.spec.walk import block, within

_UNITS = ("year", "quarter", "month", "week", "weekday", "day", "hour")
_OPS: dict[str, Callable[[int, int], bool]] = {
    "eq": operator.eq, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le
}  # fmt: skip
_MOST_VALUES = 6


def is_calendar(column: Column) -> bool:
    """Is it called after a unit of time (`year`, `release_year`) and no date itself?"""
    return column.type in (ColumnType.NUMBER, ColumnType.TEXT) and column.words[-1:] in [(unit,) for unit in _UNITS]


def instead_of_dates(select: Select, schema: Schema) -> list[Column]:
    """Such columns of what is measured, else of the query's tables; none where these have dates, or the query asks about dates already."""
    tables = tables_of(node for i in measures(select) for node in within(select.outputs[i])) or tables_of(block(select))
    dated = {c.table for c in schema.columns if c.id in schema.dated}
    if periods_of(select) or dated & tables:
        return []
    found = [c for c in schema.columns if is_calendar(c)]
    return [c for c in found if c.table in tables] or ([] if dated else found)


def called(columns: Sequence[Column], unit: str) -> list[Column]:
    """Those with the name of the unit, else those whose names end with it."""
    found = [c for c in columns if c.words[-1] == unit]
    return [c for c in found if c.words == (unit,)] or found


def spelled(condition: Node, columns: Sequence[Column], schema: Schema) -> list[Node]:
    """What a condition on a date says of these columns, in each way; nothing where they do not hold what it says."""
    found = []
    for table in dict.fromkeys(c.table for c in columns):
        by_unit = {unit: called([c for c in columns if c.table == table], unit) for unit in _UNITS}
        units = [unit for unit, those in by_unit.items() if those]
        for choice in product(*(by_unit[unit] for unit in units)):
            found.append(_Spelling(dict(zip(units, choice, strict=True)), schema).of(condition))
    return list(dict.fromkeys(node for node in found if node is not None))


@dataclass(frozen=True)
class _Spelling:
    """columns: unit -> the column that says it."""

    columns: Mapping[str, Column]
    schema: Schema

    def of(self, node: Node) -> Node | None:
        """A condition on a date, said of the columns."""
        match node:
            case And():
                return self._all([self.of(arg) for arg in node.args], _both)
            case Or():
                return self._all([self.of(arg) for arg in node.args], either)
            case InPeriod(period=At(value=value)):
                return self._from_to(parse_period(value.value), parse_period(value.value))
            case InPeriod(period=Absolute(start=start, end=end)):
                return self._from_to(parse_period(start.value), parse_period(end.value))
            case Compare(op=op, right=Value(value=value)):
                named = parse_period(value)
                if named and named.unit == "year":
                    return self._is("year", (op, named.year))
                return self._is(named.unit, (op, named.index)) if named and named.year is None else None
        return None

    def _from_to(self, first: Named | None, last: Named | None) -> Node | None:
        """Of one unit; months and quarters of one year, or of any."""
        if first is None or last is None or first.unit != last.unit or first.unit == "day":
            return None
        if first.unit == "year":
            return self._between("year", first.year, last.year)
        if first.year != last.year:
            return None
        part = self._between(first.unit, first.index, last.index)
        return part if first.year is None else self._all([self._between("year", first.year, first.year), part], _both)

    def _between(self, unit: str, low: Any, high: Any) -> Node | None:
        if low == high:
            return self._is(unit, ("eq", low))
        return self._is(unit, ("ge", low), ("le", high)) if low < high else None

    def _is(self, unit: str, *tests: tuple[str, Any]) -> Node | None:
        column = self.columns.get(unit)
        if column is None:
            return None
        col = Col(column=column.id)
        if column.type is ColumnType.TEXT:
            numbers = [(n, v) for v in self.schema.values.get(column.id, ()) if (n := _number(v, unit)) is not None]
            fits = tuple(v for n, v in sorted(numbers) if all(_OPS[op](n, m) for op, m in tests))
            return one_of(column.id, fits) if 0 < len(fits) <= _MOST_VALUES else None
        values = [Value(value=m) for _, m in tests]
        if len(tests) == 2:
            return Between(of=col, low=values[0], high=values[1])
        return Compare.model_validate({"op": tests[0][0], "left": col, "right": values[0]})

    @staticmethod
    def _all(parts: Sequence[Node | None], as_one: Callable[[Sequence[Node]], Node]) -> Node | None:
        known = [part for part in parts if part is not None]
        return as_one(known) if len(known) == len(parts) else None


def _both(parts: Sequence[Node]) -> Node:
    return joined(And, parts)


def _number(value: str, unit: str) -> int | None:
    """Of `March`, `Mar` or `03` among months 3."""
    named = parse_period(value)
    if named and named.unit == unit and (unit == "year" or named.year is None):
        return named.year if unit == "year" else named.index
    return int(value) if unit != "year" and value.isdecimal() else None
