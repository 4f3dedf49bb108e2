"""Questions to the engine whose failure costs one figure, not the whole profile."""

from __future__ import annotations

from typing import Any

from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import EngineError
from microgt.schema.catalog import quoted


class Questions:
    """skipped: what could not be found out."""

    def __init__(self, engine: DuckDBEngine):
        self._engine = engine
        self.skipped: list[str] = []

    def rows(self, sql: str, what: str) -> tuple[tuple[Any, ...], ...] | None:
        """Rows of a SELECT; None when it fails, which is noted as `what`."""
        try:
            return self._engine.run(sql).rows
        except EngineError as error:
            self.skipped.append(f"{what}: {error}")
            return None

    def row(self, sql: str, what: str) -> tuple[Any, ...] | None:
        """The first row."""
        rows = self.rows(sql, what)
        return rows[0] if rows else None

    def number(self, sql: str, what: str) -> int | None:
        """The one number that a SELECT returns."""
        row = self.row(sql, what)
        return None if row is None or row[0] is None else int(row[0])


def of_table(name: str) -> str:
    """A table as it stands in SQL: a name of the main schema, whatever it is called."""
    return f"main.{quoted(name)}"
