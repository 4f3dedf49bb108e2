"""Every period from a first to a last: as a series where the engine has one, else by recursion."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from microgt.spec.compiler.scope import name
from microgt.spec.dialects.nodes import unit, whole

_ARRAYS = (exp.GenerateDateArray, exp.GenerateTimestampArray)


@dataclass(frozen=True)
class Series:
    """`table`: the query in WITH that holds it; `column`: what it calls a period. A step is `n` of `unit`; `timed`: of hours, not days."""

    table: str
    column: str
    start: exp.Expr
    end: exp.Expr
    n: int
    unit: str
    timed: bool

    @property
    def step(self) -> exp.Interval:
        """The interval from one period to the next."""
        return exp.Interval(this=exp.Literal.string(str(self.n)), unit=exp.var(self.unit))

    @property
    def period(self) -> exp.Column:
        """A period, read from the query itself."""
        return exp.Column(this=name(self.column), table=name(self.table))

    def shown(self, of: exp.Expr) -> exp.Select:
        """SELECT of AS column."""
        return exp.select(exp.alias_(of, name(self.column)))

    def by_recursion(self, following: exp.Expr) -> exp.Union:
        """The first period, then the one after each. The last goes along, since the recursive part may hold no query."""
        last = exp.Column(this=name("last"), table=name(self.table))
        known = exp.Is(this=self.start.copy(), expression=exp.Null()).not_()
        first = self.shown(self.start).select(exp.alias_(self.end, name("last")), copy=False).where(known, copy=False)
        more = exp.select(following, last).from_(name(self.table)).where(exp.LT(this=self.period, expression=last.copy()))
        return exp.Union(this=first, expression=more, distinct=False)


def series_of(cte: exp.Expr | None) -> Series | None:
    """The series that a query in WITH holds, None when it holds something else."""
    if not isinstance(cte, exp.CTE) or not isinstance(cte.this, exp.Select):
        return None
    periods = cte.this.args["from_"].this if cte.this.args.get("from_") else None
    array = periods.expressions[0] if isinstance(periods, exp.Unnest) else None
    if not isinstance(array, _ARRAYS):
        return None
    step, timed = array.args["step"], isinstance(array, exp.GenerateTimestampArray)
    column = cte.this.expressions[0].alias_or_name
    return Series(cte.alias, column, array.args["start"], array.args["end"], whole(step.this), unit(step), timed)


def recurses(tree: exp.Expr) -> bool:
    """Whether a query in WITH reads itself, which engines stop after so many steps unless told otherwise."""
    return any(with_.recursive for with_ in tree.find_all(exp.With))
