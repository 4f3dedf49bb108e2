"""The JSON Schema accepts what `read_spec` accepts, and nothing else."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from microgt.errors import SpecError
from microgt.spec import json_schema, read_spec, write_spec
from microgt.spec.rules import all_classes, fields_of
from microgt.spec.types import Col, Node, Value
from microgt.spec.walk import walk
from tests.spec.databases import databases
from tests.spec.examples import EXAMPLES, examples_of, variants
from tests.spec.strategies import specs

SCHEMA = Draft202012Validator(json_schema())
ODD: tuple[Any, ...] = ("orders.id", "", 3, 8, -1.5, True, None, [], {}, ["orders.id"], {"value": "x"}, {"value": 2}, {"value": None})
ODD += (
    {"column": "orders.id"},
    {"output": 1},
    {"kind": "ref", "output": 1},
    {"kind": "ref", "output": 8},
    {"kind": "nothing"},
    {"kind": 1},
)
ODD += ({"kind": "is_null", "of": "orders.id"}, {"of": "orders.id"}, {"outputs": ["orders.id"]}, {"query": {"outputs": ["orders.id"]}})
NAMES = ("kind", "column", "value", "of", "outputs", "query", "via", "where", "no_such_field")


def is_read(document: Any) -> bool:
    try:
        read_spec(document)
    except SpecError:
        return False
    return True


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("cls", all_classes(), ids=lambda cls: cls.__name__)
def test_it_describes_each_type(cls):
    definition = SCHEMA.schema["$defs"][cls.__name__]
    properties = definition.get("properties") or definition["anyOf"][1]["properties"]
    assert set(cls.model_fields) == set(properties)
    for shape in fields_of(cls):
        if shape.members and shape.members != (False, True):
            assert list(shape.members) == properties[shape.name].get("enum", [properties[shape.name].get("const")])


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_valid(name):
    for document in (*examples_of(name), *(write_spec(spec) for spec in variants(name))):
        assert next(SCHEMA.iter_errors(document), None) is None


@pytest.mark.parametrize("cls", all_classes(), ids=lambda cls: cls.__name__)
def test_broken_examples_are_not(cls):
    spec = read_spec(EXAMPLES[cls.__name__])
    place = next(place for place, node in walk(spec) if type(node) is cls)
    broken = [*_broken(write_spec(spec), place, cls)]
    assert broken
    for document in broken:
        assert not SCHEMA.is_valid(document), document
        with pytest.raises(SpecError, match=r"^E_SPEC at /|^E_SPEC: "):
            read_spec(document)


def _broken(document: dict, place: str, cls: type[Node]) -> Iterator[dict]:
    """With one mistake in the node at that place: a kind or a field that nobody knows, a field too few, a wrong value, a wrong length."""
    whole = _written_out(document, place, cls)
    for changes in ({"kind": "nothing"}, {"kind": None}, {"no_such_field": 1}):
        yield _with(document, place, whole | changes)
    for shape in fields_of(cls):
        if shape.required:
            yield _with(document, place, {k: v for k, v in whole.items() if k != shape.name})
        yield _with(document, place, whole | {shape.name: None if shape.required or shape.default is not None else 0.5})
        yield _with(document, place, whole | {shape.name: "nothing" if shape.members else [[]]})
        if shape.lengths:
            low, high = shape.lengths
            item = (whole.get(shape.name) or ["orders.id"])[0]
            yield _with(document, place, whole | {shape.name: [item] * (high + 1)})
            if low:
                yield _with(document, place, whole | {shape.name: [item] * (low - 1)})


def _written_out(document: dict, place: str, cls: type[Node]) -> dict:
    """The node at a place without the shorthands of columns and values."""
    node = next((node for at, node in _places(document) if at == place), {"kind": "table"})  # the view that is left out
    short = {Col: "column", Value: "value"}.get(cls)
    return node if isinstance(node, dict) else {str(short): node}


def _with(document: Any, place: str, node: Any) -> Any:
    """A copy with another node at a place."""
    if not place:
        return node
    copy = deepcopy(document)
    *steps, last = place.split("/")[1:]
    holder = copy
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    holder[int(last) if isinstance(holder, list) else last] = node
    return copy


@given(databases(), st.data())
def test_random_documents_are_valid_if_they_are_read(database, data):
    document = write_spec(data.draw(specs(database)))
    assert SCHEMA.is_valid(document)
    for _ in range(4):
        places = [*_places(document)]
        place, node = data.draw(st.sampled_from(places))
        odd: Any = data.draw(st.sampled_from((*ODD, *(deepcopy(n) for _, n in places[:20]))))
        if isinstance(node, dict) and data.draw(st.booleans()):
            name = data.draw(st.sampled_from((*node, *NAMES)))
            odd = {k: v for k, v in node.items() if k != name} if data.draw(st.booleans()) else node | {name: odd}
        changed = _with(document, place, odd)
        assert SCHEMA.is_valid(changed) is is_read(changed), changed
        document = changed if is_read(changed) and isinstance(changed, dict) else document


def _places(document: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    yield place, document
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for step, item in items:
        yield from _places(item, f"{place}/{step}")
