"""What pydantic says of JSON that is no spec, in the words and with the places of the JSON itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from microgt.errors import SpecError, did_you_mean
from microgt.spec.types.node import Node, kind_of_json


def shape_error(found: Mapping[str, Any], data: Any) -> SpecError:
    """The `SpecError` E_SPEC of one entry of `ValidationError.errors()` about `data`."""
    place, holder = _place(found["loc"], data)
    given, choices = found.get("input"), ()
    match found["type"]:
        case "extra_forbidden":
            given, choices = found["loc"][-1], _fields(holder)
            message = f"unknown field {given!r}{did_you_mean(str(given), choices)}"
        case "union_tag_invalid":
            given, choices = found["ctx"]["tag"], _quoted(found["ctx"]["expected_tags"])
            message = f"unknown kind {given!r} here{did_you_mean(given, choices)}"
        case "union_tag_not_found":
            message = "no kind is given, and the fields do not tell it"
        case "literal_error":
            choices = _quoted(found["ctx"]["expected"])
            message = f"unknown value {given!r}{did_you_mean(str(given), choices)}"
        case "missing":
            name = found["loc"][-1]
            place, given, message = f"{place}/{name}", None, f"the field {name!r} is missing"
        case _:
            message = found["msg"]
    return SpecError("E_SPEC", message, place=place, given=given, choices=choices)


def _place(loc: Sequence[Any], data: Any) -> tuple[str, Any]:
    """The JSON pointer of a location, from which the names of kinds are left out, and what holds its last step."""
    steps, here, holder = [], data, data
    for step in loc:
        if (isinstance(here, dict) and step in here) or (isinstance(here, list | tuple) and isinstance(step, int) and step < len(here)):
            steps.append(step)
            holder, here = here, here[step]
    return "".join(f"/{step}" for step in steps), holder


def _fields(holder: Any) -> tuple[str, ...]:
    """The fields that the type of a JSON object has."""
    kind = kind_of_json(holder)
    return next((tuple(node.model_fields) for node in _types(Node) if kind in get_args(node.model_fields["kind"].annotation)), ())


def _types(base: type[Node]) -> Iterator[type[Node]]:
    for node in base.__subclasses__():
        if "kind" in node.model_fields:
            yield node
        yield from _types(node)


def _quoted(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"'([^']*)'", text)) or tuple(re.findall(r"\d+", text))
