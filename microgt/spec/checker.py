"""Is a spec right for a schema? Everything short of running it."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from microgt.errors import CompileError, SpecError
from microgt.schema.types import Schema
from microgt.spec.canonical import canonical
from microgt.spec.compiler.compile import compile_spec, tree_of
from microgt.spec.compiler.structure import structure_errors
from microgt.spec.dialects import write
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


def checked_sql(spec: Answer | Edit, schema: Schema, as_of: date | None = None) -> str:
    """What `compile_spec` gives for a spec that `check` accepts, compiled once for both. Raises the first `SpecError` of the others."""
    answer, place = (spec.answer, "/answer") if isinstance(spec, Edit) else (spec, "")
    errors, tree = _compiled(answer, schema)
    if tree is None or errors:
        raise _moved(errors, place)[0]
    return write(tree, "duckdb") if as_of is None else compile_spec(spec, schema, as_of=as_of)


def _answer(answer: Answer, schema: Schema) -> list[SpecError]:
    return _compiled(answer, schema)[0]


def _compiled(answer: Answer, schema: Schema) -> tuple[list[SpecError], exp.Query | None]:
    """What is wrong, and the tree where there is one."""
    errors, tree = structure_errors(answer.query, schema), None
    if errors:
        return _moved(errors, "/query"), None
    try:
        tree = tree_of(answer.query, schema)
    except SpecError as error:
        errors = [error]
    return [*_moved(errors, "/query"), *view_errors(answer, schema)], tree


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
