"""Specs in and out of JSON."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from microgt.errors import SpecError
from microgt.spec.types import SPEC, Spec


def read_spec(data: str | bytes | dict[str, Any]) -> Spec:
    """A spec from JSON text or from a parsed object. Raises `SpecError` E_SPEC with the place of the first mistake."""
    try:
        return SPEC.validate_python(json.loads(data) if isinstance(data, str | bytes) else data)
    except json.JSONDecodeError as error:
        raise SpecError("E_JSON", f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/" + "/".join(str(part) for part in first["loc"])
        raise SpecError("E_SPEC", first["msg"], place=place, given=first.get("input")) from None


def write_spec(spec: Spec) -> dict[str, Any]:
    """The JSON object of a spec: kinds kept, defaults left out."""
    return SPEC.dump_python(spec, mode="json")


def json_schema() -> dict[str, Any]:
    """JSON Schema of what `read_spec` accepts."""
    return SPEC.json_schema()
