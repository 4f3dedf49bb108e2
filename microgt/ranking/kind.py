"""Which threshold an answer has to reach."""

from __future__ import annotations

from microgt.evaluation.calibration import Kind
from microgt.spec.types import Answer, Chart, Spec


def kind_of(spec: Spec | None, *, coded: bool) -> Kind:
    """coded: whether the names of the database asked are codes. None: of an answer that is no chart."""
    if coded:
        return "coded"
    return "charts" if isinstance(spec, Answer) and isinstance(spec.view, Chart) else "words"
