"""Which databases tell a mutant apart from its gold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from microgt.engine.result import ResultTable
from microgt.evaluation.execution import Engine, run_sql
from microgt.evaluation.order import ordering
from microgt.evaluation.ordered import compare_ordered
from microgt.schema.types import Schema
from microgt.spec import compile_spec
from microgt.spec.types import Answer


class Judge:
    """One gold spec on several databases of the same schema."""

    def __init__(self, gold: Answer, schema: Schema, engines: Sequence[Engine]):
        self.sql = compile_spec(gold, schema)
        self._engines = engines
        self._order = ordering(self.sql, len(gold.query.sort))
        self._gold = cache(self._run_gold)

    def _run_gold(self, database: int) -> ResultTable | None:
        return run_sql(self.sql, self._engines[database]).table

    def gold_is_empty(self, database: int) -> bool:
        """Whether gold has no rows there, or does not run."""
        table = self._gold(database)
        return table is None or not table.rows

    def apart(self, sql: str, database: int) -> bool:
        """Whether the query's answer is not gold's on that database. Where gold does not run nothing is told apart."""
        wanted = self._gold(database)
        if wanted is None:
            return False
        given = run_sql(sql, self._engines[database]).table
        return given is None or not compare_ordered(wanted, given, self._order, self._engines[database]).equal

    def runs(self, sql: str, database: int) -> bool:
        """Whether the query runs on that database."""
        return run_sql(sql, self._engines[database]).table is not None

    def first(self, sql: str, databases: Sequence[int]) -> int | None:
        """The first of the databases that tells the query apart."""
        return next((database for database in databases if self.apart(sql, database)), None)
