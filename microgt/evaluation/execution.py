"""Running one side of a comparison: every way to fail becomes an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from microgt.engine.result import ResultTable
from microgt.errors import DataError, EngineError, QueryTimeout, RowLimit, SpecError
from microgt.evaluation.outcome import Outcome
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.types import Spec, Unanswerable


class Engine(Protocol):
    """Runs SQL. Raises `EngineError` and its subclasses, `DataError` for a database that cannot be opened."""

    def run(self, sql: str) -> ResultTable: ...


@dataclass(frozen=True, slots=True)
class Side:
    """Gold or prediction, as far as it came. `failed` says at which stage it ended, `table` is None then."""

    sql: str | None = None
    table: ResultTable | None = None
    failed: Outcome | None = None
    error: str | None = None
    valid: bool | None = None


def run_sql(sql: str, engine: Engine, valid: bool | None = None) -> Side:
    """Execute, with the engine's errors as outcomes."""
    failed, error = Outcome.ROW_LIMIT, "more rows than the cap"
    try:
        table = engine.run(sql)
        if not table.truncated:
            return Side(sql, table, valid=valid)
    except QueryTimeout as caught:
        failed, error = Outcome.TIMEOUT, str(caught)
    except RowLimit as caught:
        error = str(caught)
    except (EngineError, DataError) as caught:  # also a file that is gone
        failed, error = Outcome.EXEC_ERROR, str(caught)
    return Side(sql, None, failed, error, valid)


def run_spec(spec: Spec, schema: Schema, engine: Engine) -> Side:
    """Check, compile and execute; `Unanswerable` has nothing to execute."""
    try:
        mistakes = check(spec, schema)
        if mistakes:
            return Side(failed=Outcome.INVALID_SPEC, error=str(mistakes[0]), valid=False)
        if isinstance(spec, Unanswerable):
            return Side(valid=True)
        sql = compile_spec(spec, schema)
    except SpecError as error:
        return Side(failed=Outcome.COMPILE_ERROR, error=str(error), valid=True)
    return run_sql(sql, engine, valid=True)
