"""Parts of dates, and bins of numbers, to SQL."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.calendar import NAMED_PARTS
from microgt.spec.compiler.casts import as_double
from microgt.spec.compiler.scope import literal
from microgt.spec.types import Bin

_PARTS = {"weekday": "ISODOW"}


def date_part(part: str, of: exp.Expr) -> exp.Expr:
    """A part of a date as a number or by its name."""
    if part in NAMED_PARTS:
        number, names = NAMED_PARTS[part]
        return _translated(date_part(number, of), [(literal(i), literal(n.capitalize())) for i, n in enumerate(names, 1)])
    return exp.Extract(this=exp.var(_PARTS.get(part, part.upper())), expression=of)


def calendar_order(part: str, of: exp.Expr) -> exp.Expr:
    """The number of a named part, for sorting."""
    _, names = NAMED_PARTS[part]
    return _translated(of, [(literal(n.capitalize()), literal(i)) for i, n in enumerate(names, 1)])


def _translated(of: exp.Expr, pairs: list[tuple[exp.Expr, exp.Expr]]) -> exp.Case:
    return exp.Case(this=of, ifs=[exp.If(this=when, true=then) for when, then in pairs])


def bin_of(node: Bin, of: exp.Expr, column: exp.Expr, table: exp.Table | exp.Subquery) -> exp.Expr:
    """The bin of the number `of`. column: the same number in the rows of `table`, whose quantiles are the edges."""
    n = node.n.value
    if node.by == "width":
        steps = exp.Floor(this=exp.Div(this=of, expression=literal(n), typed=False, safe=False))
        return exp.Mul(this=steps, expression=literal(n))
    edges = [_edge(i / int(n), column, table) for i in range(1, int(n))]
    ifs = [exp.If(this=exp.LTE(this=of.copy(), expression=edge), true=literal(i)) for i, edge in enumerate(edges, 1)]
    missing = exp.If(this=exp.Is(this=of.copy(), expression=exp.Null()), true=exp.Null())
    return exp.Case(ifs=[missing, *ifs], default=literal(int(n)))


def _edge(part: float, column: exp.Expr, table: exp.Table | exp.Subquery) -> exp.Subquery:
    return exp.Subquery(this=exp.select(percentile(part, as_double(column.copy(), ColumnType.NUMBER))).from_(table.copy()))


def percentile(part: float, of: exp.Expr) -> exp.Expr:
    """The value below which a part, 0 to 1, of the values lie, interpolated."""
    order = exp.Order(expressions=[exp.Ordered(this=of, nulls_first=False)])
    return exp.WithinGroup(this=exp.PercentileCont(this=literal(part)), expression=order)
