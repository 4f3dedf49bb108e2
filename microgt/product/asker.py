"""From a question to a checked, executed answer.

The model proposes specs; each is checked against the schema, compiled and run, in the model's order or, where the checkpoint has learned
one, in the order of its ranking, and the first that survives is the answer. What failed before it is named in the warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

from microgt.engine.database import Database
from microgt.engine.databases import OpenDatabases
from microgt.engine.duckdb import EnginePool, Limits
from microgt.errors import ConfigError, MicrogtError, NotAnswerable, SeveralReadings
from microgt.product.answered import Answered
from microgt.product.history import wide
from microgt.product.intents import asked_back, intent_of
from microgt.product.learnt import name_of
from microgt.product.missing import what_is_missing
from microgt.product.proposal import Candidate, Predictor
from microgt.product.ranked import Once, ranked
from microgt.product.refined import Understood, changed
from microgt.product.request import Request
from microgt.product.suggest import Suggestion, suggestions
from microgt.product.synonyms import SynonymFiles
from microgt.ranking import Ranking
from microgt.refine import EXAMPLES, refine
from microgt.refine.spoken import spoken
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.types import Answer, Edit, Spec


class Asker:
    """Answers questions; keeps databases open between them. Close it, or use it as a context manager.

    limits: of the engine's workers. hide: column ids whose values the model must not see. threshold: by schema and spec; an answer of a
    lower confidence is not given: the likeliest readings are, to be chosen from. ranking: by which the proposals are ordered; all of them
    are run for it. engines: where the SQL runs, in place of a pool with these limits. checkpoint: what the answers say the predictor is.
    """

    def __init__(
        self,
        predictor: Predictor,
        *,
        limits: Limits | None = None,
        hide: tuple[str, ...] = (),
        threshold: Callable[[Schema, Spec], float] | None = None,
        ranking: Ranking | None = None,
        engines: EnginePool | None = None,
        checkpoint: str | None = None,
    ):
        self._predictor, self._threshold, self._ranking = predictor, threshold, ranking
        self._checkpoint = checkpoint
        self._pool = engines or EnginePool(limits)
        self._databases, self._synonyms = OpenDatabases(hide), SynonymFiles()

    @classmethod
    def from_checkpoint(
        cls, path: str | Path, *, limits: Limits | None = None, hide: tuple[str, ...] = (), allow: Sequence[str] = ()
    ) -> Self:
        """From a checkpoint in any form; see `load_proposer`. allow: packages of the user's own whose code it may run.

        The thresholds are those of the checkpoint's ranking; without one every answer is given.
        Raises `CheckpointError`; `ModuleNotFoundError` without the extra `train`, or `runtime` for an export in ONNX.
        """
        from microgt.model.loading import load_proposer

        predictor = load_proposer(path, allow=allow)
        return cls(predictor, limits=limits, hide=hide, threshold=predictor.threshold, ranking=predictor.ranking, checkpoint=name_of(path))

    def ask(
        self, db: str | Path, question: str, *, as_of: date | None = None, previous: Spec | None = None, choose: int | None = None
    ) -> Answered:
        """Answer one question from a DuckDB, SQLite, CSV or Parquet path.

        as_of: what relative periods count from; by default the last date of the data. previous: the spec of the answer before, which the
        question may change: by words as those of `refine`; else the model is told of it. choose: the number of a reading, from 1, when the
        question has several.
        Raises `ConfigError` (empty question, wrong previous spec, no such reading), `DataError` (unusable database), `NotAnswerable`:
        `SeveralReadings` when one is to be chosen, `Unanswered` when the model says why there is no answer.
        """
        _refuse_empty(question)
        if previous is not None:
            reworded = self._reworded(db, question, previous, as_of, choose)
            if reworded:
                return reworded
        return self._asked(self._request(db, question, as_of, previous), choose)

    def _asked(self, request: Request, choose: int | None) -> Answered:
        """What the model makes of a request."""
        missing = None if request.previous else what_is_missing(request.graph, request.schema)  # "only the first five" names nothing
        if missing:
            raise NotAnswerable(missing)
        try:
            candidates = self._predictor.predict(request.graph.question, request.schema)
            if self._ranking:
                candidates = ranked(candidates, self._ranking, request.graph, request.schema, request.engine, request.as_of)
            taken, answered = _first_that_runs(request, candidates)
            if self._threshold and answered.confidence < self._threshold(request.schema, answered.spec):
                answered = asked_back(request, taken, candidates, answered)
        except SeveralReadings as several:
            if choose is None:
                raise
            return self._named(several.chosen(choose))
        return self._named(answered if choose is None else _warned(answered, "the question has one reading: there was nothing to choose"))

    def _named(self, answered: Answered) -> Answered:
        return replace(answered, checkpoint=self._checkpoint)

    def refine(self, db: str | Path, words: str, previous: Spec, *, as_of: date | None = None, choose: int | None = None) -> Answered:
        """The answer after a change that is said in words ("only 2023", "as a line", "by month"; see `microgt.refine`).

        What is not wholly understood without the model is asked of a model that has learnt changes, with the answer before; of another as a
        new question, as if nothing had been shown before. Raises as `ask`, and `CannotRefine` when the words are understood and the answer
        cannot be changed in that way.
        """
        _refuse_empty(words)
        reworded = self._reworded(db, words, previous, as_of, choose)
        if reworded:
            return reworded
        request = self._request(db, words, as_of)
        missing = what_is_missing(request.graph, request.schema)
        if missing:
            raise NotAnswerable(f"{missing}, and it is no change of the answer that is known, such as {EXAMPLES}")
        told = self._request(db, words, as_of, previous) if self._predictor.knows("Edit") else request
        return self._asked(told, choose)

    def run(self, db: str | Path, question: str, spec: Answer, *, as_of: date | None = None) -> Answered:
        """The answer that a spec gives to a question. Raises `SpecError` when it is not right, `EngineError` when it cannot be run."""
        request = self._request(db, question, as_of)
        return request.run(spec, Understood(spec, request.graph.values))

    def attended(
        self, db: str | Path, question: str, spec: Spec, *, previous: Spec | None = None
    ) -> tuple[tuple[str, ...], Mapping[str, Sequence[float]] | None]:
        """The words of a question as the model read them, and for what its answer names the shares of the model's attention on them.

        spec, previous: of the answer, and of the one before, which a model that has learnt changes was told of. The second of what is
        returned is None where the model does not tell, or could not have written the spec. Raises `ConfigError` and `DataError` as `ask`.
        """
        _refuse_empty(question)
        graph = self._request(db, question, None, previous if self._predictor.knows("Edit") else None).graph
        return graph.words, self._predictor.attended(graph.question, self.database(db).schema, spec)

    def suggestions(self, db: str | Path) -> list[Suggestion]:
        """Questions that have an answer, to begin with. Raises `DataError`."""
        database = self.database(db)
        return suggestions(database.schema, self._pool.engine(database.path))

    def _reworded(self, db: str | Path, words: str, previous: Spec, as_of: date | None, choose: int | None) -> Answered | None:
        """The previous answer changed in words; None when they are not understood without the model."""
        before = _previous(previous, self.database(db).schema)
        request = self._request(db, words, as_of)
        readings = refine(before, request.graph, request.schema)
        return None if readings is None else changed(replace(request, previous=before), readings, choose)

    def _request(self, db: str | Path, question: str, as_of: date | None, previous: Spec | None = None) -> Request:
        """previous: what the model is told of before the question."""
        database = self.database(db)
        retold = self._synonyms.of(db, database.schema).retold(question)
        before = None if previous is None else _previous(previous, database.schema)
        text = spoken(before, retold.text, database.schema) if before else retold.text
        graph, engine = self._predictor.graph(text, database.schema), self._pool.engine(database.path)
        return Request(question, database, graph, Once(engine), wide(engine), as_of, before, retold.notes)

    def database(self, path: str | Path) -> Database:
        """Open a database, or return it when it is open and its files have not changed. Raises `DataError`."""
        return self._databases.get(path)

    def close(self) -> None:
        """Stop the workers."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _refuse_empty(question: str) -> None:
    if not question.strip():
        raise ConfigError('the question is empty: ask something, such as "How many orders were there last year?"')


