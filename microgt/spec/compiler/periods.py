"""Periods as half-open ranges, anchored at the last date of the column or at a given day.

Bounds are Python dates where they can be known and SQL expressions where they hang on the data.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlglot import exp

from microgt.errors import CompileError
from microgt.spec.compiler.anchors import last_date
from microgt.spec.compiler.casts import as_time
from microgt.spec.compiler.expressions import expression, kind
from microgt.spec.compiler.origins import grain_of
from microgt.spec.compiler.scope import Scope, moment
from microgt.spec.grains import is_made_of
from microgt.spec.named import EXAMPLES, Named, parse_period, shifted, truncated
from microgt.spec.types import Absolute, At, InPeriod, Last, Node, Previous, Scalar, This, TimeBucket, ToDate

_Moment = date | exp.Expr
_SPELLED = {"half": (6, "month"), "quarter": (3, "month"), "week": (7, "day")}  # units that not every dialect knows


class Bounds(NamedTuple):
    """start <= x < end."""

    start: _Moment
    end: _Moment


def in_period(node: InPeriod, scope: Scope) -> exp.Expr:
    """`of >= start AND of < end`."""
    of = as_time(expression(node.of, scope), kind(node.of, scope))
    grain = grain_of(node.of, scope.source and scope.source.query)
    return in_range(node, of, grain, scope) if grain else _inside(of, _bounds(node.period, _anchor(node.of, scope)))


def in_range(node: InPeriod, bucket: exp.Expr, grain: str, scope: Scope) -> exp.Expr:
    """Is the bucket, a date truncated to `grain`, at least in part in the period?"""
    bounds = _bounds(node.period, _anchor(node.of, scope))
    whole = isinstance(node.period, Previous | This | Last | ToDate) and is_made_of(node.period.unit, grain)
    return _inside(bucket, bounds if whole else Bounds(_floor(bounds.start, grain), bounds.end))


def before_incomplete(bucket: TimeBucket, scope: Scope) -> exp.Expr:
    """Does the date lie before the period that the data, or `as_of`, ends in without ending it? No date lies in no such period."""
    smallest = "hour" if bucket.grain == "hour" else "day"
    end = _plus(_floor(_anchor(bucket.of, scope), smallest), 1, smallest)
    of = as_time(expression(bucket.of, scope), kind(bucket.of, scope))
    return exp.or_(exp.LT(this=of, expression=_sql(_floor(end, bucket.grain))), exp.Is(this=of.copy(), expression=exp.Null()))


def last_period(bucket: TimeBucket, as_of: date) -> exp.Expr:
    """The period that holds `as_of`, or for complete periods the last that has ended by then."""
    now, smallest = _last_hour(as_of), "hour" if bucket.grain == "hour" else "day"
    start = truncated(now, bucket.grain)
    if bucket.complete:
        ended = shifted(truncated(now, smallest), 1, smallest)
        start = shifted(truncated(ended, bucket.grain), -1, bucket.grain)
    return exp.cast(moment(start), exp.DType.TIMESTAMP if bucket.grain == "hour" else exp.DType.DATE)


def _inside(of: exp.Expr, bounds: Bounds) -> exp.Expr:
    return exp.and_(exp.GTE(this=of, expression=_sql(bounds.start)), exp.LT(this=of.copy(), expression=_sql(bounds.end)))


def named_bounds(named: Named) -> Bounds | None:
    """The range of a period whose year is known."""
    return Bounds(named.start, shifted(named.start, 1, named.unit)) if named.start else None


def _anchor(of: Node, scope: Scope) -> _Moment:
    """What relative periods count from: `as_of`, else the last date of the column in the data."""
    as_of = scope.context.as_of
    return _last_hour(as_of) if as_of else last_date(of, scope)


def _last_hour(as_of: date) -> datetime:
    """A day counts to its end."""
    return as_of if isinstance(as_of, datetime) else datetime(as_of.year, as_of.month, as_of.day, 23)


def _bounds(period: Node, anchor: _Moment) -> Bounds:
    match period:
        case This(unit=unit):
            start = _floor(anchor, unit)
            return Bounds(start, _plus(start, 1, unit))
        case Previous(unit=unit):
            end = _floor(anchor, unit)
            return Bounds(_plus(end, -1, unit), end)
        case Last(unit=unit):
            start = _floor(anchor, unit)
            return Bounds(_plus(start, 1 - int(period.n.value), unit), _plus(start, 1, unit))
        case ToDate(unit=unit):
            smallest = "hour" if unit == "hour" else "day"
            return Bounds(_floor(anchor, unit), _plus(_floor(anchor, smallest), 1, smallest))
        case At():
            return _named(period_named(period.value.value), anchor)
        case Absolute():
            return _absolute(period, anchor)
    raise TypeError(f"no bounds for {type(period).__name__}")


def period_named(value: Scalar) -> Named:
    """The period that a value names. Raises `CompileError` E_PERIOD with examples."""
    named = parse_period(value)
    if named is None:
        raise CompileError("E_PERIOD", f"{value!r} names no period; periods look like {', '.join(EXAMPLES)}", given=value, choices=EXAMPLES)
    return named


def _named(named: Named, anchor: _Moment) -> Bounds:
    """A bare month or quarter is the latest one that has begun by the anchor."""
    known = named_bounds(named)
    if known:
        return known
    before = named.months_before
    start = _plus(_floor(_plus(anchor, -before, "month"), "year"), before, "month")
    return Bounds(start, _plus(start, 1, named.unit))


def _absolute(period: Absolute, anchor: _Moment) -> Bounds:
    """Both ends included. "January" to "March" is the latest January before the latest March; after a dated start, the next March."""
    first, last = period_named(period.start.value), period_named(period.end.value)
    if first.start and not last.start:
        latest = _named(last, shifted(first.start, 11, "month"))
        return Bounds(first.start, latest.end)
    end = _named(last, anchor)
    return Bounds(_named(first, end.start).start, end.end)


def _floor(when: _Moment, unit: str) -> _Moment:
    if isinstance(when, date):
        return truncated(when, unit)
    return exp.TimestampTrunc(this=when.copy(), unit=exp.var(unit.upper()))


def _plus(when: _Moment, n: int, unit: str) -> _Moment:
    if n == 0:
        return when
    if isinstance(when, date):
        return shifted(when, n, unit)
    return (exp.Add if n > 0 else exp.Sub)(this=when.copy(), expression=interval(abs(n), unit))


def interval(n: int, unit: str) -> exp.Interval:
    """n units, in units that every dialect knows."""
    times, unit = _SPELLED.get(unit, (1, unit))
    return exp.Interval(this=exp.Literal.string(str(n * times)), unit=exp.var(unit.upper()))


def _sql(when: _Moment) -> exp.Expr:
    return moment(when) if isinstance(when, date) else when
