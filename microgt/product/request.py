"""A question with all that its answer depends on, and how one spec of it is checked, compiled and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from microgt.engine.database import Database
from microgt.engine.result import ResultTable
from microgt.evaluation.execution import Engine
from microgt.graph import Graph
from microgt.product.answered import Answered
from microgt.product.forecast import ForecastAsked, Forecasted, answer_in, asked_for
from microgt.product.history import History, wide
from microgt.product.linked import sources_of
from microgt.product.proposal import Candidate
from microgt.product.reach import Reach, completed, reach_of
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.types import Answer, Edit, Select, TimeBucket
from microgt.spec.words import in_words

# Below this the reading is shown with a warning.
UNSURE = 0.3


@dataclass(frozen=True)
class Request:
    """as_of: what relative periods count from; by default the last date of the data. previous: the answer that an edit changes."""

    question: str
    database: Database
    graph: Graph
    engine: Engine
    as_of: date | None = None
    previous: Answer | None = None

    @property
    def schema(self) -> Schema:
        """Of the database."""
        return self.database.schema

    def run(self, spec: Answer | Edit, candidate: Candidate) -> Answered:
        """The answer to one spec of a candidate. Raises `SpecError` when it is not right and `EngineError` when it cannot be run."""
        errors = check(spec, self.schema)
        if errors:
            raise errors[0]
        asked = asked_for(answer_in(spec))
        reach = self._reach(spec, asked) if asked else None
        if asked and not (reach and reach.one_a_period(asked.unit)):
            spec = _completed(spec, asked)
        sql = compile_spec(spec, self.schema, as_of=self.as_of)
        table = self.engine.run(sql)
        forecast = self._forecast(spec, asked, table, reach) if asked else None
        return Answered(
            question=self.question,
            intent=spec.kind,
            spec=spec,
            words=in_words(spec, self.schema),
            sql=sql,
            table=table,
            confidence=candidate.confidence,
            values=sources_of(spec, candidate.values, self.graph),
            data_version=self.database.version,
            warnings=(*(forecast.refused if forecast else ()), *_warnings(table, candidate.confidence)),
            forecast=forecast,
        )

    def _long(self, answer: Answer) -> ResultTable:
        """Rows of a query, more of them than people read."""
        return wide(self.engine).run(compile_spec(answer, self.schema, as_of=self.as_of))

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


def _warnings(table: ResultTable, confidence: float) -> list[str]:
    found = []
    if confidence < UNSURE:
        found.append(f"low confidence ({confidence:.0%}): read the spec before using the numbers")
    if table.truncated:
        found.append(f"only the first {len(table.rows)} rows are shown")
    if not table.rows:
        found.append("no row matches")
    return found
