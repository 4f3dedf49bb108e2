"""Answers of a checkpoint to many questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Self

from microgt.data.example import Example, Source
from microgt.engine.duckdb import EnginePool, Limits
from microgt.errors import GrammarError
from microgt.evaluation import Prediction
from microgt.evaluation.results import Results
from microgt.graph import Graph
from microgt.model.proposer import Candidate, Proposer
from microgt.product.judge import judge, questions
from microgt.product.ranked import Once, ranked
from microgt.progress import progress
from microgt.schema.types import Schema
from microgt.spec import check

BATCH = 16


def judge_model(source: Source, predictor: Proposer, *, checkpoint: str, split: str | None = None, limit: int | None = None) -> Results:
    """Predict and score the questions of a split."""
    import torch  # an export in ONNX is asked without it

    torch.set_num_threads(1)  # the products are small: more threads only wait for each other
    split, examples = questions(source, split, limit)
    predictions = list(predict(source, examples, predictor))
    return judge(source, split, examples, predictions, checkpoint=checkpoint, trained_on=trained_on(predictor))


def trained_on(predictor: Proposer) -> Sequence[str] | None:
    """The databases that a checkpoint was trained on, when it says so."""
    return predictor.config.get("training", {}).get("databases")


def predict(
    source: Source, examples: Sequence[Example], predictor: Proposer, note: Callable[[Example, Candidate], object] = lambda *_: None
) -> Iterator[Prediction]:
    """A prediction for each question: greedy in batches, or by beam one at a time, the best reading as `Beams` orders them.

    note: is told of each reading that is taken.
    """
    with Beams(source, predictor) as beams:
        yield from _predict(source, examples, predictor, beams, note)


def _predict(
    source: Source, examples: Sequence[Example], predictor: Proposer, beams: Beams, note: Callable[[Example, Candidate], object]
) -> Iterator[Prediction]:
    ordered = sorted(examples, key=lambda e: (e.db, len(e.question)))
    batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    for batch in progress(batches, "predicting", len(batches)):
        begun = time.perf_counter()
        if predictor.beam > 1:
            found = [_found(lambda e=e: beams.read(e)[0]) for e in batch]
        else:
            found = greedy_candidates([predictor.graph(e.question, source.schema(e.db)) for e in batch], predictor)
        seconds = (time.perf_counter() - begun) / len(batch)
        for example, candidate in zip(batch, found, strict=True):
            if isinstance(candidate, GrammarError):
                yield Prediction(example.id, error=str(candidate), seconds=seconds)
            else:
                note(example, candidate)
                yield Prediction(example.id, spec=candidate.spec, confidence=candidate.confidence, seconds=seconds)


def readings(source: Source, examples: Sequence[Example], predictor: Proposer) -> Iterator[tuple[Example, list[Prediction]]]:
    """All that the beam holds for each question: first what `predict` would answer; empty where it came to a dead end."""
    with Beams(source, predictor) as beams:
        for example in progress(sorted(examples, key=lambda e: e.db), "predicting", len(examples)):
            try:
                found = beams.read(example)
            except GrammarError:
                found = []
            yield example, [Prediction(example.id, spec=c.spec, confidence=c.confidence) for c in found]


class Beams:
    """The readings of questions of a source, the best first. Close it, or use it as a context manager.

    Where the predictor has a ranking, each reading is run and they stand in its order, learned without the database that is asked; else
    those that the checker accepts before the others, the likelier first.
    """

    def __init__(self, source: Source, predictor: Proposer, limits: Limits | None = None):
        self._source, self._predictor, self._pool = source, predictor, EnginePool(limits)

    def read(self, example: Example) -> list[Candidate]:
        """Of one question. Raises `GrammarError` where the beam came to a dead end."""
        schema, ranking = self._source.schema(example.db), self._predictor.ranking
        found = self._predictor.predict(example.question, schema)
        if ranking is None:
            return in_order(found, schema)
        graph, engine = self._predictor.graph(example.question, schema), self._pool.engine(self._source.database(example.db))
        return ranked(found, ranking.unseen(example.db), graph, schema, Once(engine))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()


def greedy_candidates(graphs: Sequence[Graph], predictor: Proposer) -> list[Candidate | GrammarError]:
    """The greedy reading of each graph, or the dead end it came to. All together, or one at a time when one of them comes to a dead end."""
    try:
        return list(predictor.predict_many(graphs))
    except GrammarError:
        return [_found(lambda g=g: predictor.predict_many([g])[0]) for g in graphs]


def _found(read: Callable[[], Candidate]) -> Candidate | GrammarError:
    """What was read, or the dead end that reading came to: a model of little training walks into them."""
    try:
        return read()
    except GrammarError as error:
        return error


def in_order(candidates: Sequence[Candidate], schema: Schema) -> list[Candidate]:
    """Those that the checker accepts before the others, the likelier first."""
    return sorted(candidates, key=lambda c: bool(check(c.spec, schema)))
