"""Every type of the language, and every member of its enums, is known to grammar, JSON Schema, checker, compiler and words."""

from collections.abc import Iterator
from typing import Any

import pytest

from microgt.spec import check, compile_spec, in_words, json_schema, read_spec, write_spec
from microgt.spec.grammar import GRAMMAR, Scope
from microgt.spec.rules import all_classes, fields_of
from microgt.spec.types import Answer, Edit, Node, Spec, Value
from microgt.spec.walk import rebuilt, walk

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "items.price"}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.day"}
HOUR = {"kind": "time_bucket", "grain": "hour", "of": "calls.started"}
CALLS = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "calls"}}


def ref(n):
    return {"kind": "ref", "output": n}


def outputs(*of, **more):
    return {"query": {"outputs": list(of), **more}}


def where(predicate):
    return outputs("orders.id", where=predicate)


def during(kind, **period):
    return where({"kind": "in_period", "of": "orders.day", "period": {"kind": kind, **period}})


def compare(left, right):
    return {"kind": "compare", "op": "gt", "left": left, "right": right}


IS_NULL = {"kind": "is_null", "of": "orders.status"}
IN = {"kind": "in", "of": "orders.channel", "values": [{"value": "web"}]}
SEVEN = list(range(1, 8))  # constants, so that any of eight outputs can be named

EXAMPLES: dict[str, dict[str, Any]] = {
    "Col": outputs({"column": "customers.name", "via": ["orders.customer_id"]}, "orders.id"),
    "Value": where(compare("orders.id", 3)),
    "Arithmetic": outputs({"kind": "arithmetic", "op": "sub", "left": "items.price", "right": "items.qty"}),
    "DatePart": outputs({"kind": "date_part", "part": "month", "of": "orders.day"}),
    "DateDiff": outputs({"kind": "date_diff", "unit": "day", "start": "orders.day", "end": {"value": "2024-04-30"}}),
    "TimeBucket": outputs(MONTH),
    "Bin": outputs({"kind": "bin", "by": "width", "of": "items.price", "n": 5}, TOTAL),
    "Inner": {"query": {"source": {"outputs": ["orders.id", *SEVEN]}, "outputs": [{"kind": "inner", "output": 0}]}},
    "Ref": outputs("orders.id", *SEVEN, having=compare(ref(0), 1)),
    "Rows": outputs(COUNT),
    "Aggregate": outputs("orders.channel", {"kind": "aggregate", "fn": "sum", "of": "orders.id", "at": "items", "where": IS_NULL}),
    "Percentile": outputs({"kind": "percentile", "of": "items.price", "p": 90, "where": {"kind": "is_null", "of": "items.qty"}}),
    "Ratio": outputs({"kind": "ratio", "numerator": TOTAL, "denominator": {"kind": "aggregate", "fn": "sum", "of": "items.qty"}}),
    "RunningTotal": outputs(HOUR, {"kind": "running_total", "of": CALLS}),
    "Moving": outputs(MONTH, {"kind": "moving", "agg": "avg", "of": COUNT, "periods": 3}),
    "Prior": outputs(HOUR, {"kind": "prior", "of": CALLS, "n": 1, "unit": "day"}),
    "Delta": outputs(MONTH, {"kind": "delta", "of": COUNT, "n": 1, "unit": "month"}),
    "PercentChange": outputs(MONTH, COUNT, {"kind": "percent_change", "of": ref(1), "n": 2, "unit": "quarter"}),
    "Share": outputs("orders.channel", MONTH, {"kind": "share", "of": COUNT, "within": [MONTH, "orders.channel"]}),
    "Rank": outputs("orders.channel", COUNT, {"kind": "rank", "method": "rank", "of": ref(1), "within": [ref(0)]}),
    "Overall": outputs("orders.channel", MONTH, {"kind": "overall", "of": COUNT, "within": [MONTH, "orders.channel"]}),
    "Previous": during("previous", unit="month"),
    "This": during("this", unit="month"),
    "Last": during("last", unit="month", n=3),
    "ToDate": during("to_date", unit="month"),
    "At": during("at", value={"value": "Q1 2024"}),
    "Absolute": during("absolute", start={"value": "2023"}, end={"value": "March 2024"}),
    "And": where({"kind": "and", "args": [IS_NULL, IN]}),
    "Or": where({"kind": "or", "args": [IS_NULL, IN]}),
    "Not": where({"kind": "not", "arg": IN}),
    "Compare": where(compare("orders.id", 3)),
    "Between": where({"kind": "between", "of": "orders.id", "low": 2, "high": 3}),
    "In": where(IN),
    "InQuery": where({"kind": "in_query", "of": "orders.customer_id", "query": {"outputs": ["customers.id"]}}),
    "Like": where({"kind": "like", "how": "contains", "of": "orders.channel", "text": {"value": "w"}}),
    "IsNull": where(IS_NULL),
    "InPeriod": during("this", unit="year"),
    "Sort": outputs("orders.id", sort=[{"kind": "sort", "direction": "asc", "by": ref(0)}]),
    "Limit": outputs(
        *("orders.channel", "orders.status", COUNT),
        sort=[{"kind": "sort", "direction": "asc", "by": ref(0)}],
        limit={"kind": "limit", "n": 3, "per": [ref(0)]},
    ),
    "Link": outputs("customers.name", "notes.who", through=[{"kind": "link", "left": "customers.name", "right": "notes.who"}]),
    "Through": outputs("customers.name", through=[{"kind": "through", "table": "orders"}]),
    "Select": outputs("customers.name", "orders.id", where=IS_NULL),
    "SetOperation": {"query": {"kind": "set", "op": "union", "left": {"outputs": ["orders.id"]}, "right": {"outputs": ["items.id"]}}},
    "TableView": outputs("orders.id"),
    "NumberView": outputs(COUNT) | {"view": {"kind": "number"}},
    "Chart": outputs("orders.channel", "orders.status", COUNT)
    | {"view": {"kind": "chart", "mark": "grouped", "x": ref(0), "y": ref(2), "color": ref(1)}},
    "Forecast": outputs(MONTH, COUNT) | {"view": {"kind": "forecast", "of": ref(1), "horizon": 3}},
    "Answer": outputs("orders.id"),
    "Clarify": {"kind": "clarify", "readings": [outputs("orders.id"), outputs("orders.day")]},
    "Edit": {"kind": "edit", "answer": outputs("orders.id")},
    "Unanswerable": {"kind": "unanswerable", "reason": "no_value"},
}


