"""A desk with a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from microgt.engine.database import Database
from microgt.engine.duckdb import Limits
from microgt.errors import QueryTimeout
from microgt.graph import Graph
from microgt.product.answered import Answered
from microgt.product.asker import Asker
from microgt.product.proposal import Candidate, Predictor
from microgt.ranking import Ranking
from microgt.schema.types import Schema
from microgt.serve.desk import Desk
from microgt.spec.types import Spec


class Model(Predictor, Protocol):
    """What proposes specs. beam: how many readings it keeps. ranking: by which they are ordered, where it has one."""

    beam: int
    ranking: Ranking | None

    def threshold(self, schema: Schema, spec: Spec | None = None) -> float:
        """Confidence below which it is better to ask back; spec: instead of giving its answer."""
        ...


@dataclass(frozen=True)
class Maker:
    """make: a model, whose weights may be shared with others. name: what its answers call it."""

    make: Callable[[], Model]
    name: str | None = None


class AskDesk(Desk):
    """maker: of a model for this desk. own: of models for single databases, by their paths."""

    def __init__(self, limits: Limits, hide: tuple[str, ...], maker: Maker, own: Mapping[Path, Maker] | None = None):
        super().__init__(limits, hide)
        self._hide = hide
        self._any = self._seat(maker)
        self._own = {path: self._seat(one) for path, one in (own or {}).items()}

    def ask(self, path: Path, question: str, *, beam: int, as_of: date | None, previous: Spec | None, choose: int | None) -> Answered:
        """As `Asker.ask`."""
        return self._asker(path, beam).ask(path, question, as_of=as_of, previous=previous, choose=choose)

    def refine(self, path: Path, words: str, spec: Spec, *, beam: int, as_of: date | None, choose: int | None) -> Answered:
        """As `Asker.refine`."""
        return self._asker(path, beam).refine(path, words, spec, as_of=as_of, choose=choose)

    def attended(
        self, path: Path, question: str, spec: Spec, previous: Spec | None
    ) -> tuple[tuple[str, ...], Mapping[str, Sequence[float]] | None]:
        """As `Asker.attended`."""
        return self._own.get(path, self._any).asker.attended(path, question, spec, previous=previous)

    def database(self, path: Path) -> Database:
        """As the questions see it."""
        return self._own.get(path, self._any).asker.database(path)

    def warm(self, path: Path) -> None:
        """Open a database and make its linker, so that the first question does not wait for it. Raises `DataError`."""
        model, schema = self._own.get(path, self._any).model, self.database(path).schema
        model.graph("warm", schema)
        model.threshold(schema)

    def _asker(self, path: Path, beam: int) -> Asker:
        seat = self._own.get(path, self._any)
        seat.model.beam = beam
        return seat.asker

    def _seat(self, maker: Maker) -> _Seat:
        model = maker.make()
        asker = Asker(
            _TimedModel(model, self),
            hide=self._hide,
            threshold=model.threshold,
            ranking=model.ranking,
            engines=self.engines,
            checkpoint=maker.name,
        )
        return _Seat(model, asker)


@dataclass(frozen=True)
class _Seat:
    model: Model
    asker: Asker


class _TimedModel:
    """Counts the model's time, and does not begin when that of the request is over."""

    def __init__(self, model: Predictor, desk: Desk):
        self._model, self._desk = model, desk

    def graph(self, question: str, schema: Schema) -> Graph:
        with self._desk.watch.stage("graph"):
            return self._model.graph(question, schema)

    def predict(self, question: str, schema: Schema) -> Sequence[Candidate]:
        watch = self._desk.watch
        if watch.left <= 0:
            raise QueryTimeout("the time of the request was over before the model began")
        with watch.stage("model"):
            return self._model.predict(question, schema)

    def attended(self, question: str, schema: Schema, spec: Spec) -> Mapping[str, Sequence[float]] | None:
        with self._desk.watch.stage("model"):
            return self._model.attended(question, schema, spec)

    def knows(self, rule: str) -> bool:
        return self._model.knows(rule)
