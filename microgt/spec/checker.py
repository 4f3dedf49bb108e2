"""Is a spec right for a schema? Everything short of running it."""

from __future__ import annotations

from microgt.errors import CompileError, SpecError
from microgt.schema.types import Schema
from microgt.spec.canonical import canonical
from microgt.spec.compiler.compile import to_sqlglot
from microgt.spec.compiler.structure import structure_errors
from microgt.spec.types import Answer, Clarify, Edit, Spec, Unanswerable
from microgt.spec.views import view_errors


def check(spec: Spec, schema: Schema) -> list[SpecError]:
    """What is wrong with a spec, in the order of the tree; empty when it is accepted. Places are JSON pointers into the spec."""
    match spec:
        case Unanswerable():
            return []
        case Edit():
            return _moved(_answer(spec.answer, schema), "/answer")
        case Clarify():
            return [error for i, reading in enumerate(spec.readings) for error in _reading(spec, i, reading, schema)]
    return _answer(spec, schema)


def _answer(answer: Answer, schema: Schema) -> list[SpecError]:
    errors = structure_errors(answer.query, schema)
    if not errors:
        try:
            to_sqlglot(answer.query, schema)
        except SpecError as error:
            errors = [error]
        return [*_moved(errors, "/query"), *view_errors(answer, schema)]
    return _moved(errors, "/query")


def _reading(spec: Clarify, i: int, reading: Answer, schema: Schema) -> list[SpecError]:
    place = f"/readings/{i}"
    forms = [canonical(r, schema) for r in spec.readings[: i + 1]]
    if forms[i] in forms[:i]:
        first = forms.index(forms[i])
        return [SpecError("E_CLARIFY", f"readings {first} and {i} are the same", place=place, given=i)]
    return _moved(_answer(reading, schema), place)


def _moved(errors: list[SpecError], below: str) -> list[SpecError]:
    """The errors with their place below another."""
    return [CompileError(e.code, str(e).partition(": ")[2], place=below + e.place, given=e.given, choices=e.choices) for e in errors]
