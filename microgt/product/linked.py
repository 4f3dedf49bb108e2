"""Where the literals of a spec came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from microgt.graph import Graph, ValueNode
from microgt.product.answered import ValueSource
from microgt.spec.types import Spec, Value


def sources_of(spec: Spec, values: Sequence[ValueNode], graph: Graph, previous: Spec | None = None) -> tuple[ValueSource, ...]:
    """One entry for each distinct literal of the spec, in the spec's order. previous: what the spec is a change of."""
    before = {(type(literal), literal) for literal in _literals(previous)}
    found: dict[tuple[type, object], ValueSource] = {}
    for literal in _literals(spec):
        key = (type(literal), literal)
        if key not in found:
            node = next((v for v in values if type(v.value) is type(literal) and v.value == literal), None)
            node = node or next((v for v in values if isinstance(literal, str) and str(v.value) == literal), None)  # the year 2023
            unseen = ValueSource(literal, "previous" if key in before else "constant")
            found[key] = unseen if node is None else _source(literal, node, graph)
    return tuple(found.values())


def _source(literal: bool | int | float | str, node: ValueNode, graph: Graph) -> ValueSource:
    words = " ".join(graph.words[slice(*node.span)]) if node.span else ""
    return ValueSource(literal, str(node.source), words, tuple(graph.columns[c] for c in node.columns))


def _literals(node: object) -> Iterator[bool | int | float | str]:
    if isinstance(node, Value):
        yield node.value
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _literals(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from _literals(item)
