"""Engines that run the same query on the same database once: gold is shared by rewordings, and is a prediction of itself."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Self

from microgt.engine.duckdb import DuckDBEngine, EnginePool
from microgt.engine.result import ResultTable

_CELLS = 2_000_000  # kept at most, some 200 MB of numbers and short strings


class RememberingPool:
    """A pool whose engines remember answers, the most recent ones, as long as the pool lives. Errors are not remembered."""

    def __init__(self, pool: EnginePool, cells: int = _CELLS):
        self._pool, self._most = pool, cells
        self._cells = 0
        self._tables: OrderedDict[tuple[Path, str], ResultTable] = OrderedDict()

    def engine(self, path: Path) -> RememberingEngine:
        """The engine of a DuckDB file."""
        return RememberingEngine(self, self._pool.engine(path))

    def find(self, path: Path, sql: str) -> ResultTable | None:
        """The answer, when it is remembered."""
        found = self._tables.get((path, sql))
        if found is not None:
            self._tables.move_to_end((path, sql))
        return found

    def keep(self, path: Path, sql: str, table: ResultTable) -> None:
        """Remember an answer; forget the oldest when there are too many cells."""
        self._tables[path, sql] = table
        self._cells += _size(table)
        while self._cells > self._most:
            self._cells -= _size(self._tables.popitem(last=False)[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()


class RememberingEngine:
    """One database of a `RememberingPool`."""

    def __init__(self, pool: RememberingPool, engine: DuckDBEngine):
        self._pool, self._engine = pool, engine

    def run(self, sql: str) -> ResultTable:
        """As `DuckDBEngine.run`."""
        table = self._pool.find(self._engine.path, sql)
        if table is None:
            table = self._engine.run(sql)
            self._pool.keep(self._engine.path, sql, table)
        return table


def _size(table: ResultTable) -> int:
    return 1 + len(table.columns) * len(table.rows)
