"""BigQuery (GoogleSQL)."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.compiler.scope import literal
from microgt.spec.dialects.nodes import as_timestamp, call, modulo, only_where, plus, unit, whole, with_hours
from microgt.spec.dialects.nulls import keys_for_nulls
from microgt.spec.dialects.series import Series
from microgt.spec.dialects.text import lowered
from microgt.spec.dialects.writer import Writer


class BigQuery(Writer):
    """No FILTER, no exact median, no ESCAPE; months are added to a DATETIME only."""

    name = "bigquery"
    backslash_escapes = True
    reserved = frozenset()

    def finished(self, tree: exp.Expr) -> exp.Expr:
        """Groups by position: sqlglot would take the output's name, which may be that of a column too."""
        for block in tree.find_all(exp.Select):
            group = block.args.get("group")
            places = {output.unalias(): i for i, output in enumerate(block.expressions, 1)}
            for key in group.expressions if group else ():
                if key in places and not isinstance(key, exp.Column):
                    key.replace(literal(places[key]))
        return tree

    def order(self, node: exp.Order) -> exp.Expr:
        """NULLS LAST is not said in every window."""
        if isinstance(node.parent, exp.Window):
            node.set("expressions", keys_for_nulls(node))
        return node

    def median(self, node: exp.Median) -> exp.Expr:
        """There is an approximate one only."""
        return self.refuse("MEDIAN")

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """There is one for windows only."""
        return self.refuse("PERCENTILE_CONT")

    def count(self, node: exp.Count) -> exp.Expr:
        """Of several columns at once there is none."""
        of = node.this
        if isinstance(of, exp.Distinct) and isinstance(of.expressions[0], exp.Tuple):
            self.refuse("COUNT(DISTINCT ...) of several columns")
        return node

    def filtered(self, node: exp.Filter) -> exp.Expr:
        """As CASE."""
        return only_where(node.this, node.expression.this)

    def ilike(self, node: exp.ILike) -> exp.Expr:
        """In lower case."""
        found = super().ilike(node)
        return lowered(found)

    def escape(self, node: exp.Escape) -> exp.Expr:
        """The backslash is the only sign to escape with, and needs no word."""
        return node.this if node.expression.name == "\\" else self.refuse("ESCAPE")

    def compared(self, node: exp.Binary) -> exp.Expr:
        """A DATETIME is compared with a DATETIME."""
        sides = (node.this, node.expression)
        if any(_is_shifted(side) for side in sides):
            for key, side in zip(("this", "expression"), sides, strict=True):
                if not _is_shifted(side):
                    node.set(key, as_timestamp(side))
        return node

    def truncated(self, node: exp.TimestampTrunc) -> exp.Expr:
        """DATE_TRUNC takes dates, datetimes and timestamps; weeks start on Monday only as ISO weeks."""
        node = with_hours(node)
        return call("DATE_TRUNC", node.this, exp.var("ISOWEEK" if unit(node) == "WEEK" else unit(node)))

    def series(self, of: Series) -> exp.Query:
        """UNNEST of an array of dates, or of timestamps."""
        ends = [exp.cast(end, exp.DType.TIMESTAMPTZ) if of.timed else end for end in (of.start, of.end)]
        length = exp.Interval(this=exp.Literal.number(of.n), unit=exp.var(of.unit))
        array = call("GENERATE_TIMESTAMP_ARRAY" if of.timed else "GENERATE_DATE_ARRAY", *ends, length)
        periods = exp.Unnest(expressions=[array], alias=exp.TableAlias(columns=[exp.to_identifier("period")]))
        return of.shown(as_timestamp(exp.column("period")) if of.timed else exp.column("period")).from_(periods)

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """DAYOFWEEK is 1 for Sunday."""
        sunday_first = exp.Extract(this=exp.var("DAYOFWEEK"), expression=of)
        return plus(modulo(plus(sunday_first, 5), 7), 1)

    def shifted(self, node: exp.Add | exp.Sub) -> exp.Expr:
        """On a DATETIME."""
        length = exp.Interval(this=exp.Literal.number(whole(node.expression.this)), unit=node.expression.args["unit"])
        return type(node)(this=as_timestamp(node.this), expression=length)


def _is_shifted(side: exp.Expr) -> bool:
    return isinstance(side, exp.Add | exp.Sub) and isinstance(side.expression, exp.Interval)
