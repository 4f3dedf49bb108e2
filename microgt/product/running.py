"""One spec checked, compiled and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from microgt.engine.database import Database
from microgt.engine.duckdb import DuckDBEngine
from microgt.engine.result import ResultTable
from microgt.product.forecast import ForecastAsked, asked_for
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.types import Answer, Edit, View
from microgt.spec.words import in_words


@dataclass(frozen=True)
class Ran:
    """What a spec says, its SQL, and what the engine returned for it. forecast: what of it this version does not compute."""

    words: str
    sql: str
    table: ResultTable
    forecast: ForecastAsked | None

    @property
    def warnings(self) -> list[str]:
        """What a reader of the rows has to know."""
        found = [str(self.forecast)] if self.forecast else []
        if self.table.truncated:
            found.append(f"only the first {len(self.table.rows)} rows are shown")
        if not self.table.rows:
            found.append("no row matches")
        return found


def run_spec(spec: Answer | Edit, database: Database, engine: DuckDBEngine, as_of: date | None = None) -> Ran:
    """Run a spec. as_of: what relative periods count from; by default the last date of the data.

    Raises `SpecError` when it is not right for the database, and `EngineError` when it cannot be run.
    """
    errors = check(spec, database.schema)
    if errors:
        raise errors[0]
    sql = compile_spec(spec, database.schema, as_of=as_of)
    table = engine.run(sql)
    return Ran(in_words(spec, database.schema), sql, table, asked_for(spec, table.columns))


def view_of(spec: Answer | Edit, forecast: ForecastAsked | None) -> View:
    """How the rows are shown: as the spec says; a forecast as the line of its past."""
    if forecast:
        return forecast.past
    return spec.answer.view if isinstance(spec, Edit) else spec.view
