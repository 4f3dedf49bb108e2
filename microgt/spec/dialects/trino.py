"""Trino."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.dialects.nodes import call, typed_moment
from microgt.spec.dialects.series import Series
from microgt.spec.dialects.text import lowered
from microgt.spec.dialects.writer import Writer


class Trino(Writer):
    """Dates are not compared with text, and there is no exact median."""

    name = "trino"

    def constant(self, node: exp.Literal) -> exp.Expr:
        """Moments as DATE or TIMESTAMP."""
        return typed_moment(node)

    def median(self, node: exp.Median) -> exp.Expr:
        """There is an approximate one only."""
        return self.refuse("MEDIAN")

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """There is an approximate one only."""
        return self.refuse("PERCENTILE_CONT")

    def count(self, node: exp.Count) -> exp.Expr:
        """Rows can be told apart as they are."""
        return node

    def ilike(self, node: exp.ILike) -> exp.Expr:
        """In lower case."""
        return lowered(node)

    def series(self, of: Series) -> exp.Query:
        """UNNEST of a SEQUENCE."""
        columns = exp.TableAlias(this=exp.to_identifier("periods"), columns=[exp.to_identifier("period")])
        periods = exp.Unnest(expressions=[call("SEQUENCE", of.start, of.end, of.step)], alias=columns)
        return of.shown(exp.column("period", table="periods")).from_(periods)

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """1 for Monday to 7 for Sunday."""
        return exp.Extract(this=exp.var("DAY_OF_WEEK"), expression=of)
