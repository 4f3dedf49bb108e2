"""PostgreSQL 14 and later."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.dialects.nodes import kind, typed_null
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

    def days(self, node: exp.DateDiff) -> exp.Expr:
        """Dates are subtracted."""
        return exp.Sub(this=node.this, expression=node.expression)
