"""How near a predicted spec is to the gold spec, beside what its execution says."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from microgt.spec.json import write_spec
from microgt.spec.types import Answer, Chart, Spec, Value


def exact_match(gold: Spec, predicted: Spec | None) -> bool:
    """Whether both have the same canonical JSON."""
    return predicted is not None and write_spec(gold) == write_spec(predicted)


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
