"""Whether a condition on one column holds for a value, and values for which it does and does not."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from microgt.evaluation.variants.profile import ColumnProfile
from microgt.evaluation.variants.values import fitting, near, usual
from microgt.schema.types import ColumnType
from microgt.spec.named import parse_period, shifted
from microgt.spec.types import Absolute, At, Between, Col, Compare, DatePart, In, InPeriod, IsNull, Like, Node, Value
from microgt.spec.walk import walk

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_PARTS: dict[str, Callable[[date], Any]] = {
    "year": lambda day: day.year,
    "quarter": lambda day: (day.month + 2) // 3,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "weekday": lambda day: day.isoweekday(),
    "month_name": lambda day: f"{day:%B}",
    "weekday_name": lambda day: f"{day:%A}",
}
_PATTERN = {"contains": ".*{}.*", "starts": "{}.*", "ends": ".*{}"}
_USUAL = 6  # values of the column that are tried beside those around the literals


class Unreadable(Exception):
    """The condition is of a kind that is not read here, or does not go with the value."""


def column_of(condition: Node) -> Col | None:
    """The one column that a condition compares with literals; None for other conditions."""
    columns = [n for _, n in walk(condition) if isinstance(n, Col)]
    if not isinstance(condition, Compare | Between | In | Like | IsNull | InPeriod) or len(columns) != 1:
        return None
    read = (Compare, Between, In, Like, IsNull, InPeriod, Col, Value, DatePart, At, Absolute)
    return columns[0] if all(isinstance(n, read) for _, n in walk(condition)) else None


def holds(condition: Node, value: Any) -> bool:
    """Whether the condition on one column holds for a value. Raises `Unreadable`."""
    if isinstance(condition, IsNull):
        return value is None
    if value is None:
        return isinstance(condition, Compare) and condition.op == "ne"
    match condition:
        case Compare():
            return _compare(condition.op, _read(condition.left, value), _read(condition.right, value))
        case Between():
            of = _read(condition.of, value)
            return _compare("ge", of, _read(condition.low, value)) and _compare("le", of, _read(condition.high, value))
        case In():
            return any(_compare("eq", _read(condition.of, value), v.value) for v in condition.values)
        case Like():
            return _like(condition, str(value))
        case InPeriod():
            return _inside(condition, _day(value))
    raise Unreadable


def _read(operand: Node, value: Any) -> Any:
    match operand:
        case Col():
            return value
        case Value():
            return operand.value
        case DatePart(part=part) if part in _PARTS:
            return _PARTS[part](_day(value))
    raise Unreadable


def _compare(op: str, left: Any, right: Any) -> bool:
    try:
        return _COMPARE[op](*_alike(left, right))
    except (TypeError, ValueError):
        raise Unreadable from None


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as numbers, moments or texts, as the engine would compare them."""
    pair = (left, right)
    if any(isinstance(v, int | float | Decimal) for v in pair):
        return float(left), float(right)
    if any(isinstance(v, date) for v in pair):
        moments = [v if isinstance(v, datetime) else datetime.fromisoformat(str(v)) for v in pair]
        return moments[0], moments[1]
    return pair


def _like(condition: Like, text: str) -> bool:
    wanted = str(condition.text.value)
    if condition.how == "pattern":
        pattern = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in wanted)
    else:
        pattern = _PATTERN[condition.how].format(re.escape(wanted))
    return re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL) is not None


def _day(value: Any) -> date:
    try:
        return value if isinstance(value, date) else datetime.fromisoformat(str(value))
    except ValueError:
        raise Unreadable from None


def _bounds(condition: InPeriod) -> tuple[date, date]:
    """First day, and the day after the last, of a period whose year is said."""
    ends = (condition.period.start, condition.period.end) if isinstance(condition.period, Absolute) else (condition.period.value,) * 2
    first, last = (parse_period(end.value) for end in ends)
    if not (first and last and first.start and last.start):
        raise Unreadable
    return first.start, shifted(last.start, 1, last.unit)


def _inside(condition: InPeriod, day: date) -> bool:
    start, stop = _bounds(condition)
    return start <= date(day.year, day.month, day.day) < stop


def candidates(conditions: Sequence[Node], column: ColumnProfile) -> list[Any]:
    """Values of the column at and around the literals of the conditions, then some usual ones."""
    found: list[Any] = []
    for condition in conditions:
        for value in _around(condition, column):
            fitted = fitting(value, column)
            if fitted is not None:
                found += [fitted, *near(fitted, column)]
        if isinstance(condition, IsNull) and not column.required:
            found.append(None)
    return list(dict.fromkeys([*found, *usual(column)[:_USUAL]]))


def _around(condition: Node, column: ColumnProfile) -> Iterator[Any]:
    match condition:
        case InPeriod():
            try:
                start, stop = _bounds(condition)
            except Unreadable:
                return
            yield from (_moment(start, column), _moment(stop - timedelta(days=1), column))
        case Like(how="pattern"):
            text = str(condition.text.value)
            yield from (text.replace("%", "").replace("_", "e"), text.replace("%", "o").replace("_", "a"))
        case Like():
            yield from (condition.text.value, f"e{condition.text.value}", f"{condition.text.value}e", f"e{condition.text.value}e")
        case _:
            literals = [n.value for _, n in walk(condition) if isinstance(n, Value)]
            part = next((n.part for _, n in walk(condition) if isinstance(n, DatePart)), None)
            yield from (_dated(literals, column, part) if part else literals)


def _moment(day: date, column: ColumnProfile) -> Any:
    return day if column.kind is ColumnType.TIME else str(day)


def _dated(literals: Sequence[Any], column: ColumnProfile, part: str) -> Iterator[Any]:
    """Usual days moved to the year or month of the literals."""
    for literal in literals:
        for value in usual(column)[:2]:
            try:
                day = _day(value)
                moved = day.replace(**{part: int(literal)}) if part in ("year", "month", "day") else day
            except (Unreadable, ValueError):
                continue
            yield moved if column.kind is ColumnType.TIME else moved.isoformat(*([" "] if isinstance(value, str) and " " in value else []))
