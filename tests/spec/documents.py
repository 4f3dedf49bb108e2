"""The JSON of specs, taken apart and changed in one place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from microgt.errors import SpecError
from microgt.spec import Spec, read_spec, write_spec
from microgt.spec.grammar import Scope
from microgt.spec.rules import all_classes, fields_of

_REF = {"kind": "ref", "output": 0}
_MEMBERS = tuple(dict.fromkeys(s.members for cls in all_classes() for s in fields_of(cls) if len(s.members) > 1))


def places(document: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """(JSON pointer, part) of a document and of all in it."""
    yield place, document
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for step, item in items:
        yield from places(item, f"{place}/{step}")


def replaced(document: Any, place: str, part: Any) -> Any:
    """A copy with another part at a place."""
    if not place:
        return part
    copy = deepcopy(document)
    *steps, last = place.split("/")[1:]
    holder = copy
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    holder[int(last) if isinstance(holder, list) else last] = part
    return copy


def neighbours(spec: Spec, other: Spec, scope: Scope, rng: Random, count: int) -> Iterator[Spec]:
    """Specs that differ from one in one place: another member of an enum, another column or table, a part fewer, a part of itself or of
    another spec in the place of a part."""
    document = write_spec(spec)
    parts = [part for source in (document, write_spec(other)) for _, part in places(source) if isinstance(part, dict)]
    spots = [(place, part) for place, part in places(document) if place and not place.endswith("/kind")]
    for _ in range(count):
        place, part = rng.choice(spots)
        options: list[Any] = [m for members in _MEMBERS if part in members for m in members]
        options += [*scope.columns] if part in scope.columns else [*scope.tables] if part in scope.tables else parts
        options += [part[:-1], part[1:], part[::-1]] if isinstance(part, list) else [1, 2, 0]
        changed = replaced(document, place, rng.choice(options)) if rng.random() < 0.7 else _without(document, place)
        try:
            yield read_spec(changed)
        except SpecError:
            continue


def _without(document: Any, place: str) -> Any:
    holder, _, last = place.rpartition("/")
    whole = dict(places(document))[holder]
    if isinstance(whole, list):
        return replaced(document, holder, [item for i, item in enumerate(whole) if str(i) != last])
    return replaced(document, holder, {k: v for k, v in whole.items() if k != last})


def without_order(document: dict[str, Any]) -> str:
    """The text of a spec in which the order of columns says nothing: names of outputs are the outputs, and those are sorted."""
    return json.dumps(_unordered(document, [], []), sort_keys=True)


def _unordered(part: Any, outputs: list[Any], source: list[Any]) -> Any:
    """outputs, source: what `ref` and `inner` name here."""
    if isinstance(part, list):
        return [_unordered(item, outputs, source) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("kind") in ("ref", "inner"):
        named = (outputs if part["kind"] == "ref" else source)[part["output"]]
        return {part["kind"]: named} if isinstance(named, dict | str) else named  # a constant is one wherever it is named
    if part.get("kind") == "select":
        return _unordered_select(part)
    if part.get("kind") == "chart":
        part = {"x": _REF, "y": None if part["mark"] == "histogram" else _REF | {"output": 1}} | part
    outputs = _outputs(part["query"]) if part.get("kind") == "answer" else _outputs(part) if part.get("kind") == "set" else outputs
    return {name: _unordered(value, outputs, source) for name, value in part.items()}


def _unordered_select(part: dict[str, Any]) -> dict[str, Any]:
    outputs, source = _outputs(part), _outputs(part["source"]) if "source" in part else []
    clauses = {name: _unordered(value, outputs, source) for name, value in part.items() if name != "outputs"}
    return {**clauses, "outputs": sorted(outputs, key=json.dumps)}


def _outputs(query: dict[str, Any]) -> list[Any]:
    while query["kind"] == "set":
        query = query["left"]
    source = _outputs(query["source"]) if "source" in query else []
    found: list[Any] = []
    for output in query["outputs"]:
        found.append(_unordered(output, found, source))
    return found
