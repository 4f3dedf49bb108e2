"""Small pieces of SQL trees that several dialects need."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.compiler.scope import KIND, literal


def kind(node: exp.Expr) -> ColumnType | None:
    """The type that the compiler noted on a column or a constant; None when it noted none."""
    return node.meta.get(KIND)


def is_moment(node: exp.Expr) -> bool:
    """Text that stands for a date or a timestamp."""
    return isinstance(node, exp.Literal) and kind(node) is ColumnType.TIME


def unit(node: exp.TimestampTrunc | exp.Interval | exp.DateDiff) -> str:
    """The unit of time in capitals."""
    return node.text("unit").upper()


def whole(number: exp.Expr) -> int:
    """The number in a literal."""
    return int(number.name)


def as_double(of: exp.Expr) -> exp.Expr:
    """Floating point."""
    return of if isinstance(of, exp.Cast) and of.to.is_type(exp.DType.DOUBLE) else exp.cast(of, exp.DType.DOUBLE)


def as_timestamp(of: exp.Expr) -> exp.Expr:
    """A timestamp."""
    return of if isinstance(of, exp.Cast) and of.to.is_type(exp.DType.TIMESTAMP) else exp.cast(of, exp.DType.TIMESTAMP)


def with_hours(node: exp.TimestampTrunc) -> exp.TimestampTrunc:
    """The same on a timestamp where hours are asked for: a date has none."""
    if unit(node) == "HOUR":
        node.set("this", as_timestamp(node.this))
    return node


def call(function: str, *args: exp.Expr | str | int) -> exp.Anonymous:
    """A function by name; text and numbers are constants."""
    return exp.Anonymous(this=function, expressions=[a if isinstance(a, exp.Expr) else literal(a) for a in args])


def plus(of: exp.Expr, n: int) -> exp.Add | exp.Sub:
    """`of + n`, or `of - n` for a negative one."""
    return (exp.Add if n >= 0 else exp.Sub)(this=of, expression=literal(abs(n)))


def modulo(of: exp.Expr, n: int) -> exp.Mod:
    """`of % n`."""
    return exp.Mod(this=exp.paren(of), expression=literal(n))


def ordered_by(node: exp.WithinGroup) -> exp.Ordered:
    """The one key of WITHIN GROUP (ORDER BY ...)."""
    return node.expression.expressions[0]


def only_where(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """An aggregate that sees NULL, which it skips, in the rows where the condition does not hold."""
    of = aggregate.this
    if isinstance(aggregate, exp.WithinGroup):
        key = ordered_by(aggregate)
        key.set("this", _given(condition, key.this))
    elif isinstance(of, exp.Distinct):
        of.set("expressions", [_given(condition, e) for e in of.expressions])
    else:
        aggregate.set("this", _given(condition, literal(1) if isinstance(of, exp.Star) else of))
    return aggregate


def _given(condition: exp.Expr, of: exp.Expr) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=of)])


_TYPES = {
    ColumnType.NUMBER: exp.DType.DOUBLE,
    ColumnType.TEXT: exp.DType.VARCHAR,
    ColumnType.TIME: exp.DType.TIMESTAMP,
    ColumnType.BOOLEAN: exp.DType.BOOLEAN,
}


def typed_null(node: exp.Null) -> exp.Expr:
    """NULL as the type that the compiler noted on it."""
    of = kind(node)
    return exp.cast(node, _TYPES[of]) if of is not None and of in _TYPES else node


def typed_moment(node: exp.Literal) -> exp.Expr:
    """A moment as DATE or TIMESTAMP; other constants as they are."""
    if not is_moment(node):
        return node
    return exp.cast(node, exp.DType.DATE if len(node.name) == len("YYYY-MM-DD") else exp.DType.TIMESTAMP)
