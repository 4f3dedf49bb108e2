"""Snowflake."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.dialects.nodes import call, only_where, unit
from microgt.spec.dialects.reserved import SNOWFLAKE
from microgt.spec.dialects.writer import Writer


class Snowflake(Writer):
    """No FILTER; where a week starts hangs on the session."""

    name = "snowflake"
    reserved = SNOWFLAKE

    def filtered(self, node: exp.Filter) -> exp.Expr:
        """As CASE."""
        return only_where(node.this, node.expression.this)

    def truncated(self, node: exp.TimestampTrunc) -> exp.Expr:
        """Weeks by the ISO weekday."""
        if unit(node) != "WEEK":
            return super().truncated(node)
        day = exp.TimestampTrunc(this=node.this, unit=exp.var("DAY"))
        return call("DATEADD", exp.var("DAY"), exp.Sub(this=exp.Literal.number(1), expression=self.weekday(node.this.copy())), day)

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """1 for Monday to 7 for Sunday."""
        return call("DAYOFWEEKISO", of)
