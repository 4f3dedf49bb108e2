"""`Overall`: a measure over the rows of several groups, put together from what each group has of it.

Counts and totals add up, the smallest of the smallest is the smallest, and an average is the total over the number of values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from microgt.errors import CompileError
from microgt.schema.types import ColumnType
from microgt.spec.compiler.expressions import divided, expression, kind
from microgt.spec.compiler.scope import Scope
from microgt.spec.compiler.window_functions import over
from microgt.spec.types import Aggregate, Arithmetic, Node, Overall, Value
from microgt.spec.walk import within

_ENDS = {"min": exp.Min, "max": exp.Max}


def parts_of(windows: Iterable[Node], scope: Scope) -> list[Aggregate]:
    """The totals and the numbers of values that the averages in `Overall` windows are made of. Raises `CompileError` E_TYPE."""
    averages = dict.fromkeys(a for w in windows if isinstance(w, Overall) for a in _aggregates(w) if a.fn == "avg")
    return [part for average in averages for part in _total_and_number(average, scope)]


def overall_sql(window: Overall, scope: Scope) -> exp.Expr:
    """The measure with each of its aggregates taken over all groups with the same `within`."""
    apart = [expression(key, scope) for key in window.within]

    def whole(aggregate: Aggregate) -> exp.Expr:
        if aggregate.fn == "avg":
            total, number = (over(exp.Sum(this=expression(part, scope)), apart) for part in _total_and_number(aggregate, scope))
            return divided(exp.cast(total, exp.DType.DOUBLE), number)
        return over(_ENDS.get(aggregate.fn, exp.Sum)(this=expression(aggregate, scope)), apart)

    given = {aggregate: whole(aggregate) for aggregate in _aggregates(window)}
    return expression(window.of, replace(scope, given={**scope.given, **given}))


def _aggregates(window: Overall) -> list[Aggregate]:
    return [n for n in within(window.of) if isinstance(n, Aggregate)]


def _total_and_number(average: Aggregate, scope: Scope) -> tuple[Aggregate, Aggregate]:
    of = average.of
    match kind(of, scope):
        case ColumnType.TIME:
            raise CompileError("E_TYPE", "an average of dates has no overall: dates do not add up", given="avg", choices=("min", "max"))
        case ColumnType.NUMBER | ColumnType.BOOLEAN:
            counted = of
        case _:  # text that is no number counts neither here nor there
            counted = Arithmetic.model_construct(op="mul", left=of, right=Value(value=1))
    total = average.model_copy(update={"fn": "sum"})
    return total, average.model_copy(update={"fn": "count", "of": counted})
