"""Expressions and measures to SQL."""

from __future__ import annotations

from sqlglot import exp

from microgt.errors import CompileError
from microgt.schema.types import ColumnType
from microgt.spec.compiler.bins import bin_of, date_part, percentile
from microgt.spec.compiler.casts import as_double, as_number, as_time
from microgt.spec.compiler.kinds import kind_of
from microgt.spec.compiler.scope import Scope, literal, name, noted, reading
from microgt.spec.types import (
    Aggregate,
    Arithmetic,
    Bin,
    Col,
    DateDiff,
    DatePart,
    Inner,
    Node,
    Percentile,
    Ratio,
    Ref,
    Rows,
    Select,
    SetOperation,
    TimeBucket,
    Value,
)

_OPERATORS = {"add": exp.Add, "sub": exp.Sub, "mul": exp.Mul}
_FUNCTIONS = {"count": exp.Count, "sum": exp.Sum, "avg": exp.Avg, "min": exp.Min, "max": exp.Max}
_NUMERIC = ("sum", "avg")


def kind(node: Node, scope: Scope) -> ColumnType:
    """The type of an operand in this block."""
    return kind_of(node, scope.context.schema, scope.outputs, scope.source.types if scope.source else ())


def expression(node: Node, scope: Scope) -> exp.Expr:
    """The SQL of any operand. Raises `CompileError`."""
    if scope.given and node in scope.given:
        return scope.given[node].copy()
    match node:
        case Col():
            return scope.column(node)
        case Value():
            return literal(node.value)
        case Inner():
            return _inner(node, scope)
        case Ref():
            return expression(scope.outputs[node.output], scope)
        case Arithmetic():
            return _arithmetic(node, scope)
        case DatePart():
            return date_part(node.part, _time(node.of, scope))
        case DateDiff():
            return _date_diff(node, scope)
        case TimeBucket():
            start = exp.TimestampTrunc(this=_time(node.of, scope), unit=exp.var(node.grain.upper()))
            return start if node.grain == "hour" else exp.cast(start, exp.DType.DATE)
        case Bin():
            return _bin(node, scope)
        case Aggregate():
            return _aggregate(node, scope)
        case Ratio():
            total = exp.cast(_number(node.numerator, scope), exp.DType.DOUBLE)
            return divided(total, _number(node.denominator, scope))
        case Select() | SetOperation():
            return exp.Subquery(this=scope.context.query(node))
    raise TypeError(f"no SQL for {type(node).__name__}")


def _inner(node: Inner, scope: Scope) -> exp.Expr:
    source = scope.source
    assert source is not None
    return noted(exp.Column(this=name(source.names[node.output]), table=name(source.alias)), source.types[node.output])


def _number(node: Node, scope: Scope) -> exp.Expr:
    return as_number(expression(node, scope), kind(node, scope))


def _time(node: Node, scope: Scope) -> exp.Expr:
    return as_time(expression(node, scope), kind(node, scope))


def _bin(node: Bin, scope: Scope) -> exp.Expr:
    if isinstance(node.of, Inner):
        number = _number(node.of, scope)
        return bin_of(node, number, number, reading(scope))
    column = scope.context.schema.column(node.of.column)
    plain = as_number(exp.Column(this=name(column.name), table=name(column.table)), column.type)
    return bin_of(node, _number(node.of, scope), plain, exp.Table(this=name(column.table)))


def _arithmetic(node: Arithmetic, scope: Scope) -> exp.Expr:
    left, right = (exp.paren(e) if isinstance(e, exp.Binary) else e for e in (_number(node.left, scope), _number(node.right, scope)))
    return divided(left, right) if node.op == "div" else _OPERATORS[node.op](this=left, expression=right)


def divided(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """By NULLIF(right, 0), as a fraction in every dialect."""
    return exp.Div(this=left, expression=exp.Nullif(this=right, expression=literal(0)), typed=False, safe=False)


def _date_diff(node: DateDiff, scope: Scope) -> exp.Expr:
    """DuckDB's DATESUB counts whole units, where DATEDIFF counts the borders between them; for days of dates they agree."""
    start, end = (_time(side, scope) for side in (node.start, node.end))
    if node.unit == "day":
        return exp.DateDiff(this=exp.cast(end, exp.DType.DATE), expression=exp.cast(start, exp.DType.DATE), unit=exp.var("DAY"))
    sides = [exp.cast(side, exp.DType.TIMESTAMP) for side in (start, end)]
    return exp.Anonymous(this="DATESUB", expressions=[exp.Literal.string(node.unit), *sides])


def _aggregate(node: Aggregate, scope: Scope) -> exp.Expr:
    if isinstance(node.of, Rows):
        call = _count_rows(node, node.of, scope)
    elif node.fn == "count_distinct":
        call = exp.Count(this=exp.Distinct(expressions=[expression(node.of, scope)]))
    elif isinstance(node, Percentile):
        call = percentile(float(node.p.value) / 100, as_double(_number(node.of, scope), kind(node.of, scope)))
    elif node.fn == "median":
        call = exp.Median(this=as_double(_number(node.of, scope), kind(node.of, scope)))
    else:
        of = _number(node.of, scope) if node.fn in _NUMERIC else expression(node.of, scope)
        call = _FUNCTIONS[node.fn](this=of)
    if node.where is None:
        return call
    from microgt.spec.compiler.predicates import predicate

    return exp.Filter(this=call, expression=exp.Where(this=predicate(node.where, scope)))


def _count_rows(node: Aggregate, rows: Rows, scope: Scope) -> exp.Expr:
    if node.fn == "count":
        return exp.Count(this=scope.countable.get(rows.table, exp.Star()))
    primary = scope.context.schema.table(rows.table).primary_key
    columns = [scope.column(Col(column=c)) for c in primary]
    if not columns:
        message = f"{rows.table} has no primary key to tell its rows apart; count them (count), or the different values of a column"
        raise CompileError("E_NO_KEY", message, given=rows.table, choices=("count",))
    key = columns[0] if len(columns) == 1 else exp.Tuple(expressions=columns)
    return exp.Count(this=exp.Distinct(expressions=[key]))
