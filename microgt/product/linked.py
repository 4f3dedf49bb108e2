"""What of a question was found in the database, and where the literals of a spec came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from microgt.graph import Graph, ValueNode
from microgt.product.answered import ValueSource
from microgt.schema.types import Schema
from microgt.spec.types import Spec, Value

NAMED = 8  # how many tables a refusal names


def what_is_missing(graph: Graph, schema: Schema) -> str | None:
    """Why nothing of the question can be about this database, or None when something was found.

    Something is a question word that shares a stem with a table or column name, or a value that is a cell of the database.
    """
    if any(value.columns for value in graph.values) or _shares_a_stem(graph):
        return None
    tables = ", ".join(t.name for t in schema.tables[:NAMED]) + (", ..." if len(schema.tables) > NAMED else "")
    if not any(word.isascii() and word.isalnum() for word in graph.words):
        return f"no word of the question can be read as English, and none is a value in {schema.name} (tables: {tables})"
    words = ", ".join(repr(word) for word in graph.words[:NAMED])
    return f"nothing in the question ({words}) names a table, column or value of {schema.name} (tables: {tables})"


def sources_of(spec: Spec, values: Sequence[ValueNode], graph: Graph) -> tuple[ValueSource, ...]:
    """One entry for each distinct literal of the spec, in the spec's order."""
    found: dict[tuple[type, object], ValueSource] = {}
    for literal in _literals(spec):
        key = (type(literal), literal)
        if key not in found:
            node = next((v for v in values if type(v.value) is type(literal) and v.value == literal), None)
            found[key] = ValueSource(literal, "constant") if node is None else _source(literal, node, graph)
    return tuple(found.values())


def _source(literal: bool | int | float | str, node: ValueNode, graph: Graph) -> ValueSource:
    words = " ".join(graph.words[slice(*node.span)]) if node.span else ""
    return ValueSource(literal, str(node.source), words, tuple(graph.columns[c] for c in node.columns))


def _shares_a_stem(graph: Graph) -> bool:
    count = len(graph.words)
    items = range(count + 1, count + 1 + len(graph.tables) + len(graph.columns))  # after the words comes the star
    names = {stem for node in items for stem in graph.tokens[node]}
    return any(stem in names for node in range(count) for stem in graph.tokens[node])


def _literals(node: object) -> Iterator[bool | int | float | str]:
    if isinstance(node, Value):
        yield node.value
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _literals(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from _literals(item)
