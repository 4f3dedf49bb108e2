"""`microgt evaluate`: predictions of a checkpoint, or of any system by a file, executed against gold. Files need no torch."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from microgt.build import build
from microgt.data.example import Example, Source
from microgt.data.sqlite_sql import for_duckdb
from microgt.errors import ConfigError, DataError
from microgt.evaluation import Prediction, Suites, exit_status, gold_as_prediction, read_predictions, results_table
from microgt.evaluation.journal import Journal
from microgt.evaluation.paired import compare_runs
from microgt.evaluation.results import Results
from microgt.evaluation.resumed import predict_on
from microgt.product.journals import open_journal
from microgt.product.judge import SHOWN, faulty_gold, judge, questions, refuse_faulty_gold
from microgt.product.outputs import regression_status, write_outputs

GOLD = "gold"
MOST_VARIANTS = 100


@dataclass(frozen=True)
class Answers:
    """What is scored. checkpoint: its name. trained_on: databases that count as seen. record: what `Results` is to say of a file."""

    examples: Sequence[Example]
    predictions: Sequence[Prediction]
    checkpoint: str | None = None
    trained_on: Collection[str] | None = None
    record: dict[str, Any] = field(default_factory=dict)


def evaluate(config: dict[str, Any]) -> int:
    """Run what `configs/evaluate.yaml` describes; return the exit status (1 under a bar). Raises `DataError` for gold that does not run."""
    if config["checkpoint"] and config["predictions"]:
        raise ConfigError("checkpoint= and predictions= are both given: which is to be scored?")
    earlier = Results.read(config["max_regression"]) if config["max_regression"] else None
    source = build(config["robustness"])(build(config["data"]["source"]))
    split, examples = questions(source, config["split"], config["limit"])
    tested = source.examples(split) if config["variants"] else ()
    with _variants(config, tested) as variants, open_journal(config, tested) as journal:
        answers = _answers(config)(config, source, split, examples, journal)
        results = judge(
            source,
            split,
            answers.examples,
            answers.predictions,
            checkpoint=answers.checkpoint,
            trained_on=answers.trained_on,
            workers=config["workers"],
            variants=variants,
            journal=journal,
        )
    return _tell(results.model_copy(update=answers.record), config, earlier)


def _variants(config: dict[str, Any], tested: Sequence[Example]) -> Suites:
    """The variants that are asked for. tested: all questions of the split, so that `limit` changes none."""
    number, folder = config["variants"], config["keep_variants"]
    if not 0 <= number <= MOST_VARIANTS:
        raise ConfigError(f"variants={number}: expected 0 (none) to {MOST_VARIANTS}")
    return Suites(tested, number, config["seed"], Path(folder) if folder else None)


def _tell(results: Results, config: dict[str, Any], earlier: Results | None) -> int:
    """Print the figures, write the files, return the exit status. Nothing that is wrong with the one keeps the other back."""
    if not faulty_gold(results):
        Console().print(results_table(results))
    try:
        against = compare_runs(earlier, results, common=True) if earlier else None
    except DataError:
        write_outputs(results, config)
        raise
    write_outputs(results, config, against)
    refuse_faulty_gold(results)
    status = exit_status(results.summary, config["fail_under"])
    return max(status, regression_status(against)) if against else status


def _answers(config: dict[str, Any]) -> Callable[..., Answers]:
    """Who answers."""
    if config["predictions"] == GOLD:
        return _of_gold
    return _of_file if config["predictions"] else _of_checkpoint


def _of_gold(config: dict[str, Any], source: Source, split: str, examples: list[Example], journal: Journal | None) -> Answers:
    return Answers(examples, [gold_as_prediction(e) for e in examples])


def _of_file(config: dict[str, Any], source: Source, split: str, examples: list[Example], journal: Journal | None) -> Answers:
    file = read_predictions(config["predictions"], {e.id for e in examples}, {name for name, _ in source.excluded(split)})
    for line in file.unused[:SHOWN]:
        print(f"{config['predictions']}: {line}", file=sys.stderr)
    if len(file.unused) > SHOWN:
        print(f"{config['predictions']}: {len(file.unused) - SHOWN} more lines are of no use", file=sys.stderr)
    predicted = {p.id: p for p in file.predictions}
    if not predicted:
        raise DataError(f"{config['predictions']} has no prediction for any question of {source.name} {split}, such as {examples[0].id!r}")
    kept = [e for e in examples if e.id in predicted or not config["only_predicted"]]
    predictions = [_translated(predicted[e.id], source, e.db, config["dialect"]) for e in kept if e.id in predicted]
    missing = tuple(e.id for e in examples if e.id not in predicted) if config["only_predicted"] else ()
    record = {"predictions": config["predictions"], "unused": file.unused, "not_predicted": missing}
    return Answers(kept, predictions, record=record)


def _of_checkpoint(config: dict[str, Any], source: Source, split: str, examples: list[Example], journal: Journal | None) -> Answers:
    from microgt.model.loading import load_proposer
    from microgt.product.checkpoints import find_checkpoint
    from microgt.product.predict import predict, trained_on

    checkpoint = find_checkpoint(config["checkpoint"])
    predictor = load_proposer(checkpoint, beam=config["beam"], allow=config["packages"])

    def run(asked: Sequence[Example]) -> Iterable[Prediction]:
        return predict(source, asked, predictor)

    predictions = predict_on(journal, examples, source, run) if journal else list(run(examples))
    return Answers(examples, predictions, str(checkpoint), trained_on(predictor))


def _translated(prediction: Prediction, source: Source, db: str, dialect: str) -> Prediction:
    """The prediction in DuckDB's SQL."""
    if prediction.sql is None or dialect == "duckdb":
        return prediction
    sql = for_duckdb(prediction.sql, source.schema(db))
    return replace(prediction, sql=sql) if sql else replace(prediction, sql=None, error="it cannot be parsed as SQLite's SQL")
