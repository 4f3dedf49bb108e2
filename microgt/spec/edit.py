"""Edits of a spec as JSON Patch (RFC 6902): applied to a copy, and only when what comes out is right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import jsonpatch

from microgt.errors import SpecError
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.json import read_spec, write_spec
from microgt.spec.types import Spec

_NOTHING = object()
_OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")


def edit(spec: Spec, patch: str | Sequence[Any], schema: Schema) -> Spec:
    """The spec that a patch makes of the JSON of `spec`, which stays as it is.

    Raises `SpecError` E_PATCH for an operation that cannot be applied, else the first error of what comes out; both name the operation.
    """
    operations = _read(patch)
    states = [write_spec(spec)]
    for i, operation in enumerate(operations):
        states.append(_applied(states[-1], operation, f"operation {i}"))
    error = _error(states[-1], schema)
    if error is None:
        return read_spec(states[-1])
    i = _since(states, error, schema) - 1
    if i < 0:
        raise error
    name = _named(operations[i], f"operation {i}")
    raise SpecError(error.code, f"after {name}: {_message(error)}", place=error.place, given=error.given, choices=error.choices)


def patch_between(old: Spec, new: Spec) -> list[dict[str, Any]]:
    """The operations that make the JSON of `new` of that of `old`; turned round, they undo an edit."""
    return list(jsonpatch.make_patch(write_spec(old), write_spec(new)))


def _read(patch: str | Sequence[Any]) -> Sequence[Any]:
    try:
        operations = json.loads(patch) if isinstance(patch, str) else patch
    except ValueError as error:
        raise SpecError("E_PATCH", f"not JSON: {error}") from None
    if not isinstance(operations, Sequence):
        raise SpecError("E_PATCH", f"a patch is a list of operations, not {type(operations).__name__}", given=operations)
    return operations


# ------------------------------------------------------------------ one operation


def _applied(document: Any, operation: Any, name: str) -> Any:
    """A copy of the document after one operation."""
    if not isinstance(operation, dict) or operation.get("op") not in _OPERATIONS:
        message = f"{name} is none: op is one of {', '.join(_OPERATIONS)}"
        raise SpecError("E_PATCH", message, given=operation, choices=_OPERATIONS)
    name = _named(operation, name)
    try:
        return jsonpatch.apply_patch(document, [operation])
    except jsonpatch.JsonPatchTestFailed:
        stands = jsonpatch.JsonPointer(operation["path"]).resolve(document, _NOTHING)
        told = "nothing stands there" if stands is _NOTHING else "another value stands there"
        raise SpecError("E_PATCH", f"{name}: {told}", place=operation["path"], given=operation["value"]) from None
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
        pointer = operation["from"] if operation["op"] in ("move", "copy") and "from" in operation else operation.get("path")
        there = _members(document, pointer)
        listed = f"; there: {', '.join(there)}" if there else ""
        raise SpecError("E_PATCH", f"{name}: {error}{listed}", place=str(pointer or ""), given=operation, choices=there) from None


def _named(operation: dict[str, Any], name: str) -> str:
    return f"{name} ({operation['op']} {operation.get('path', 'nowhere')})"


def _members(document: Any, pointer: Any) -> tuple[str, ...]:
    """What the deepest part of a pointer that exists holds."""
    for step in str(pointer or "").split("/")[1:]:
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            break
    keys = document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    return tuple(map(str, keys))


# ------------------------------------------------------------------ what comes out


def _error(document: Any, schema: Schema) -> SpecError | None:
    """What is wrong with a document first."""
    try:
        return next(iter(check(read_spec(document), schema)), None)
    except SpecError as error:
        return error


def _since(states: list[Any], error: SpecError, schema: Schema) -> int:
    """The first of the states since which the error stands."""
    first = len(states) - 1
    while first and str(_error(states[first - 1], schema)) == str(error):
        first -= 1
    return first


def _message(error: SpecError) -> str:
    return str(error).partition(": ")[2]
