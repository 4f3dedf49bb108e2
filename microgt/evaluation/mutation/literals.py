"""Mistakes in literals: a number off by one, another value of the column, the next year or month."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.evaluation.mutation.tree import Alternatives
from microgt.schema.types import Schema
from microgt.spec.named import parse_period, shifted
from microgt.spec.types import At, Between, Col, Compare, In, InPeriod, Last, Like, Node, Value
from microgt.spec.walk import walk

_WRITTEN = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def change_literal(schema: Schema) -> Alternatives:
    """Conditions with another literal."""

    def changed(node: Node) -> Iterator[Node]:
        match node:
            case Compare(right=Value()):
                yield from (node.model_copy(update={"right": v}) for v in _others(node.right, node.left, schema))
            case Between(low=Value(), high=Value()):
                yield from (node.model_copy(update={"low": v}) for v in _others(node.low, node.of, schema))
                yield from (node.model_copy(update={"high": v}) for v in _others(node.high, node.of, schema))
            case In(values=(first, *rest)):
                yield from (node.model_copy(update={"values": (v, *rest)}) for v in _others(first, node.of, schema))
                if rest:
                    yield node.model_copy(update={"values": tuple(rest)})
            case Like():
                yield from (node.model_copy(update={"text": v}) for v in _cut(node.text))
            case InPeriod(period=At()):
                yield from (node.model_copy(update={"period": At(value=v)}) for v in _next(node.period.value))
            case Last():
                yield node.model_copy(update={"n": Value(value=int(node.n.value) + 1)})

    return changed


def _others(value: Value, of: Node, schema: Schema) -> Iterator[Value]:
    given = value.value
    if isinstance(given, bool):
        yield Value(value=not given)
    elif isinstance(given, int | float):
        yield from (Value(value=given - 1), Value(value=given + 1))
    else:
        known = [v for c in _columns(of) for v in schema.values.get(c, ()) if v != given]
        yield from (Value(value=v) for v in known[:2])


def _columns(node: Node) -> list[str]:
    return [n.column for _, n in walk(node) if isinstance(n, Col)]


def _cut(text: Value) -> Iterator[Value]:
    """Its text without the last letter."""
    if isinstance(text.value, str) and len(text.value.strip("%")) > 2 and not text.value.endswith("%"):
        yield Value(value=text.value[:-1])


def _next(value: Value) -> Iterator[Value]:
    named = parse_period(value.value)
    if named and named.start and named.unit in _WRITTEN:
        yield Value(value=f"{shifted(named.start, 1, named.unit):{_WRITTEN[named.unit]}}")
