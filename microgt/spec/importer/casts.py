"""Casts: a spec has none. One goes where it changes no value; a timestamp cast to a date is its day; every other one is refused."""

from __future__ import annotations

from typing import Any, Literal

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import ColumnType
from microgt.spec.compiler.casts import iso
from microgt.spec.importer.places import quoted
from microgt.spec.types import Aggregate, Col, DateDiff, DatePart, TimeBucket

Target = Literal["text", "fraction", "whole", "date", "timestamp", "boolean", "other"]
_MOMENTS = (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPNTZ, exp.DataType.Type.DATETIME)
_SAME = {
    (ColumnType.TEXT, "text"),
    (ColumnType.NUMBER, "fraction"),
    (ColumnType.TIME, "timestamp"),
    (ColumnType.BOOLEAN, "boolean"),
}
# Casts that the compiler writes itself: (kind of the operand, target).
IN_ARITHMETIC = {(ColumnType.TEXT, "fraction"), (ColumnType.BOOLEAN, "whole")}
IN_LIKE = {(kind, "text") for kind in ColumnType}
OF_MOMENTS = {(kind, "timestamp") for kind in (ColumnType.TIME, ColumnType.TEXT)}
OF_DAYS = OF_MOMENTS | {(kind, "date") for kind in (ColumnType.TIME, ColumnType.TEXT)}


def target(cast: exp.Cast) -> Target:
    """What is cast to. A type with a length or a precision may cut the value off: other."""
    to = cast.to
    if to.expressions:
        return "other"
    if to.this in exp.DataType.TEXT_TYPES:
        return "text"
    if to.this in exp.DataType.FLOAT_TYPES:
        return "fraction"
    if to.this in exp.DataType.INTEGER_TYPES:
        return "whole"
    if to.this in _MOMENTS:
        return "timestamp"
    known: dict[Any, Target] = {exp.DataType.Type.DATE: "date", exp.DataType.Type.BOOLEAN: "boolean"}
    return known.get(to.this, "other")


def without_cast(cast: exp.Cast, read: Any, kind: ColumnType) -> Any:
    """The node that means the cast of `read`. kind: the type of `read`. Raises `ImportSqlError` cast."""
    to = target(cast)
    if (kind, to) in _SAME or (to == "whole" and _is_whole(read)):
        return read
    if to == "date" and isinstance(read, TimeBucket) and read.grain != "hour":
        return read
    if to == "date" and kind is ColumnType.TIME and isinstance(read, Col):
        return TimeBucket(grain="day", of=read)
    raise _refused(cast)


def literal_cast(cast: exp.Cast, value: bool | int | float | str) -> bool | int | float | str:
    """The constant that a cast of a constant is. Raises `ImportSqlError` cast."""
    to = target(cast)
    if isinstance(value, bool):
        same = to == "boolean"
    elif isinstance(value, str):
        same = to == "text" or (to == "date" and len(value) == 10 and iso(value)) or (to == "timestamp" and iso(value))
    else:
        same = to == "fraction" or (to == "whole" and isinstance(value, int))
    if not same:
        raise _refused(cast)
    return value


def _refused(cast: exp.Cast) -> ImportSqlError:
    message = f"a cast that changes values has no spec: {quoted(cast)}; one to the type that it has already, and one of a time to DATE have"
    return ImportSqlError("cast", message, node=cast)


def _is_whole(read: Any) -> bool:
    return isinstance(read, DatePart | DateDiff) or (isinstance(read, Aggregate) and read.fn in ("count", "count_distinct"))
