"""PostgreSQL 14 and later."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.dialects.nodes import as_timestamp, kind, typed_null
from microgt.spec.dialects.series import Series
from microgt.spec.dialects.writer import Writer


class Postgres(Writer):
    """A cast that fails is an error here, there is no greatest boolean, and a backslash escapes."""

    name = "postgres"
    backslash_escapes = True

    def try_cast(self, node: exp.TryCast) -> exp.Expr:
        """Refused, but for what fits for sure."""
        found = super().try_cast(node)
        return self.refuse("TRY_CAST") if isinstance(found, exp.TryCast) else found

    def extreme(self, node: exp.Min | exp.Max) -> exp.Expr:
        """Refused for true and false."""
        return self.refuse(f"{node.sql_name()} of true and false") if kind(node.this) is ColumnType.BOOLEAN else node

    def count(self, node: exp.Count) -> exp.Expr:
        """Rows can be told apart as they are."""
        return node

    def null(self, node: exp.Null) -> exp.Expr:
        """With its type, which a stack of three parts would take for text."""
        return typed_null(node)

    def series(self, of: Series) -> exp.Query:
        """GENERATE_SERIES of timestamps."""
        array = exp.GenerateSeries(start=as_timestamp(of.start), end=as_timestamp(of.end), step=of.step)
        periods = exp.Table(this=array, alias=exp.TableAlias(this=exp.to_identifier("periods"), columns=[exp.to_identifier("period")]))
        period = exp.column("period", table="periods")
        return of.shown(period if of.timed else exp.cast(period, exp.DType.DATE)).from_(periods)

    def days(self, node: exp.DateDiff) -> exp.Expr:
        """Dates are subtracted."""
        return exp.Sub(this=node.this, expression=node.expression)