def variants(name: str) -> Iterator[Spec]:
    """The example of a type; then with each other member of each of its enums, and without each of its optional parts."""
    spec = read_spec(EXAMPLES[name])
    cls = next(c for c in all_classes() if c.__name__ == name)
    yield spec
    first = next(n for _, n in walk(spec) if type(n) is cls)
    for shape in fields_of(cls):
        for member in shape.members:
            if member != getattr(first, shape.name):
                yield changed(spec, cls, {shape.name: member})
        if not shape.required and not shape.members and getattr(first, shape.name) != shape.default:
            yield changed(spec, cls, {shape.name: shape.default})


def changed(spec: Spec, cls: type[Node], update: dict[str, Any]) -> Spec:
    def change(node: Node) -> Node:
        return node.model_copy(update=update) if type(node) is cls else node

    return change(rebuilt(spec, change))


def test_each_type_has_an_example():
    assert list(EXAMPLES) == [cls.__name__ for cls in all_classes()]
    for name, data in EXAMPLES.items():
        assert name in {type(n).__name__ for _, n in walk(read_spec(data))}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_grammar_can_emit_it(schema, name):
    for spec in variants(name):
        values = tuple(n.value for _, n in walk(spec) if isinstance(n, Value))
        scope = Scope(tuple(t.name for t in schema.tables), tuple(c.id for c in schema.columns), values)
        assert GRAMMAR.decode(GRAMMAR.encode(spec, scope), scope) == spec
        assert read_spec(write_spec(spec)) == spec


@pytest.mark.parametrize("cls", all_classes(), ids=lambda cls: cls.__name__)
def test_json_schema_describes_it(cls):
    definitions = json_schema()["$defs"]
    properties = definitions[cls.__name__].get("properties") or definitions[cls.__name__]["anyOf"][1]["properties"]
    assert set(cls.model_fields) <= set(properties)
    for shape in fields_of(cls):
        if shape.members and shape.members != (False, True):
            assert list(shape.members) == properties[shape.name].get("enum", [properties[shape.name].get("const")])


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_checked_compiled_and_said(schema, connection, name):
    """The example is right; each variant is right too or refused by name; those that are right run, and each is said differently."""
    said = []
    for i, spec in enumerate(variants(name)):
        errors = check(spec, schema)
        assert all(e.code.startswith("E_") for e in errors)
        assert not errors or i > 0, errors
        if errors:
            continue
        said.append(in_words(spec, schema))
        if isinstance(spec, Answer | Edit):
            connection.sql(compile_spec(spec, schema)).fetchall()
    assert len(set(said)) == len(said)
