"""DuckDB, for which the compiler builds."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import ErrorLevel, exp
from sqlglot.errors import SqlglotError

from microgt.errors import CompileError


class DuckDB:
    """A tree is written as it is."""

    name: ClassVar[str] = "duckdb"

    def write(self, tree: exp.Expr) -> str:
        """The SQL of a tree. Raises `CompileError` E_DIALECT."""
        try:
            return tree.sql(self.name, pretty=True, unsupported_level=ErrorLevel.RAISE, copy=False)
        except (SqlglotError, ValueError) as error:
            raise CompileError("E_DIALECT", f"{self.name}: {error}", given=self.name) from None
