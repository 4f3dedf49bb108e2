"""Which axis of a chart a question wants the order by, and which a spec sorts by."""

from __future__ import annotations

import re
from typing import Literal

from microgt.spec.compiler.ordering import sort_index
from microgt.spec.types import Answer, Chart, Edit, Select, Spec
from microgt.spec.walk import holds_measure

Axis = Literal["x", "y"]
_AXIS = r"(?:the )?([xy])(?:[- ]?axis)?\b"
_DIRECTION = r"(?:asc|desc|(?:ascend|descend|increas|decreas)ing|(?:the )?(?:high|low)(?:est)? to)\b"
# By the x-axis; order the x-axis; the x-axis in ascending order.
_ORDERED = re.compile(
    rf"\b(?:by|along|order of) {_AXIS}|\b(?:sort|order|rank|list)(?:ed|s)? {_AXIS}|\b{_AXIS} (?:in |from |is )?{_DIRECTION}", re.IGNORECASE
)


def axis_asked(question: str) -> Axis | None:
    """The one axis that a question wants an order by; None when it names none or both so."""
    found = {"".join(groups).lower() for groups in _ORDERED.findall(question)}
    return "x" if found == {"x"} else "y" if found == {"y"} else None


def axis_ignored(question: str, spec: Spec) -> bool:
    """Whether a question wants the order by an axis that a spec does not sort by."""
    wanted = axis_asked(question)
    return wanted is not None and axis_sorted(spec) != wanted


def axis_sorted(spec: Spec) -> Axis | None:
    """The axis of a chart's first sort key; None when it is no chart or is not sorted."""
    answer = spec.answer if isinstance(spec, Edit) else spec
    if not isinstance(answer, Answer) or not isinstance(answer.view, Chart) or not answer.query.sort:
        return None
    outputs, key = answer.query.outputs if isinstance(answer.query, Select) else (), answer.query.sort[0].by
    place = sort_index(key, outputs)
    if place in (answer.view.x.output, answer.view.y.output):
        return "x" if place == answer.view.x.output else "y"
    return "y" if holds_measure(key, outputs) else "x"
