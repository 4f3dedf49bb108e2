"""A question with all that its answer depends on, and how one spec of it is checked, compiled and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from microgt.engine.database import Database
from microgt.engine.duckdb import DuckDBEngine
from microgt.graph import Graph
from microgt.product.answered import Answered
from microgt.product.linked import sources_of
from microgt.product.proposal import Candidate
from microgt.product.running import Running
from microgt.schema.types import Schema
from microgt.spec.types import Answer, Edit

# Below this the reading is shown with a warning.
UNSURE = 0.3


@dataclass(frozen=True)
class Request:
    """as_of: what relative periods count from; by default the last date of the data. previous: the answer that an edit changes."""

    question: str
    database: Database
    graph: Graph
    engine: DuckDBEngine
    as_of: date | None = None
    previous: Answer | None = None

    @property
    def schema(self) -> Schema:
        """Of the database."""
        return self.database.schema

    def run(self, spec: Answer | Edit, candidate: Candidate) -> Answered:
        """The answer to one spec of a candidate. Raises `SpecError` when it is not right and `EngineError` when it cannot be run."""
        ran = Running(self.database, self.engine, self.as_of).run(spec)
        return Answered(
            question=self.question,
            intent=spec.kind,
            spec=ran.spec,
            words=ran.words,
            sql=ran.sql,
            table=ran.table,
            confidence=candidate.confidence,
            values=sources_of(ran.spec, candidate.values, self.graph),
            data_version=self.database.version,
            warnings=(*_doubts(candidate.confidence), *ran.warnings),
            forecast=ran.forecast,
        )


def _doubts(confidence: float) -> list[str]:
    return [f"low confidence ({confidence:.0%}): read the spec before using the numbers"] if confidence < UNSURE else []
