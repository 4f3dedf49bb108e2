"""The outcome of one question: check, compile, run both sides, compare."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from microgt.engine.result import ResultTable
from microgt.evaluation.agreement import SpecReader, agreement
from microgt.evaluation.comparator import Comparison, identical
from microgt.evaluation.difficulty import difficulty_of
from microgt.evaluation.execution import Engine, Side, run_spec, run_sql
from microgt.evaluation.explanation import explanation
from microgt.evaluation.order import ordering
from microgt.evaluation.ordered import compare_ordered
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.prediction import NOTHING, Gold, Prediction
from microgt.evaluation.results import Item
from microgt.evaluation.variants import Verdict, over_variants
from microgt.evaluation.variants.verdict import Compared
from microgt.schema.types import Schema
from microgt.spec.json import write_spec
from microgt.spec.types import Answer, Spec

TIE_CUT = "tie_cut"
ABSTAINED = "abstained"
UNANSWERABLE = "unanswerable"


def score_one(
    gold: Gold,
    prediction: Prediction,
    reader: SpecReader,
    engine: Engine,
    *,
    seen: bool | None = None,
    variants: Sequence[Engine | None] = (),
) -> Item:
    """The item of one question.

    reader: of the database's schema. variants: engines of variants of the database, on each of which a match must hold; None for one that
    says nothing about this gold.

    Raises nothing for bad gold or bad predictions: they are outcomes.
    """
    schema = reader.schema
    wanted, given = _gold(gold, schema, engine), _predicted(prediction, schema, engine)
    compared = _comparing(wanted, gold)
    original = _verdict(wanted, given, compared, engine)
    verdict = over_variants(original, wanted, given, compared, variants)
    near = agreement(gold, prediction, reader, executable=given.failed is None)
    item = Item(
        id=gold.id,
        db=gold.db,
        category=gold.category,
        question=gold.question,
        difficulty=difficulty_of(gold.sql, gold.spec),
        outcome=verdict.outcome,
        original=original.outcome if variants else None,
        variant=verdict.variant,
        reason=verdict.reason,
        error=verdict.error,
        gold_spec=_json(gold.spec),
        gold_sql=wanted.sql,
        spec=_json(prediction.spec),
        sql=given.sql,
        gold_rows=len(wanted.table.rows) if wanted.table else None,
        rows=len(given.table.rows) if given.table else None,
        valid=given.valid,
        executable=given.failed is None,
        seen=seen,
        exact_match=near.exact_match,
        chart_match=near.chart_match,
        value_recall=near.value_recall,
        slots=near.slots,
        abstained=prediction.abstains,
        confidence=prediction.confidence,
        seconds=prediction.seconds,
    )
    if item.right:
        return item
    specs = gold.spec or near.gold, prediction.spec or near.predicted
    return item.model_copy(update=explanation(*specs, verdict.tables or (wanted.table, given.table), verdict.reason, schema))


def _json(spec: Spec | None) -> dict | None:
    return None if spec is None else write_spec(spec)


def _gold(gold: Gold, schema: Schema, engine: Engine) -> Side:
    if gold.sql:
        return run_sql(gold.sql, engine)
    if gold.spec is not None:
        return run_spec(gold.spec, schema, engine)
    return Side(failed=Outcome.GOLD_ERROR, error="there is neither SQL nor a spec")


def _predicted(prediction: Prediction, schema: Schema, engine: Engine) -> Side:
    if prediction.spec is not None:
        return run_spec(prediction.spec, schema, engine)
    if prediction.sql:
        return run_sql(prediction.sql, engine)
    return Side(failed=Outcome.INVALID_SPEC, error=prediction.error or NOTHING, valid=False)


def _verdict(wanted: Side, given: Side, compared: Compared, engine: Engine) -> Verdict:
    """The outcome and its reason, a tie cut among them. A fault of the gold comes before one of the prediction."""
    if wanted.failed:
        return Verdict(Outcome.GOLD_ERROR, error=wanted.error)
    if given.failed:
        return Verdict(given.failed, error=given.error)
    if wanted.table is None or given.table is None:  # at least one side says that there is no answer
        if wanted.table is given.table:
            return Verdict(Outcome.CORRECT)
        return Verdict(Outcome.WRONG, ABSTAINED if given.table is None else UNANSWERABLE)
    found = compared(wanted.table, given.table, engine)
    if not found.equal:
        return Verdict(Outcome.WRONG, found.why)
    if not wanted.table.rows:
        return Verdict(Outcome.VACUOUS)
    return Verdict(Outcome.CORRECT, TIE_CUT if found.tie_cut else None)


def _comparing(wanted: Side, gold: Gold) -> Compared:
    """Compares answers in gold's order, which is read from its query only when it can matter: reading costs more than running."""
    order = cache(lambda: ordering(wanted.sql or "", _sort_keys(gold)))

    def compared(table: ResultTable, given: ResultTable, engine: Engine) -> Comparison:
        return Comparison(None) if identical(table, given) else compare_ordered(table, given, order(), engine)

    return compared


def _sort_keys(gold: Gold) -> int | None:
    """How many terms of the compiled ORDER BY the spec asked for; the compiler adds others so that ties are broken the same way."""
    return len(gold.spec.query.sort) if not gold.sql and isinstance(gold.spec, Answer) else None
