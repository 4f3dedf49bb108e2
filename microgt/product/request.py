"""A question with all that its answer depends on, and how one spec of it is checked, compiled and run."""

from __future__ import annotations

from dataclasses import dataclass

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
    """running: where its specs are run. previous: the answer that an edit changes."""

    question: str
    graph: Graph
    running: Running
    previous: Answer | None = None

    @property
    def schema(self) -> Schema:
        """Of the database."""
        return self.running.database.schema

    def run(self, spec: Answer | Edit, candidate: Candidate) -> Answered:
        """The answer to one spec of a candidate. Raises `SpecError` when it is not right and `EngineError` when it cannot be run."""
        ran = self.running.run(spec)
        return Answered(
            question=self.question,
            intent=spec.kind,
            spec=ran.spec,
            words=ran.words,
            sql=ran.sql,
            table=ran.table,
            confidence=candidate.confidence,
            values=sources_of(ran.spec, candidate.values, self.graph),
            data_version=self.running.database.version,
            warnings=(*_doubts(candidate.confidence), *ran.warnings),
            forecast=ran.forecast,
        )


def _doubts(confidence: float) -> list[str]:
    return [f"low confidence ({confidence:.0%}): read the spec before using the numbers"] if confidence < UNSURE else []
