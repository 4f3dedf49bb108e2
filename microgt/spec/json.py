"""Specs in and out of JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from pydantic import ValidationError

from microgt.errors import SpecError
from microgt.spec.shape_errors import shape_error
from microgt.spec.types import SPEC, Spec
from microgt.spec.walk import DEEPEST, depth


def read_spec(data: str | bytes | dict[str, Any]) -> Spec:
    """A spec from JSON text or from a parsed object.

    Raises `SpecError` E_JSON for text that is not JSON, E_SPEC with the place of the first mistake, E_DEPTH for a spec nested too deeply.
    """
    given = _parsed(data) if isinstance(data, str | bytes) else data
    try:
        spec = SPEC.validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "recursion_depth_exceeded":
            raise _too_deep() from None
        raise shape_error(first, given) from None
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


def _no_number(name: str) -> NoReturn:
    raise SpecError("E_JSON", f"not JSON: {name} is no number")


def _too_deep() -> SpecError:
    return SpecError("E_DEPTH", f"the spec is nested too deeply; at most {DEEPEST} levels")


def write_spec(spec: Spec) -> dict[str, Any]:
    """The JSON object of a spec: kinds kept, defaults left out."""
    return SPEC.dump_python(spec, mode="json")


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what `read_spec` accepts, but for the depth."""
    return SPEC.json_schema()
