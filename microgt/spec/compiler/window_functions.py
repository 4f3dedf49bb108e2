"""Each window as an SQL window function, with an order that every dialect reads alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlglot import exp

from microgt.errors import CompileError
from microgt.spec.compiler.casts import as_number
from microgt.spec.compiler.expressions import divided, expression, kind
from microgt.spec.compiler.scope import Scope, literal
from microgt.spec.grains import counts_in
from microgt.spec.types import Delta, Moving, Node, PercentChange, Prior, Rank, RunningTotal, Share, TimeBucket, Window

_AGGREGATES = {"avg": exp.Avg, "sum": exp.Sum, "min": exp.Min, "max": exp.Max}
_PLACES = {"row_number": exp.RowNumber, "rank": exp.Rank, "dense_rank": exp.DenseRank}


class Timeline(NamedTuple):
    """What time windows run along: the bucket, and the keys that are kept apart."""

    bucket: TimeBucket
    apart: tuple[Node, ...]


def window_sql(window: Window, keys: Sequence[Node], timeline: Timeline | None, scope: Scope) -> exp.Expr:
    """The SQL of a window. keys: what the block is grouped by. Raises `CompileError`."""
    of = expression(window.of, scope)
    if isinstance(window, Delta | PercentChange) or (isinstance(window, Moving) and window.agg in ("avg", "sum")):
        of = as_number(of, kind(window.of, scope))
    match window:
        case Share():
            whole = over(exp.Sum(this=of.copy()), _all(window.within, scope))
            return divided(exp.cast(of, exp.DType.DOUBLE), whole)
        case Rank():
            return _rank(window, of, keys, scope)
    assert timeline is not None
    period, apart = expression(timeline.bucket, scope), _all(timeline.apart, scope)
    match window:
        case RunningTotal():
            if window.reset != "never":
                apart = [*apart, exp.TimestampTrunc(this=period.copy(), unit=exp.var(window.reset.upper()))]
            return over(exp.Sum(this=of), apart, [period], _rows("UNBOUNDED"))
        case Moving():
            before = literal(int(window.periods.value) - 1)
            return over(_AGGREGATES[window.agg](this=of), apart, [period], _rows(before))
        case Prior() | Delta() | PercentChange():
            rows = int(window.n.value) * counts_in(timeline.bucket.grain)[window.unit]
            return _since(window, of, over(exp.Lag(this=of.copy(), offset=literal(rows)), apart, [period]))
    raise TypeError(f"no SQL for {type(window).__name__}")


def _since(window: Prior | Delta | PercentChange, of: exp.Expr, prior: exp.Expr) -> exp.Expr:
    if isinstance(window, Prior):
        return prior
    change = exp.Sub(this=of, expression=prior)
    return change if isinstance(window, Delta) else divided(exp.cast(exp.paren(change), exp.DType.DOUBLE), prior.copy())


def _rank(window: Rank, of: exp.Expr, keys: Sequence[Node], scope: Scope) -> exp.Expr:
    """Ties in row numbers are broken by the keys; what has no value has no rank."""
    order = in_window_order(of, window.order == "desc")
    if window.method == "row_number":
        order += [part for key in keys if key not in window.within for part in in_window_order(expression(key, scope), False)]
    place = over(_PLACES[window.method](), _all(window.within, scope), order)
    return exp.Case(ifs=[exp.If(this=exp.Is(this=of.copy(), expression=exp.Null()).not_(), true=place)])


def _all(nodes: Sequence[Node], scope: Scope) -> list[exp.Expr]:
    return [expression(node, scope) for node in nodes]


# ------------------------------------------------------------------ window functions


def over(
    function: exp.Expr, apart: Sequence[exp.Expr] = (), order: Sequence[exp.Expr] = (), rows: exp.WindowSpec | None = None
) -> exp.Window:
    """`function OVER (PARTITION BY apart ORDER BY order rows)`. Raises `CompileError` E_WINDOW_QUERY."""
    if any(part.find(exp.Window) for part in (*apart, *order)):
        message = "a window cannot compare what a query with windows computes; read from that query (source)"
        raise CompileError("E_WINDOW_QUERY", message, choices=("source",))
    ordered = exp.Order(expressions=list(order)) if order else None
    return exp.Window(this=function, partition_by=list(apart) or None, order=ordered, spec=rows)


def in_window_order(key: exp.Expr, down: bool) -> list[exp.Expr]:
    """One sort key of a window, NULLs last. Downwards each dialect can say so; upwards a key of its own says it for all."""
    if down:
        return [exp.Ordered(this=key.copy(), desc=True, nulls_first=False)]
    missing = exp.Case(ifs=[exp.If(this=exp.Is(this=key.copy(), expression=exp.Null()), true=literal(1))], default=literal(0))
    return [missing, key.copy()]


def _rows(before: str | exp.Expr) -> exp.WindowSpec:
    return exp.WindowSpec(kind="ROWS", start=before, start_side="PRECEDING", end="CURRENT ROW")
