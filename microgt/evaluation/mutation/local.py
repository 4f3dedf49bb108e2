"""DuckDB in this process: faster than a worker, and only for queries that the compiler wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import duckdb

from microgt.engine.result import ResultTable
from microgt.errors import EngineError
from microgt.schema.catalog import SETTINGS, first_line

_ROWS = 20_000


class LocalEngine:
    """Runs SELECTs on one DuckDB file, read-only. Rows beyond the 20,000th are cut off."""

    def __init__(self, path: Path):
        self._connection = duckdb.connect(str(path), read_only=True, config=SETTINGS)

    def run(self, sql: str) -> ResultTable:
        """Rows of one SELECT. Raises `EngineError` with DuckDB's own message."""
        try:
            cursor = self._connection.execute(sql)
            names = tuple(str(d[0]) for d in cursor.description or ())
            rows = cursor.fetchmany(_ROWS + 1)
        except duckdb.Error as error:
            raise EngineError(first_line(error)) from None
        return ResultTable(names, tuple(rows[:_ROWS]), len(rows) > _ROWS)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
