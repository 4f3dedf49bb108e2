"""Specs in and out of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from pydantic import ValidationError

from microgt.errors import SpecError
from microgt.spec.types import SPEC, Spec
from microgt.spec.walk import DEEPEST, depth


def read_spec(data: str | bytes | dict[str, Any]) -> Spec:
    """A spec from JSON text or from a parsed object.

    Raises `SpecError` E_JSON for text that is not JSON, E_SPEC with the place of the first mistake, E_DEPTH for a spec nested too deeply.
    """
    document = _parsed(data) if isinstance(data, str | bytes) else data
    try:
        spec = SPEC.validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "recursion_depth_exceeded":
            raise _too_deep() from None
        place = _pointer(document, first["loc"], missing=first["type"] == "missing")
        raise SpecError("E_SPEC", first["msg"], place=place, given=first.get("input")) from None
    if depth(spec) > DEEPEST:
        raise _too_deep()
    return spec


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise SpecError("E_JSON", f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise SpecError("E_JSON", f"not JSON: {error}") from None


def _pointer(document: Any, steps: Sequence[Any], *, missing: bool) -> str:
    """A JSON pointer of the steps, without those that name no member but a kind. missing: the last step is a member that should be."""
    place = ""
    for i, step in enumerate(steps):
        member = step in document if isinstance(document, dict) else isinstance(step, int) and isinstance(document, list | tuple)
        if member:
            document = document[step]
        if member or (missing and i == len(steps) - 1):
            place += f"/{step}"
    return place


def _no_number(name: str) -> NoReturn:
    raise SpecError("E_JSON", f"not JSON: {name} is no number")


def _too_deep() -> SpecError:
    return SpecError("E_DEPTH", f"the spec is nested too deeply; at most {DEEPEST} levels")


def write_spec(spec: Spec) -> dict[str, Any]:
    """The JSON object of a spec: kinds kept, defaults left out."""
    return SPEC.dump_python(spec, mode="json")


def json_schema() -> dict[str, Any]:
    """JSON Schema of what `read_spec` accepts."""
    return SPEC.json_schema()
