"""Questions whose answers go to the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from microgt.audit.events import Asked
from microgt.audit.log import Log, fault_of
from microgt.errors import NotAnswerable
from microgt.product.answered import Answered, refusal
from microgt.spec.json import write_spec
from microgt.spec.types import Spec


def logged(ask: Callable[[], Answered], log: Log, question: str, *, previous: Spec | None = None, by: str = "") -> Answered:
    """What `ask` returns or raises, noted. A log that cannot be written is a warning of the answer, never its end."""
    about = {"question": question, "previous": write_spec(previous) if previous else None, "by": by}
    try:
        answered = ask()
    except NotAnswerable as error:
        said = refusal(error)
        fault_of(log, Asked(**about, **{name: said[name] for name in ("intent", "spec", "data_version", "warnings")}))
        raise
    fault = fault_of(
        log,
        Asked(
            **about,
            intent=answered.intent,
            spec=write_spec(answered.spec),
            sql=answered.sql,
            rows=answered.row_count,
            data_version=answered.data_version,
            checkpoint=answered.checkpoint,
            confidence=round(answered.confidence, 4),
            warnings=answered.warnings,
        ),
    )
    return replace(answered, warnings=(*answered.warnings, fault)) if fault else answered
