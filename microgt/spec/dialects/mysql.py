"""MySQL 8."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.dialects.nodes import call, only_where, plus, unit
from microgt.spec.dialects.nulls import keys_for_nulls
from microgt.spec.dialects.series import recurses
from microgt.spec.dialects.shapes import derived, output_columns
from microgt.spec.dialects.text import lowered
from microgt.spec.dialects.writer import Writer


class MySQL(Writer):
    """No FULL JOIN, no FILTER, no median, no DATE_TRUNC, no NULLS LAST; a cast of what does not fit is 0."""

    name = "mysql"
    backslash_escapes = True
    reserved = frozenset()

    def finished(self, tree: exp.Expr) -> exp.Expr:
        """A recursion may take more than a thousand steps."""
        if recurses(tree) and isinstance(tree, exp.Select):
            tree.set("hint", exp.Hint(expressions=[exp.var("SET_VAR(cte_max_recursion_depth = 1M)")]))
        return tree

    def order(self, node: exp.Order) -> exp.Expr:
        """With a key for NULLs before each."""
        node.set("expressions", keys_for_nulls(node))
        return node

    def join(self, node: exp.Join) -> exp.Expr:
        """Parents without children and children without parents at once need a union."""
        return self.refuse("FULL JOIN") if node.side == "FULL" else super().join(node)

    def median(self, node: exp.Median) -> exp.Expr:
        """There is none."""
        return self.refuse("MEDIAN")

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """There is none."""
        return self.refuse("PERCENTILE_CONT")

    def filtered(self, node: exp.Filter) -> exp.Expr:
        """As CASE."""
        return only_where(node.this, node.expression.this)

    def try_cast(self, node: exp.TryCast) -> exp.Expr:
        """Refused, but for what fits for sure."""
        found = super().try_cast(node)
        return self.refuse("TRY_CAST") if isinstance(found, exp.TryCast) else found

    def among(self, node: exp.In) -> exp.Expr:
        """A query with a LIMIT stands in a query of its own."""
        query = node.args.get("query")
        if query and query.this.args.get("limit"):
            inner = query.this
            query.set("this", exp.select(*output_columns(inner, "cut")).from_(derived(inner, "cut"), copy=False))
        return node

    def ilike(self, node: exp.ILike) -> exp.Expr:
        """In lower case."""
        return lowered(super().ilike(node))

    def truncated(self, node: exp.TimestampTrunc) -> exp.Expr:
        """By subtracting what is past the start."""
        of = node.this
        match unit(node):
            case "HOUR":
                return _later(call("TIMESTAMP", call("DATE", of)), call("HOUR", of.copy()), "HOUR")
            case "WEEK":
                return _earlier(call("DATE", of), call("WEEKDAY", of.copy()))
            case "MONTH":
                return _earlier(call("DATE", of), plus(call("DAYOFMONTH", of.copy()), -1))
            case "QUARTER":
                return _later(call("MAKEDATE", call("YEAR", of), 1), plus(call("QUARTER", of.copy()), -1), "QUARTER")
            case "YEAR":
                return call("MAKEDATE", call("YEAR", of), 1)
        return call("DATE", of)

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """WEEKDAY is 0 for Monday."""
        return plus(call("WEEKDAY", of), 1)


def _later(of: exp.Expr, n: exp.Expr, unit: str) -> exp.Expr:
    return exp.Add(this=of, expression=exp.Interval(this=exp.paren(n), unit=exp.var(unit)))


def _earlier(of: exp.Expr, days: exp.Expr) -> exp.Expr:
    return exp.Sub(this=of, expression=exp.Interval(this=exp.paren(days), unit=exp.var("DAY")))
