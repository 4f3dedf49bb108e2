"""JSON Patch on specs: what is applied, what is refused and by which words, and that the old spec stays."""

import json

import pytest

from microgt.errors import SpecError
from microgt.spec import edit, patch_between, read_spec, write_spec

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
WEB = {"kind": "compare", "op": "eq", "left": "orders.channel", "right": {"value": "web"}}
SPEC = {"query": {"outputs": ["orders.channel", COUNT], "where": WEB}, "view": {"kind": "chart", "mark": "bar"}}


@pytest.fixture
def spec():
    return read_spec(SPEC)


def refusal(spec, patch, schema):
    before = write_spec(spec)
    with pytest.raises(SpecError) as error:
        edit(spec, patch, schema)
    assert write_spec(spec) == before
    return error.value


def test_operations_in_order(spec, schema):
    patch = [
        {"op": "test", "path": "/query/where/op", "value": "eq"},
        {"op": "remove", "path": "/query/where"},
        {"op": "add", "path": "/query/outputs/0", "value": "orders.status"},
        {"op": "replace", "path": "/view/mark", "value": "line"},
    ]
    edited = write_spec(edit(spec, json.dumps(patch), schema))
    assert edited["query"]["outputs"] == ["orders.status", "orders.channel", COUNT]
    assert "where" not in edited["query"]
    assert edited["view"]["mark"] == "line"
    assert write_spec(spec)["query"]["outputs"] == ["orders.channel", COUNT]


def test_an_edit_can_be_undone(spec, schema):
    edited = edit(spec, [{"op": "remove", "path": "/query/where"}], schema)
    assert edit(edited, patch_between(edited, spec), schema) == spec


@pytest.mark.parametrize(
    ("operation", "text", "choices"),
    [
        ({"op": "remove", "path": "/query/limit"}, "operation 1 (remove /query/limit): ", ("kind", "outputs", "where")),
        ({"op": "replace", "path": "/query/outputs/5", "value": 1}, "operation 1 (replace /query/outputs/5): ", ("0", "1")),
        ({"op": "move", "from": "/nowhere", "path": "/view"}, "operation 1 (move /view): ", ("kind", "query", "view")),
        ({"op": "test", "path": "/view/mark", "value": "pie"}, "operation 1 (test /view/mark): another value stands there", ()),
        ({"op": "test", "path": "/view/marks", "value": "pie"}, "operation 1 (test /view/marks): nothing stands there", ()),
        ({"op": "test", "path": "/query/outputs/2", "value": 1}, "operation 1 (test /query/outputs/2): nothing stands there", ()),
        ({"op": "delete", "path": "/view"}, "operation 1 is none: op is one of add, remove, replace, ", ("add", "remove", "replace", "move", "copy", "test")),
        ({"op": "add", "path": "/query/limit"}, "operation 1 (add /query/limit): ", ("kind", "outputs", "where")),
        ({"op": "remove", "path": "view"}, "operation 1 (remove view): ", ("kind", "query", "view")),
        ({"op": "remove"}, "operation 1 (remove nowhere): ", ("kind", "query", "view")),
    ],
)  # fmt: skip
def test_an_operation_that_cannot_be_applied(spec, schema, operation, text, choices):
    error = refusal(spec, [{"op": "test", "path": "/kind", "value": "answer"}, operation], schema)
    assert error.code == "E_PATCH"
    assert text in str(error)
    assert error.choices == choices
    assert "\n" not in str(error)


@pytest.mark.parametrize("patch", ["{", '{"op": "remove", "path": "/view"}', 7])
def test_no_patch(spec, schema, patch):
    assert refusal(spec, patch, schema).code == "E_PATCH"


@pytest.mark.parametrize(
    ("operation", "code", "place"),
    [
        ({"op": "replace", "path": "/query/where/op", "value": "like"}, "E_SPEC", "/query/where/op"),
        ({"op": "replace", "path": "/query/where/left", "value": "orders.chanel"}, "E_UNKNOWN_ID", "/query/where/left/column"),
        ({"op": "replace", "path": "/view/mark", "value": "histo"}, "E_SPEC", "/view/mark"),
        ({"op": "remove", "path": "/query/outputs/1"}, "E_REF", "/view/y"),
    ],
)
def test_the_operation_that_made_it_wrong_is_named(spec, schema, operation, code, place):
    """Operations before and after it are right by themselves."""
    before, after = {"op": "add", "path": "/query/distinct", "value": True}, {"op": "add", "path": "/query/orphans", "value": "drop"}
    error = refusal(spec, [before, operation, after], schema)
    assert (error.code, error.place) == (code, place)
    assert f"after operation 1 ({operation['op']} {operation['path']}): " in str(error)


def test_what_is_mended_later_is_no_error(spec, schema):
    edit(spec, [{"op": "remove", "path": "/query/outputs/1"}, {"op": "remove", "path": "/view"}], schema)


def test_what_was_wrong_before_is_no_operations_fault(schema):
    wrong = read_spec({"query": {"outputs": ["orders.chanel"]}})
    assert "operation" not in str(refusal(wrong, [], schema))
