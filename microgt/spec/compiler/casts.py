"""Casts that keep a query running where types differ: the literal gives way to the column, and a column only to an operation."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.compiler.scope import literal, moment
from microgt.spec.types import Scalar

_TRUE, _FALSE = {"true", "t", "yes", "y", "1"}, {"false", "f", "no", "n", "0"}
_YEARS = range(1000, 3000)


class Pair(NamedTuple):
    """Two sides that the engine can compare."""

    left: exp.Expr
    right: exp.Expr


def as_number(of: exp.Expr, kind: ColumnType) -> exp.Expr:
    """A number for arithmetic; text that is none becomes NULL."""
    if kind is ColumnType.BOOLEAN:
        return exp.cast(of, exp.DType.INT)
    return of if kind in (ColumnType.NUMBER, ColumnType.TIME) else exp.TryCast(this=of, to=exp.DataType(this=exp.DType.DOUBLE))


def as_double(of: exp.Expr, kind: ColumnType) -> exp.Expr:
    """A number as floating point: DuckDB cuts what lies between two decimals to their digits. What is no number stays as it is."""
    return exp.cast(of, exp.DType.DOUBLE) if kind is ColumnType.NUMBER else of


def as_time(of: exp.Expr, kind: ColumnType) -> exp.Expr:
    """A date or timestamp; text that is none becomes NULL."""
    if kind is ColumnType.TIME:
        return of
    of = of if kind is ColumnType.TEXT else as_text(of, kind)
    return exp.TryCast(this=of, to=exp.DataType(this=exp.DType.TIMESTAMP))


def as_text(of: exp.Expr, kind: ColumnType) -> exp.Expr:
    """Text."""
    return of if kind is ColumnType.TEXT else exp.cast(of, exp.DType.VARCHAR)


def fit(of: exp.Expr, kind: ColumnType, value: Scalar, *, ordered: bool = False) -> Pair:
    """An expression and a constant to compare it with. `ordered`: by size, not for equality."""
    match kind:
        case ColumnType.NUMBER:
            return _fit_number(of, value)
        case ColumnType.TEXT if isinstance(value, int | float) and not isinstance(value, bool) and (ordered or isinstance(value, float)):
            return Pair(as_number(of, kind), literal(value))
        case ColumnType.TIME:
            return _fit_time(of, value)
        case ColumnType.BOOLEAN:
            return _fit_boolean(of, value)
    return Pair(as_text(of, kind), literal(_text(value)))


def _fit_number(of: exp.Expr, value: Scalar) -> Pair:
    if not isinstance(value, str):
        return Pair(of, literal(int(value) if isinstance(value, bool) else value))
    try:
        number = float(value.replace(",", ""))
    except ValueError:
        return Pair(as_text(of, ColumnType.NUMBER), literal(value))
    if number in (float("inf"), float("-inf")) or number != number:
        return Pair(as_text(of, ColumnType.NUMBER), literal(value))
    return Pair(of, literal(int(number) if number.is_integer() and abs(number) < 2**53 else number))


def _fit_time(of: exp.Expr, value: Scalar) -> Pair:
    if isinstance(value, str) and (when := iso(value)):
        return Pair(of, moment(when))
    if isinstance(value, int) and not isinstance(value, bool) and value in _YEARS:
        return Pair(exp.Extract(this=exp.var("YEAR"), expression=of), literal(value))
    return Pair(as_text(of, ColumnType.TIME), literal(_text(value)))


def _fit_boolean(of: exp.Expr, value: Scalar) -> Pair:
    text = _text(value).lower()
    if text in _TRUE | _FALSE:
        return Pair(of, literal(text in _TRUE))
    if isinstance(value, str):
        return Pair(as_text(of, ColumnType.BOOLEAN), literal(value))
    return Pair(as_number(of, ColumnType.BOOLEAN), literal(value))


def iso(text: str) -> date | None:
    """The date, or the timestamp, of an ISO text."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text) if len(text) > 10 else None
    except ValueError:
        return None


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def align(left: exp.Expr, left_kind: ColumnType, right: exp.Expr, right_kind: ColumnType) -> Pair:
    """Two expressions, neither constant, made comparable."""
    if left_kind is right_kind:
        return Pair(left, right)
    kinds = {left_kind, right_kind}
    if kinds == {ColumnType.TIME, ColumnType.NUMBER}:
        return Pair(*(_year(e, k) for e, k in ((left, left_kind), (right, right_kind))))
    if kinds == {ColumnType.TIME, ColumnType.TEXT}:
        return Pair(as_time(left, left_kind), as_time(right, right_kind))
    if ColumnType.NUMBER in kinds and ColumnType.OTHER not in kinds:
        return Pair(as_number(left, left_kind), as_number(right, right_kind))
    return Pair(as_text(left, left_kind), as_text(right, right_kind))


def _year(of: exp.Expr, kind: ColumnType) -> exp.Expr:
    return exp.Extract(this=exp.var("YEAR"), expression=of) if kind is ColumnType.TIME else of
