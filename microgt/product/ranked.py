"""The readings of a question in the order of a checkpoint's ranking: each is checked and run first, no query twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol, TypeVar

from microgt.engine.result import ResultTable
from microgt.errors import EngineError, MicrogtError
from microgt.evaluation.execution import Engine
from microgt.graph import Graph
from microgt.ranking import Ranking, Reading, Shown, features, same_answers, shown
from microgt.schema.types import Schema
from microgt.spec.checker import checked_sql
from microgt.spec.types import Answer, Edit, Spec


class Proposed(Protocol):
    """What is ranked: a spec, the log-probability of its actions, and what is known of how far it can be trusted. A dataclass."""

    @property
    def spec(self) -> Spec: ...
    @property
    def log_prob(self) -> float: ...
    @property
    def signs(self) -> Mapping[str, float]: ...


P = TypeVar("P", bound=Proposed)


class Once:
    """The engine of one question: what a query came to is remembered, errors too."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._known: dict[str, ResultTable | EngineError] = {}

    def run(self, sql: str) -> ResultTable:
        """As that of the engine."""
        if sql not in self._known:
            try:
                self._known[sql] = self._engine.run(sql)
            except EngineError as error:
                self._known[sql] = error
        found = self._known[sql]
        if isinstance(found, EngineError):
            raise found
        return found


def ranked(proposed: Sequence[P], ranking: Ranking, graph: Graph, schema: Schema, engine: Engine, as_of: date | None = None) -> list[P]:
    """The best first, each with the confidence of the ranking; queries that cannot be run last."""
    readings = [reading(p, schema, engine, as_of) for p in proposed]
    placed = ranking.place(features(readings, graph), same_answers(readings), [p.signs for p in proposed])
    return [replace(proposed[i], confidence=confidence) for i, confidence in placed]  # type: ignore[type-var]


def reading(proposed: Proposed, schema: Schema, engine: Engine, as_of: date | None = None) -> Reading:
    """A proposal with what running it shows."""
    return Reading(proposed.spec, proposed.log_prob, _shown(proposed.spec, schema, engine, as_of))


def _shown(spec: Spec, schema: Schema, engine: Engine, as_of: date | None) -> Shown | None:
    if not isinstance(spec, Answer | Edit):
        return None
    try:
        return shown(engine.run(checked_sql(spec, schema, as_of)))
    except MicrogtError:
        return None
