"""One spec checked, compiled and run, and continued where it asks for a forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from microgt.engine.database import Database
from microgt.engine.duckdb import DuckDBEngine
from microgt.engine.result import ResultTable
from microgt.evaluation.execution import Engine
from microgt.product.forecast import ForecastAsked, Forecasted, answer_in, asked_for, view_of
from microgt.product.history import History, wide
from microgt.product.ranked import Once
from microgt.product.reach import Reach, completed, reach_of
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.types import Answer, Edit, Select, TimeBucket, View
from microgt.spec.words import in_words


@dataclass(frozen=True)
class Ran:
    """A spec as it was run, what it says, its SQL, and what the engine returned for it. forecast: the periods to come."""

    spec: Answer | Edit
    words: str
    sql: str
    table: ResultTable
    forecast: Forecasted | None

    @property
    def view(self) -> View:
        """How the rows are shown."""
        return view_of(self.spec, self.forecast)

    @property
    def warnings(self) -> list[str]:
        """What a reader of the rows has to know."""
        found = list(self.forecast.refused) if self.forecast else []
        if self.table.truncated:
            found.append(f"only the first {len(self.table.rows)} rows are shown")
        if not self.table.rows:
            found.append("no row matches")
        return found


@dataclass(frozen=True)
class Running:
    """Where specs are run.

    long: an engine that returns more rows than people read, for forecasts. as_of: what relative periods count from; by default the last
    date of the data.
    """

    database: Database
    engine: Engine
    long: Engine
    as_of: date | None = None

    @classmethod
    def on(cls, database: Database, engine: DuckDBEngine, as_of: date | None = None) -> Self:
        """On the engine of the database, each query once."""
        return cls(database, Once(engine), Once(wide(engine)), as_of)

    def run(self, spec: Answer | Edit) -> Ran:
        """Run a spec. Raises `SpecError` when it is not right for the database, and `EngineError` when it cannot be run."""
        errors = check(spec, self.database.schema)
        if errors:
            raise errors[0]
        asked = asked_for(answer_in(spec))
        reach = self._reach(spec, asked) if asked else None
        if asked and not (reach and reach.one_a_period(asked.unit)):
            spec = _completed(spec, asked)
        sql = compile_spec(spec, self.database.schema, as_of=self.as_of)
        table = self.engine.run(sql)
        forecast = self._forecast(spec, asked, table, reach) if asked else None
        return Ran(spec, in_words(spec, self.database.schema), sql, table, forecast)

    def _long(self, answer: Answer) -> ResultTable:
        """Rows of a query, more of them than people read."""
        return self.long.run(compile_spec(answer, self.database.schema, as_of=self.as_of))

    def _reach(self, spec: Answer | Edit, asked: ForecastAsked) -> Reach | None:
        select = _select(spec)
        bucket = select.outputs[asked.by]
        return reach_of(bucket, select, self._long) if isinstance(bucket, TimeBucket) else None

    def _forecast(self, spec: Answer | Edit, asked: ForecastAsked, table: ResultTable, reach: Reach | None) -> Forecasted:
        return History(_select(spec), asked, table, reach, self._long).forecast()


def _select(spec: Answer | Edit) -> Select:
    query = answer_in(spec).query
    assert isinstance(query, Select)  # of a set operation no forecast is asked: the checker wants one time bucket
    return query


def _completed(spec: Answer | Edit, asked: ForecastAsked) -> Answer | Edit:
    """The spec without the period that has only begun: a forecast continues whole ones."""
    answer = answer_in(spec).model_copy(update={"query": completed(_select(spec), asked.by)})
    return spec.model_copy(update={"answer": answer}) if isinstance(spec, Edit) else answer
