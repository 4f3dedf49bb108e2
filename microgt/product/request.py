"""A question with all that its answer depends on, and how one spec of it is checked, compiled and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from microgt.engine.database import Database
from microgt.evaluation.execution import Engine
from microgt.graph import Graph
from microgt.graph.graph import MOST_WORDS
from microgt.product.answered import Answered
from microgt.product.linked import links_of, sources_of
from microgt.product.proposal import Candidate
from microgt.product.run import Runner
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.types import Answer, Edit
from microgt.spec.words import in_words

# Below this the reading is shown with a warning.
UNSURE = 0.3


@dataclass(frozen=True)
class Request:
    """long: the engine with room for a forecast's past. as_of: what relative periods count from; by default the last date of the data.
    previous: the answer that an edit changes. notes: how its words were read. The graph is of the question in the words of the database."""

    question: str
    database: Database
    graph: Graph
    engine: Engine
    long: Engine
    as_of: date | None = None
    previous: Answer | None = None
    notes: tuple[str, ...] = ()

    @property
    def schema(self) -> Schema:
        """Of the database."""
        return self.database.schema

    def run(self, spec: Answer | Edit, candidate: Candidate) -> Answered:
        """The answer to one spec of a candidate. Raises `SpecError` when it is not right and `EngineError` when it cannot be run."""
        errors = check(spec, self.schema)
        if errors:
            raise errors[0]
        ran = Runner(self.schema, self.engine, self.long, self.as_of).run(spec)
        return Answered(
            question=self.question,
            intent=spec.kind,
            spec=ran.spec,
            words=in_words(ran.spec, self.schema),
            sql=ran.sql,
            table=ran.table,
            confidence=candidate.confidence,
            values=sources_of(spec, candidate.values, self.graph, self.previous),
            links=links_of(self.graph, spec, self.schema),
            data_version=self.database.version,
            warnings=(*_doubts(candidate.confidence), *_unread(self.graph), *ran.warnings),
            forecast=ran.forecast,
            notes=self.notes,
        )


def _doubts(confidence: float) -> list[str]:
    return [f"low confidence ({confidence:.0%}): read the spec before using the numbers"] if confidence < UNSURE else []


def _unread(graph: Graph) -> list[str]:
    said = f"only the first {MOST_WORDS} words of the question were read, {graph.unread} were not: ask in fewer words"
    return [said] if graph.unread else []
