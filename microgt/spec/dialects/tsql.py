"""T-SQL of SQL Server 2022 and later."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.compiler.scope import literal
from microgt.spec.dialects.nodes import call, kind, modulo, only_where, plus, typed_moment, typed_null, unit, whole, with_hours
from microgt.spec.dialects.nulls import keys_for_nulls
from microgt.spec.dialects.series import recurses
from microgt.spec.dialects.shapes import derived, first_block, output_columns, swapped
from microgt.spec.dialects.text import lowered
from microgt.spec.dialects.writer import Writer

_MONDAY = "0001-01-01"


class TSQL(Writer):
    """No FILTER, no median in groups, no NULLS LAST; ORDER BY names an output only by itself; a bracket means something in LIKE."""

    name = "tsql"

    def shaped(self, tree: exp.Expr) -> exp.Expr:
        """The order of distinct rows and of set operations goes around them: their ORDER BY takes outputs only."""
        tree = super().shaped(tree)
        for query in list(tree.find_all(exp.Query)):
            if query.args.get("order") and (isinstance(query, exp.SetOperation) or query.args.get("distinct")):
                tree = _around(tree, query)
        return tree

    def finished(self, tree: exp.Expr) -> exp.Expr:
        """A recursion may take more than a hundred steps."""
        if recurses(tree):
            tree.set("options", [exp.QueryOption(this=exp.var("MAXRECURSION"), expression=literal(0))])
        return tree

    def order(self, node: exp.Order) -> exp.Expr:
        """With a key for NULLs before each."""
        node.set("expressions", keys_for_nulls(node))
        return node

    def null(self, node: exp.Null) -> exp.Expr:
        """With its type, which a stack would take for an integer."""
        return typed_null(node)

    def constant(self, node: exp.Literal) -> exp.Expr:
        """Moments as DATE or DATETIME2: text is read as the language of the session says. Letters beyond ASCII as N'...'."""
        return typed_moment(node) if node.name.isascii() else exp.National(this=node.name)

    def median(self, node: exp.Median) -> exp.Expr:
        """There is one for windows only."""
        return self.refuse("MEDIAN")

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """There is one for windows only."""
        return self.refuse("PERCENTILE_CONT")

    def extreme(self, node: exp.Min | exp.Max) -> exp.Expr:
        """Refused for true and false."""
        return self.refuse(f"{node.sql_name()} of true and false") if kind(node.this) is ColumnType.BOOLEAN else node

    def count(self, node: exp.Count) -> exp.Expr:
        """Of several columns at once there is none."""
        of = node.this
        if isinstance(of, exp.Distinct) and isinstance(of.expressions[0], exp.Tuple):
            self.refuse("COUNT(DISTINCT ...) of several columns")
        return node

    def filtered(self, node: exp.Filter) -> exp.Expr:
        """As CASE."""
        return only_where(node.this, node.expression.this)

    def cast(self, node: exp.Cast) -> exp.Expr:
        """VARCHAR alone has 30 characters."""
        node = self.checked(node)
        return exp.cast(node.this, "VARCHAR(MAX)", dialect="tsql") if node.to.is_type(exp.DType.VARCHAR) else node

    def ilike(self, node: exp.ILike) -> exp.Expr:
        """In lower case; an opening bracket is set in brackets to be a plain character."""
        pattern = node.expression
        if isinstance(pattern, exp.Literal | exp.National):
            pattern.set("this", pattern.name.replace("[", "[[]"))
        return lowered(node)

    def truncated(self, node: exp.TimestampTrunc) -> exp.Expr:
        """Weeks start on Monday only as ISO weeks."""
        node = with_hours(node)
        return call("DATETRUNC", exp.var("ISO_WEEK" if unit(node) == "WEEK" else unit(node)), node.this)

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """By the days since a Monday: the weekday itself hangs on the session."""
        days = call("DATEDIFF", exp.var("DAY"), exp.cast(literal(_MONDAY), exp.DType.DATE), of)
        return plus(modulo(days, 7), 1)

    def shifted(self, node: exp.Add | exp.Sub) -> exp.Expr:
        """DATEADD."""
        n = whole(node.expression.this) * (1 if isinstance(node, exp.Add) else -1)
        return call("DATEADD", exp.var(unit(node.expression)), n, node.this)


def _around(tree: exp.Expr, query: exp.Query) -> exp.Expr:
    """`SELECT ... FROM (query) AS whole ORDER BY ...`, with its limit."""
    inner = query.copy()
    outer = exp.select(*output_columns(inner, "whole"))
    for part in ("order", "limit"):
        outer.set(part, inner.args[part].copy() if inner.args.get(part) else None)
        inner.set(part, None)
    names = {o.unalias(): c for o, c in zip(first_block(inner).expressions, output_columns(inner, "whole"), strict=True)}
    for key in outer.args["order"].expressions:
        key.set("this", names[key.this].copy() if key.this in names else exp.column(key.this.name, table="whole"))
    return swapped(tree, query, outer.from_(derived(inner, "whole"), copy=False))
