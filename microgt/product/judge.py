"""Scoring predictions for questions of a source, whoever made them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence

from microgt.data.example import Example, Source
from microgt.errors import ConfigError, DataError
from microgt.evaluation import Outcome, Prediction, Suites, pair, results_of, score
from microgt.evaluation.exact import marked
from microgt.evaluation.journal import Journal
from microgt.evaluation.results import Item, Results
from microgt.evaluation.resumed import score_on
from microgt.evaluation.score import Scored

# The split that is asked when none is named: the first of these that the source has.
TEST_SPLITS = ("dev", "test", "validation", "train")
SHOWN = 5  # ids of questions in a message


def questions(source: Source, split: str | None = None, limit: int | None = None) -> tuple[str, list[Example]]:
    """The split's name and its (first `limit`) questions. Raises `ConfigError` when there are none."""
    split = split or next((s for s in TEST_SPLITS if s in source.splits), source.splits[0])
    examples = source.examples(split)[:limit]
    if not examples:
        raise ConfigError(f"{source.name} has no questions in split {split!r}; choices: {', '.join(source.splits)}")
    return split, examples


def judge(
    source: Source,
    split: str,
    examples: Sequence[Example],
    predictions: Iterable[Prediction],
    *,
    checkpoint: str | None = None,
    trained_on: Collection[str] | None = None,
    workers: int | None = None,
    variants: Suites | None = None,
    journal: Journal | None = None,
) -> Results:
    """Execute predictions against gold.

    workers: databases looked at in parallel; as many as there are processors, at most 4. variants: of databases, to be right on too.
    journal: what an interrupted run has found out.
    """
    workers = workers or min(4, os.cpu_count() or 1)

    def run(items: Sequence[Scored], on_item: Callable[[Item], None] = lambda _: None) -> list[Item]:
        return score(items, source, trained_on=trained_on, workers=workers, variants=variants, on_item=on_item)

    asked = pair(examples, predictions)
    items = score_on(journal, asked, source, run) if journal else run(asked)
    items = marked(items, examples, [one.prediction for one in asked], source)
    return results_of(items, data=source.name, split=split, checkpoint=checkpoint, excluded=source.excluded(split), variants=variants)


def faulty_gold(results: Results) -> list[Item]:
    """The questions whose gold does not run: no figure is right until they are mended or excluded."""
    return [item for item in results.items if item.outcome is Outcome.GOLD_ERROR]


def refuse_faulty_gold(results: Results) -> None:
    """Raises `DataError` that names some of the questions whose gold does not run, if there are any."""
    if faulty := faulty_gold(results):
        named = ", ".join(item.id for item in faulty[:SHOWN]) + (", ..." if len(faulty) > SHOWN else "")
        raise DataError(f"the gold of {len(faulty)} of {len(results.items)} questions does not run: {named} (the first: {faulty[0].error})")
