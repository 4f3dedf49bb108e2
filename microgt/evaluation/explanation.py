"""What a person needs to see why an answer is not right: both specs in words, both results side by side."""

from __future__ import annotations

from typing import Any

from microgt.engine.result import ResultTable
from microgt.errors import SpecError
from microgt.evaluation.comparator import Difference
from microgt.evaluation.results import Sample
from microgt.evaluation.side_by_side import sample, side_by_side
from microgt.schema.types import Schema
from microgt.spec.types import Spec
from microgt.spec.words import in_words


def explanation(
    gold: Spec | None, predicted: Spec | None, tables: tuple[ResultTable | None, ResultTable | None], reason: str | None, schema: Schema
) -> dict[str, Any]:
    """The fields of an `Item` about this: gold_words, words, gold_sample, sample. gold, predicted: also those that SQL came to."""
    ours, theirs = _samples(*tables, reason)
    return {"gold_words": _words(gold, schema), "words": _words(predicted, schema), "gold_sample": ours, "sample": theirs}


def _samples(gold: ResultTable | None, predicted: ResultTable | None, reason: str | None) -> tuple[Sample | None, Sample | None]:
    if gold is None or predicted is None:
        return gold and sample(gold), predicted and sample(predicted)
    return side_by_side(gold, predicted, ordered=reason == Difference.ORDER)


def _words(spec: Spec | None, schema: Schema) -> str | None:
    try:
        return None if spec is None else in_words(spec, schema)
    except SpecError:  # it names what the database does not have
        return None
