"""A desk with a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    @property
    def threshold(self) -> float:
        """Confidence below which it is better to ask back."""
        ...


class AskDesk(Desk):
    """make: a model of its own for each desk; weights may be shared."""

    def __init__(self, limits: Limits, hide: tuple[str, ...], make: Callable[[], Model]):
        super().__init__(limits, hide)
        self._model = make()
        timed, known = _TimedModel(self._model, self), self._model
        self._asker = Asker(timed, hide=hide, threshold=known.threshold, ranking=known.ranking, engines=self.engines)

    def ask(self, path: Path, question: str, *, beam: int, as_of: date | None, previous: Spec | None, choose: int | None) -> Answered:
        """As `Asker.ask`."""
        self._model.beam = beam
        return self._asker.ask(path, question, as_of=as_of, previous=previous, choose=choose)

    def refine(self, path: Path, words: str, spec: Spec, *, beam: int, as_of: date | None, choose: int | None) -> Answered:
        """As `Asker.refine`."""
        self._model.beam = beam
        return self._asker.refine(path, words, spec, as_of=as_of, choose=choose)

    def database(self, path: Path) -> Database:
        """As the questions see it."""
        return self._asker.database(path)

    def warm(self, path: Path) -> None:
        """Open a database and make its linker, so that the first question does not wait for it. Raises `DataError`."""
        self._model.graph("warm", self.database(path).schema)


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
