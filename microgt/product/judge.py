"""`microgt evaluate`: predict a split, execute, say how many answers are right."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from rich.console import Console

from microgt.build import build
from microgt.data.example import Example, Source
from microgt.errors import ConfigError
from microgt.evaluation import Prediction, exit_status, pair, results_of, results_table, score, write_report
from microgt.evaluation.results import Results
from microgt.model.predictor import Candidate, Predictor
from microgt.product.checkpoints import find_checkpoint
from microgt.progress import progress
from microgt.schema.types import Schema
from microgt.spec import check

# The split that a source is tested on when none is named.
TEST_SPLITS = ("test", "dev", "validation", "train")
BATCH = 16


def evaluate(config: dict[str, Any]) -> int:
    """Run what `configs/evaluate.yaml` describes; return the exit status (1 under the bar)."""
    torch.set_num_threads(1)  # the products are small: more threads only wait for each other
    source = build(config["data"]["source"])
    checkpoint = find_checkpoint(config["checkpoint"])
    split = config["split"] or next(s for s in TEST_SPLITS if s in source.splits)
    results = judge(source, split, Predictor.load(checkpoint, beam=config["beam"]), checkpoint=str(checkpoint), limit=config["limit"])
    Console().print(results_table(results))
    if config["out"]:
        results.write(config["out"])
    if config["report"]:
        print(write_report(results, config["report"], title=f"{source.name}/{split}"))
    return exit_status(results.summary, config["fail_under"])


def judge(source: Source, split: str, predictor: Predictor, *, checkpoint: str, limit: int | None = None) -> Results:
    """Predict and score the questions of a split."""
    examples = source.examples(split)[:limit]
    if not examples:
        raise ConfigError(f"{source.name} has no questions in split {split!r}; choices: {', '.join(source.splits)}")
    predictions = list(predict(source, examples, predictor))
    trained = predictor.checkpoint.config.get("training", {}).get("databases")
    items = score(pair(examples, predictions), source, trained_on=trained, workers=min(2, os.cpu_count() or 1))
    return results_of(items, data=source.name, split=split, checkpoint=checkpoint, excluded=source.excluded(split))


def predict(source: Source, examples: Sequence[Example], predictor: Predictor) -> Iterator[Prediction]:
    """A prediction for each question: greedy in batches, or by beam one at a time, the first reading that the checker accepts."""
    ordered = sorted(examples, key=lambda e: (e.db, len(e.question)))
    batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    for batch in progress(batches, "predicting", len(batches)):
        begun = time.perf_counter()
        schemas = [source.schema(e.db) for e in batch]
        if predictor.beam > 1:
            found = [_first_accepted(predictor.predict(e.question, s), s) for e, s in zip(batch, schemas, strict=True)]
        else:
            found = predictor.predict_many([predictor.graph(e.question, s) for e, s in zip(batch, schemas, strict=True)])
        seconds = (time.perf_counter() - begun) / len(batch)
        for example, candidate in zip(batch, found, strict=True):
            yield Prediction(example.id, spec=candidate.spec, confidence=candidate.confidence, seconds=seconds)


def _first_accepted(candidates: Sequence[Candidate], schema: Schema) -> Candidate:
    return next((c for c in candidates if not check(c.spec, schema)), candidates[0])
