"""The whole text of each error about what is no spec, no patch or no dialect."""

import pytest

from microgt.errors import SpecError
from microgt.spec import compile_spec, edit, read_spec
from microgt.spec.dialects import DIALECTS
from microgt.spec.types import Select
from tests.spec.errors.cases import Case, Json, agg, bucket, inner, named, query, whole


def nested(levels: int) -> Json:
    spec = {"outputs": ["orders.id"]}
    for _ in range(levels):
        spec = {"source": spec, "outputs": [inner(0)]}
    return {"query": spec}


KINDS = ("answer", "clarify", "edit", "unanswerable")

DOCUMENTS = [
    Case("{", "E_JSON: not JSON: Expecting property name enclosed in double quotes (line 1, column 2)"),
    Case('{"query": NaN}', "E_JSON: not JSON: NaN is no number"),
    Case(b"\xff", "E_JSON: not JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    Case("[" * 100_000, "E_DEPTH: the spec is nested too deeply; at most 60 levels"),
    Case(nested(60), "E_DEPTH: the spec is nested too deeply; at most 60 levels"),
    Case(query("orders.id", sorts=[]), "E_SPEC at /query/sorts: unknown field 'sorts'; did you mean 'sort'?", "sorts", tuple(Select.model_fields)),
    Case({"kind": "chart"}, f"E_SPEC: unknown kind 'chart' here; choices: {', '.join(KINDS)}", "chart", KINDS),
    Case(query({"fn": "sum"}), "E_SPEC at /query/outputs/0: no kind is given, and the fields do not tell it", {"fn": "sum"}),
    Case(query("orders.id", sort=[{"kind": "sort", "direction": "up", "by": "orders.id"}]),
         "E_SPEC at /query/sort/0/direction: unknown value 'up'; choices: asc, desc", "up", ("asc", "desc")),
    Case(query("orders.id", sort=[{"kind": "sort", "direction": "asc"}]), "E_SPEC at /query/sort/0/by: the field 'by' is missing"),
    Case(query(), "E_SPEC at /query/outputs: Tuple should have at least 1 item after validation, not 0", []),
]  # fmt: skip


@pytest.mark.parametrize(**named(DOCUMENTS))
def test_what_the_reader_says(case):
    with pytest.raises(SpecError) as caught:
        read_spec(case.wrong)
    assert whole(caught.value) == case.error


OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")
NO_LIMIT = {"op": "remove", "path": "/query/limit"}
NO_OPERATION = {"op": "delete", "path": "/view"}

PATCHES = [
    Case("{", "E_PATCH: not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    Case(7, "E_PATCH: a patch is a list of operations, not int", 7),
    Case([NO_OPERATION], f"E_PATCH: operation 0 is none: op is one of {', '.join(OPERATIONS)}", NO_OPERATION, OPERATIONS),
    Case([NO_LIMIT],
         "E_PATCH at /query/limit: operation 0 (remove /query/limit): can't remove a non-existent object 'limit'; there: kind, outputs",
         NO_LIMIT, ("kind", "outputs")),
    Case([{"op": "test", "path": "/kind", "value": "edit"}],
         "E_PATCH at /kind: operation 0 (test /kind): another value stands there", "edit"),
    Case([{"op": "replace", "path": "/query/outputs/0", "value": "orders.dy"}],
         "E_UNKNOWN_ID at /query/outputs/0/column: after operation 0 (replace /query/outputs/0): unknown column 'dy' in orders; did you mean 'day'?",
         "orders.dy", ("id", "customer_id", "day", "channel", "status")),
]  # fmt: skip


@pytest.mark.parametrize(**named(PATCHES))
def test_what_an_edit_says(schema, case):
    with pytest.raises(SpecError) as caught:
        edit(read_spec(query("orders.id")), case.wrong, schema)
    assert whole(caught.value) == case.error


DIALECT_CASES = [
    Case("postgre", "E_DIALECT: unknown dialect 'postgre'; did you mean 'postgres'?", "postgre", DIALECTS),
    Case("mysql", "E_DIALECT: MEDIAN cannot be said in mysql with the same meaning", "MEDIAN", ("duckdb",)),
]


@pytest.mark.parametrize(**named(DIALECT_CASES))
def test_what_a_dialect_says(schema, case):
    with pytest.raises(SpecError) as caught:
        compile_spec(read_spec(query(bucket("month"), agg("median", "items.price"))), schema, dialect=case.wrong)
    assert whole(caught.value) == case.error
