"""Spark SQL 3.4 and later."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.dialects.nodes import call, ordered_by
from microgt.spec.dialects.series import Series
from microgt.spec.dialects.writer import Writer


class Spark(Writer):
    """A backslash escapes in LIKE."""

    name = "spark"
    backslash_escapes = True

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """The exact one, which sqlglot would make approximate."""
        return call("PERCENTILE", ordered_by(node).this, node.this.this)

    def series(self, of: Series) -> exp.Query:
        """EXPLODE of a SEQUENCE."""
        return of.shown(call("EXPLODE", call("SEQUENCE", of.start, of.end, of.step)))

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """1 for Monday to 7 for Sunday."""
        return exp.Extract(this=exp.var("DAYOFWEEK_ISO"), expression=of)
