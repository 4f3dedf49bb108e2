"""ClickHouse 24 and later."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.compiler.scope import literal, name
from microgt.spec.dialects.nodes import call, ordered_by
from microgt.spec.dialects.semijoins import as_in
from microgt.spec.dialects.series import recurses
from microgt.spec.dialects.shapes import derived, output_columns
from microgt.spec.dialects.writer import Writer

# What the standard says and ClickHouse does only when asked: a missing row of a join is NULL, and so is the sum of no rows.
_SETTINGS = {"join_use_nulls": 1, "aggregate_functions_null_for_empty": 1}
_RECURSION = {"max_recursive_cte_evaluation_depth": 1_000_000}


class ClickHouse(Writer):
    """No IS DISTINCT FROM, no ESCAPE, no correlated queries."""

    name = "clickhouse"
    backslash_escapes = True

    def finished(self, tree: exp.Expr) -> exp.Expr:
        """With settings that make it keep to the standard."""
        if not isinstance(tree, exp.Select):
            tree = exp.select(*output_columns(tree, "whole")).from_(derived(tree, "whole"), copy=False)
        for block in tree.find_all(exp.Select):
            if block.args.get("joins"):
                block.set("expressions", [_named(output) for output in block.expressions])
        settings = {**_SETTINGS, **(_RECURSION if recurses(tree) else {})}
        tree.set("settings", [exp.EQ(this=exp.column(s), expression=literal(value)) for s, value in settings.items()])
        return tree

    def neighbour(self, node: exp.Lag | exp.Lead) -> exp.Expr:
        """NULL is no value of most types: where there is no row, LAG would be 0."""
        node.set("this", call("toNullable", node.this))
        return node

    def median(self, node: exp.Median) -> exp.Expr:
        """The exact one: its own MEDIAN takes a sample."""
        return _quantile(literal(0.5), super().median(node).this)

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """As a quantile."""
        return _quantile(node.this.this, ordered_by(node).this)

    def try_cast(self, node: exp.TryCast) -> exp.Expr:
        """A function that gives NULL."""
        found = super().try_cast(node)
        if not isinstance(found, exp.TryCast):
            return found
        if found.to.is_type(exp.DType.DOUBLE):
            return call("toFloat64OrNull", found.this)
        return self.refuse("TRY_CAST to a timestamp")

    def distinct_from(self, node: exp.NullSafeNEQ) -> exp.Expr:
        """In longhand."""
        return exp.not_(self.not_distinct_from(exp.NullSafeEQ(this=node.this, expression=node.expression)))

    def not_distinct_from(self, node: exp.NullSafeEQ) -> exp.Expr:
        """In longhand: equal, or both NULL."""
        left, right = node.this, node.expression
        equal = exp.Coalesce(this=exp.EQ(this=left, expression=right), expressions=[exp.false()])
        if isinstance(right, exp.Literal):
            return equal
        both = exp.and_(*(exp.Is(this=side.copy(), expression=exp.Null()) for side in (left, right)))
        return exp.paren(exp.or_(equal, both))

    def exists(self, node: exp.Exists) -> exp.Expr:
        """As IN."""
        return as_in(node) or self.refuse("a correlated EXISTS that is no comparison of one column")

    def escape(self, node: exp.Escape) -> exp.Expr:
        """The backslash is the only sign to escape with, and needs no word."""
        return node.this if node.expression.name == "\\" else self.refuse("ESCAPE")

    def part(self, node: exp.Extract) -> exp.Expr:
        """EXTRACT does not know quarters."""
        return call("toQuarter", node.expression) if node.name.upper() == "QUARTER" else super().part(node)

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """1 for Monday to 7 for Sunday."""
        return call("toDayOfWeek", of)


def _quantile(part: exp.Expr, of: exp.Expr) -> exp.Expr:
    return exp.ParameterizedAgg(this="quantileExactInclusive", expressions=[part], params=[of])


def _named(output: exp.Expr) -> exp.Expr:
    """A column by its own name, which otherwise has the table's before it when two tables have it."""
    return exp.alias_(output, name(output.name)) if isinstance(output, exp.Column) and not output.is_star else output
