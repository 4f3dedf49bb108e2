"""Answers of a checkpoint to many questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import torch

from microgt.data.example import Example, Source
from microgt.errors import GrammarError
from microgt.evaluation import Prediction
from microgt.evaluation.results import Results
from microgt.graph import Graph
from microgt.model.proposer import Candidate, Proposer
from microgt.product.judge import judge, questions
from microgt.progress import progress
from microgt.schema.types import Schema
from microgt.spec import check

BATCH = 16


def judge_model(source: Source, predictor: Proposer, *, checkpoint: str, split: str | None = None, limit: int | None = None) -> Results:
    """Predict and score the questions of a split."""
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
    """A prediction for each question: greedy in batches, or by beam one at a time, the first reading that the checker accepts.

    note: is told of each reading that is taken.
    """
    ordered = sorted(examples, key=lambda e: (e.db, len(e.question)))
    batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    for batch in progress(batches, "predicting", len(batches)):
        begun = time.perf_counter()
        schemas = [source.schema(e.db) for e in batch]
        if predictor.beam > 1:
            found = [_found(lambda e=e, s=s: in_order(predictor.predict(e.question, s), s)[0]) for e, s in zip(batch, schemas, strict=True)]
        else:
            found = greedy_candidates([predictor.graph(e.question, s) for e, s in zip(batch, schemas, strict=True)], predictor)
        seconds = (time.perf_counter() - begun) / len(batch)
        for example, candidate in zip(batch, found, strict=True):
            if isinstance(candidate, GrammarError):
                yield Prediction(example.id, error=str(candidate), seconds=seconds)
            else:
                note(example, candidate)
                yield Prediction(example.id, spec=candidate.spec, confidence=candidate.confidence, seconds=seconds)


def readings(source: Source, examples: Sequence[Example], predictor: Proposer) -> Iterator[tuple[Example, list[Prediction]]]:
    """All that the beam holds for each question: first what `predict` would answer; empty where it came to a dead end."""
    for example in progress(sorted(examples, key=lambda e: e.db), "predicting", len(examples)):
        schema = source.schema(example.db)
        try:
            found = in_order(predictor.predict(example.question, schema), schema)
        except GrammarError:
            found = []
        yield example, [Prediction(example.id, spec=c.spec, confidence=c.confidence) for c in found]


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
