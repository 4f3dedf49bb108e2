"""Changes of an answer that were understood without the model, run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from microgt.errors import SeveralReadings
from microgt.graph import ValueNode
from microgt.product.answered import Answered
from microgt.product.intents import Clarifying, Editing
from microgt.product.request import Request
from microgt.spec.diff import diff
from microgt.spec.types import Answer, Clarify, Edit, Spec


@dataclass(frozen=True)
class Understood:
    """A `Candidate` that no model proposed: the words say it."""

    spec: Spec
    values: tuple[ValueNode, ...]
    confidence: float = 1.0
    log_prob: float = 0.0
    signs: Mapping[str, float] = field(default_factory=dict)


def changed(request: Request, readings: Sequence[Answer], choose: int | None) -> Answered:
    """The answer after a change with one reading, or with that of this number from 1.

    Raises `SeveralReadings` when one is to be chosen, `ConfigError` when there is no such reading, and what running it raises.
    """
    if len(readings) == 1:
        edit = Edit(answer=readings[0])
        return Editing(edit).answered(request, Understood(edit, request.graph.values))
    clarify = Clarify(readings=tuple(readings))
    try:
        answered = Clarifying(clarify).answered(request, Understood(clarify, request.graph.values))
    except SeveralReadings as several:
        if choose is None:
            raise
        answered = several.chosen(choose)
    return _as_edit(request, answered)


def _as_edit(request: Request, answered: Answered) -> Answered:
    spec = answered.spec if isinstance(answered.spec, Edit) else Edit(answer=answered.spec)
    changes = diff(request.previous, spec, request.schema) if request.previous else ()
    return replace(answered, intent="edit", spec=spec, changes=changes)
