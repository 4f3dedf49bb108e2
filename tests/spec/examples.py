"""An example of every type of the language, and its variants: each enum member, each optional part."""

from collections.abc import Iterator
from typing import Any

from microgt.spec import read_spec
from microgt.spec.rules import all_classes, fields_of
from microgt.spec.types import Node, Spec
from microgt.spec.walk import rebuilt, walk

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "items.price"}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.day"}
HOUR = {"kind": "time_bucket", "grain": "hour", "of": "calls.started"}
CALLS = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "calls"}}


def ref(n):
    return {"kind": "ref", "output": n}


def inner(n):
    return {"kind": "inner", "output": n}


def outputs(*of, **more):
    return {"query": {"outputs": list(of), **more}}


def where(predicate):
    return outputs("orders.id", where=predicate)


def during(kind, **period):
    in_period = {"kind": "in_period", "of": "calls.started", "period": {"kind": kind, **period}}
    return outputs("calls.id", where=in_period)


def compare(left, right):
    return {"kind": "compare", "op": "gt", "left": left, "right": right}


IS_NULL = {"kind": "is_null", "of": "orders.status"}
IN = {"kind": "in", "of": "orders.channel", "values": [{"value": "web"}]}
DOWN = {"kind": "sort", "direction": "desc", "by": ref(0)}
SEVEN = list(range(1, 8))  # constants, so that any of eight outputs can be named

EXAMPLES: dict[str, dict[str, Any]] = {
    "Col": outputs({"column": "customers.name", "via": ["orders.customer_id"]}, "orders.id"),
    "Value": where(compare("orders.id", 3)),
    "Arithmetic": outputs({"kind": "arithmetic", "op": "sub", "left": "items.price", "right": "items.qty"}),
    "DatePart": outputs({"kind": "date_part", "part": "month", "of": "calls.started"}),
    "DateDiff": outputs({"kind": "date_diff", "unit": "day", "start": "orders.day", "end": {"value": "2024-04-30"}}),
    "TimeBucket": outputs(HOUR),
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
    "Sort": outputs("orders.id", sort=[DOWN]),
    "Limit": outputs(
        *("orders.channel", "orders.status", COUNT),
        sort=[DOWN],
        limit={"kind": "limit", "n": 3, "per": [ref(0)]},
    ),
    "Link": outputs("customers.name", "notes.who", through=[{"kind": "link", "left": "customers.name", "right": "notes.who"}]),
    "Through": outputs("customers.name", through=[{"kind": "through", "table": "orders"}]),
    "Select": outputs(
        *("customers.name", "orders.id"),
        where=IS_NULL,
        having=compare(ref(1), 1),
        sort=[DOWN],
        limit={"kind": "limit", "n": 2},
        through=[{"kind": "through", "table": "items"}],
    ),
    "SetOperation": {
        "query": {
            "kind": "set",
            "op": "union",
            "left": {"outputs": ["orders.id"]},
            "right": {"outputs": ["items.id"]},
            "sort": [{"kind": "sort", "direction": "desc", "by": ref(0)}],
            "limit": {"kind": "limit", "n": 2},
        }
    },
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


def over_months(of, **more):
    """A query over the number of orders by month."""
    return outputs(of, source={"outputs": [MONTH, COUNT]}, **more)


# What the example of a type cannot have together with the rest of it.
MORE: dict[str, list[dict[str, Any]]] = {
    "DatePart": [over_months({"kind": "date_part", "part": "month", "of": inner(0)})],
    "TimeBucket": [over_months({"kind": "time_bucket", "grain": "year", "of": inner(0)})],
    "Bin": [over_months({"kind": "bin", "by": "width", "of": inner(1), "n": 2})],
    "InPeriod": [over_months(inner(1), where={"kind": "in_period", "of": inner(0), "period": {"kind": "this", "unit": "year"}})],
    "Percentile": [outputs({"kind": "percentile", "of": "orders.id", "p": 90, "at": "items"})],
    "Prior": [outputs(MONTH, {"kind": "prior", "of": COUNT, "n": 1, "unit": "month"})],
    "Delta": [outputs(HOUR, {"kind": "delta", "of": CALLS, "n": 1, "unit": "hour"})],
    "PercentChange": [outputs(HOUR, {"kind": "percent_change", "of": CALLS, "n": 1, "unit": "hour"})],
    "Select": [outputs(COUNT, by=["orders.channel"]), outputs({**COUNT, "of": 1}, source={"outputs": ["orders.id"]})],
    "Answer": [outputs(COUNT) | {"view": {"kind": "number"}}],
    "Chart": [
        outputs("orders.channel", COUNT) | {"view": {"kind": "chart", "mark": "donut"}},
        outputs("orders.channel", COUNT) | {"view": {"kind": "chart", "mark": "pie"}},
        outputs(COUNT, "orders.channel") | {"view": {"kind": "chart", "mark": "bar", "x": ref(1), "y": ref(0)}},
    ],
}


def examples_of(name: str) -> list[dict[str, Any]]:
    """All examples of a type."""
    return [EXAMPLES[name], *MORE.get(name, ())]


def variants(name: str) -> Iterator[Spec]:
    """The examples of a type; then with each other member of each of its enums, and without each of its optional parts."""
    cls = next(c for c in all_classes() if c.__name__ == name)
    for example in examples_of(name):
        spec = read_spec(example)
        yield spec
        first = next(n for _, n in walk(spec) if type(n) is cls)
        for shape in fields_of(cls):
            for member in shape.members:
                if member != getattr(first, shape.name):
                    yield changed(spec, cls, {shape.name: member})
            if not shape.required and not shape.members and getattr(first, shape.name) != shape.default:
                yield changed(spec, cls, {shape.name: shape.default})


def changed(spec: Spec, cls: type[Node], update: dict[str, Any]) -> Spec:
    """With these fields in every node of a type."""

    def change(node: Node) -> Node:
        return node.model_copy(update=update) if type(node) is cls else node

    return change(rebuilt(spec, change))
