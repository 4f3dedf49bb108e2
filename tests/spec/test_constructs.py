"""Every type, every field and every member of an enum is known to grammar, checker, compiler and words; the JSON Schema has a test of its own.

What is missing in one of them fails here: a type or member without an accepted example, a member that compiles or is said like another.
"""

import pytest

from microgt.spec import canonical, check, compile_spec, in_words, read_spec, write_spec
from microgt.spec.canonical.order import text_of
from microgt.spec.grammar import GRAMMAR, Scope
from microgt.spec.rules import all_classes, fields_of
from microgt.spec.types import Answer, Chart, Edit, Forecast, Node, NumberView, Pointer, Spec, TableView, Value
from microgt.spec.walk import walk
from tests.spec.documents import without_order
from tests.spec.examples import EXAMPLES, MORE, changed, examples_of, variants

CLASSES = all_classes()
SHOWN = (TableView, NumberView, Chart, Forecast, Answer)  # of which one query has several


def scope_of(spec: Spec, schema) -> Scope:
    values = tuple(node.value for _, node in walk(spec) if isinstance(node, Value))
    return Scope(tuple(t.name for t in schema.tables), tuple(c.id for c in schema.columns), values)


def accepted(name: str, schema) -> list[Spec]:
    return [spec for spec in variants(name) if not check(spec, schema)]


def apart(name: str, schema) -> list[Spec]:
    """One of those that mean the same."""
    return [*{text_of(canonical(spec, schema)): spec for spec in accepted(name, schema)}.values()]


def test_each_type_has_an_example():
    assert list(EXAMPLES) == [cls.__name__ for cls in CLASSES]
    assert set(MORE) <= set(EXAMPLES)
    for name in EXAMPLES:
        for example in examples_of(name):
            assert name in {type(n).__name__ for _, n in walk(read_spec(example))}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_each_field_and_member_is_in_an_accepted_example(schema, cls):
    nodes = [node for spec in accepted(cls.__name__, schema) for _, node in walk(spec) if type(node) is cls]
    assert nodes
    for shape in fields_of(cls):
        found = [getattr(node, shape.name) for node in nodes]
        if shape.members:
            assert set(shape.members) <= set(found), shape.name
        else:
            assert shape.required or any(v != shape.default for v in found), shape.name


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_grammar_can_emit_it(schema, name):
    for spec in variants(name):
        scope = scope_of(spec, schema)
        assert GRAMMAR.decode(GRAMMAR.encode(spec, scope), scope) == spec
        assert read_spec(write_spec(spec)) == spec


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_accepted_or_refused_by_name(schema, name):
    for example in examples_of(name):
        assert check(read_spec(example), schema) == []
    for spec in variants(name):
        assert all(error.code.startswith("E_") and error.place.startswith("/") for error in check(spec, schema))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_the_checker_looks_at_what_it_points_at(schema, cls):
    """An id that the database does not have is refused wherever one may stand, at its place."""
    spec = read_spec(EXAMPLES[cls.__name__])
    for shape in fields_of(cls):
        if shape.place and shape.place.pointer in (Pointer.TABLE, Pointer.COLUMN):
            missing = "nothing.nothing" if shape.place.pointer is Pointer.COLUMN else "nothing"
            wrong = changed(spec, cls, {shape.name: (missing,) if shape.lengths else missing})
            place = next(place for place, node in walk(wrong) if type(node) is cls) + f"/{shape.name}" + ("/0" if shape.lengths else "")
            assert [e.code for e in check(wrong, schema) if e.place == place] == ["E_UNKNOWN_ID"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_accepted_runs_and_no_two_compile_alike(schema, connection, name):
    specs = [spec for spec in apart(name, schema) if isinstance(spec, Answer | Edit)]
    assert specs or name in ("Clarify", "Unanswerable")
    for spec in specs:
        connection.sql(compile_spec(spec, schema)).fetchall()
    if not issubclass(class_named(name), SHOWN):
        queries = [compile_spec(spec, schema) for spec in specs]
        assert len(set(queries)) == len(queries)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_two_are_said_alike(schema, name):
    said = {without_order(write_spec(canonical(spec, schema))): in_words(spec, schema) for spec in accepted(name, schema)}
    assert len(set(said.values())) == len(said)


def class_named(name: str) -> type[Node]:
    return next(cls for cls in CLASSES if cls.__name__ == name)
