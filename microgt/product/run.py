"""A checked spec, compiled and run, with its forecast when it asks for one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from microgt.engine.result import ResultTable
from microgt.evaluation.execution import Engine
from microgt.product.forecast import ForecastAsked, Forecasted, answer_in, asked_for, view_of
from microgt.product.headings import headings
from microgt.product.history import History
from microgt.product.not_numbers import refuse_words
from microgt.product.reach import Reach, completed, reach_of
from microgt.product.written import written
from microgt.schema.types import Schema
from microgt.spec.compiler import compile_spec
from microgt.spec.types import Answer, Edit, Select, TimeBucket, View


@dataclass(frozen=True)
class Ran:
    """spec: as it was run: a forecast is of complete periods only. table: what the engine returned for `sql`."""

    spec: Answer | Edit
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
class Runner:
    """long: the engine with room for a forecast's past. as_of: what relative periods count from; by default the last date of the data."""

    schema: Schema
    engine: Engine
    long: Engine
    as_of: date | None = None

    def run(self, spec: Answer | Edit) -> Ran:
        """Of a spec that the checker accepts. Raises `SpecError` when it cannot be compiled or computes numbers from words, and
        `EngineError` when it cannot be run."""
        refuse_words(spec, self.schema)
        asked = asked_for(answer_in(spec))
        if asked is None:
            sql = self._sql(spec)
            return Ran(spec, sql, self._rows(sql, spec), None)
        reach = self._reach(_select(spec), asked)
        if not (reach and reach.one_a_period(asked.unit)):
            spec = _completed(spec, asked)
        sql = self._sql(spec)
        table = self._rows(sql, spec)
        return Ran(spec, sql, table, History(_select(spec), asked, table, reach, self._long).forecast())

    def _rows(self, sql: str, spec: Answer | Edit) -> ResultTable:
        table = self.engine.run(sql)
        return replace(table, written=written(spec, self.schema), headings=headings(spec, table.columns, self.schema))

    def _sql(self, spec: Answer | Edit) -> str:
        return compile_spec(spec, self.schema, as_of=self.as_of)

    def _long(self, answer: Answer) -> ResultTable:
        """Rows of a query, more of them than people read."""
        return self.long.run(self._sql(answer))

    def _reach(self, select: Select, asked: ForecastAsked) -> Reach | None:
        bucket = select.outputs[asked.by]
        return reach_of(bucket, select, self._long) if isinstance(bucket, TimeBucket) else None


def _select(spec: Answer | Edit) -> Select:
    query = answer_in(spec).query
    assert isinstance(query, Select)  # of a set operation no forecast is asked: the checker wants one time bucket
    return query


def _completed(spec: Answer | Edit, asked: ForecastAsked) -> Answer | Edit:
    """The spec without the period that has only begun: a forecast continues whole ones."""
    answer = answer_in(spec).model_copy(update={"query": completed(_select(spec), asked.by)})
    return spec.model_copy(update={"answer": answer}) if isinstance(spec, Edit) else answer
