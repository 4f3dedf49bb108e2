"""How long it took from a question to a deployed product, by the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from microgt.audit.events import Asked, Deployed, Event


def minutes_to_deployed(events: Iterable[Event], product: str, place: str) -> float | None:
    """From the question whose answer, perhaps changed in further questions or by hand, was the first to be deployed as the product of that
    name and place; of a spec that was only ever run by hand, from its first run. None when the log has neither."""
    before: list[Asked] = []
    for event in events:
        if isinstance(event, Asked):
            before.append(event)
        elif isinstance(event, Deployed) and (event.product, event.place, event.state) == (product, place, "deployed"):
            begun = _first(before, event.spec)
            return round((event.at - begun.at).total_seconds() / 60, 2) if begun else None
    return None


def _first(before: list[Asked], spec: Mapping[str, Any]) -> Asked | None:
    """The question that a chain of changes began with."""
    wanted, found = query_of(spec), None
    for asked in reversed(before):
        if asked.spec and query_of(asked.spec) == wanted:
            found = asked
            if asked.previous:
                wanted = query_of(asked.previous)
            elif asked.origin != "by hand":  # what was written by hand may say again what was answered before
                break
    return found


def query_of(spec: Mapping[str, Any]) -> Any:
    """What is asked for, however it is shown: that of an edit is its answer's."""
    answer = spec.get("answer", spec)
    return answer.get("query")