def _previous(spec: Spec, schema: Schema) -> Answer:
    """The answer that an edit changes. Raises `ConfigError` when the previous spec is none of this database."""
    spec = spec.answer if isinstance(spec, Edit) else spec
    if not isinstance(spec, Answer):
        raise ConfigError(f"the previous spec is {spec.kind!r}, which has no answer to change: give one of kind 'answer' or 'edit'")
    for error in check(spec, schema):
        raise ConfigError(f"the previous spec is not right for {schema.name}: {error}")
    return spec


def _first_that_runs(request: Request, candidates: Sequence[Candidate]) -> tuple[Candidate, Answered]:
    dropped: list[str] = []
    for candidate in candidates:
        try:
            answered = intent_of(candidate.spec).answered(request, candidate)
        except NotAnswerable:
            raise
        except MicrogtError as error:
            dropped.append(str(error))
            continue
        return candidate, _warned(answered, f"{len(dropped)} likelier reading(s) could not be run: {dropped[0]}") if dropped else answered
    first = f"; the likeliest failed with {dropped[0]}" if dropped else ""
    raise NotAnswerable(f"none of the {len(candidates)} readings of the question can be run on this database{first}")


def _warned(answered: Answered, warning: str) -> Answered:
    return replace(answered, warnings=(warning, *answered.warnings))
