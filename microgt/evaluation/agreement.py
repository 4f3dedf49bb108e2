"""How near a prediction is to gold as a spec, beside what its execution says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from microgt.errors import SpecError
from microgt.evaluation.prediction import Gold, Prediction
from microgt.evaluation.results import SlotCount
from microgt.evaluation.slots import compare_slots
from microgt.schema.types import Schema
from microgt.spec.canonical import canonical
from microgt.spec.importer import import_sql
from microgt.spec.types import Answer, Chart, Spec, Value

LONGEST = 20_000  # characters of SQL that a spec is made from
_KEPT = 256  # specs of SQL: rewordings of a question share their gold


@dataclass(frozen=True, slots=True)
class Agreement:
    """Each is None when it is not known: gold or prediction is SQL that has no spec, or gold has nothing of the kind.

    gold, predicted: the specs that were compared, in their one form.
    """

    gold: Spec | None = None
    predicted: Spec | None = None
    exact_match: bool | None = None
    chart_match: bool | None = None
    value_recall: float | None = None
    slots: dict[str, SlotCount] | None = None


class SpecReader:
    """The specs of queries about one database, in their one form; the same SQL is read once."""

    def __init__(self, schema: Schema):
        self.schema = schema
        self._of_sql = lru_cache(maxsize=_KEPT)(self._read_sql)

    def read(self, spec: Spec | None, sql: str | None) -> Spec | None:
        """The spec, else that of the SQL; None where there is none."""
        if spec is None:
            return self._of_sql(sql) if sql and len(sql) <= LONGEST else None
        try:
            return canonical(spec, self.schema)
        except SpecError:
            return None

    def _read_sql(self, sql: str) -> Spec | None:
        try:
            return canonical(import_sql(sql, self.schema), self.schema)
        except SpecError:
            return None


def agreement(gold: Gold, prediction: Prediction, reader: SpecReader, executable: bool) -> Agreement:
    """Compare the specs, both in their one form; SQL that runs becomes a spec where it can.

    Predicted SQL cannot say how its result is to be shown: charts are then left out. No prediction at all agrees with nothing.
    """
    wanted = reader.read(gold.spec, gold.sql)
    nothing = prediction.spec is None and prediction.sql is None
    if prediction.spec is None and prediction.sql == gold.sql:
        given = None if nothing else wanted
    else:
        given = reader.read(prediction.spec, prediction.sql if executable else None)
    if wanted is None or (given is None and not nothing):
        return Agreement(wanted, given)
    charts = prediction.sql is None
    if not charts and isinstance(given, Answer) and isinstance(wanted, Answer):
        given = given.model_copy(update={"view": wanted.view})
    return Agreement(
        wanted,
        given,
        exact_match=wanted == given,
        chart_match=chart_match(wanted, given) if charts else None,
        value_recall=value_recall(wanted, given),
        slots=compare_slots(wanted, given, charts),
    )


def chart_match(gold: Spec, predicted: Spec | None) -> bool | None:
    """Whether the charts are the same; None when gold asks for none."""
    if not isinstance(gold, Answer) or not isinstance(gold.view, Chart):
        return None
    return isinstance(predicted, Answer) and predicted.view == gold.view


def value_recall(gold: Spec, predicted: Spec | None) -> float | None:
    """The share of gold's distinct literals that the prediction has too; None when gold has none."""
    wanted = _values(gold)
    return len(wanted & _values(predicted)) / len(wanted) if wanted else None


def _values(node: Any) -> set[tuple[bool, object]]:
    """The literals below a node; true is kept apart from 1."""
    if isinstance(node, Value):
        return {(isinstance(node.value, bool), node.value)}
    if isinstance(node, BaseModel):
        return set().union(*(_values(getattr(node, name)) for name in type(node).model_fields))
    if isinstance(node, tuple):
        return set().union(*(_values(item) for item in node))
    return set()
