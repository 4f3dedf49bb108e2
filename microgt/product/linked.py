"""Where the literals of a spec came from, and which words of the question were linked with the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from pydantic import BaseModel

from microgt.graph import Graph, ValueNode
from microgt.graph.relations import Relation
from microgt.graph.synonyms import NEAR_COLUMN, NEAR_TABLE, SAME_COLUMN, SAME_TABLE
from microgt.product.answered import Link, ValueSource
from microgt.schema.types import Schema
from microgt.spec.types import Col, Rows, Spec, Through, Value
from microgt.spec.walk import walk

_HOW: dict[int, str] = {
    Relation.QT_EXACT: "name",
    Relation.QC_EXACT: "name",
    Relation.QT_PARTIAL: "part of the name",
    Relation.QC_PARTIAL: "part of the name",
    Relation.QC_VALUE: "value",
    Relation.QC_VALUE_PARTIAL: "part of a value",
    Relation.QC_TIME: "date",
    SAME_TABLE: "meaning",
    SAME_COLUMN: "meaning",
    NEAR_TABLE: "related meaning",
    NEAR_COLUMN: "related meaning",
}
_ALWAYS = ("name", "value")  # also shown when the spec does not have what they lead to
MOST_LINKS = 24


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


def links_of(graph: Graph, spec: Spec, schema: Schema) -> tuple[Link, ...]:
    """Links of words with tables and columns, in the order of the words; weak ones only with what the spec uses."""
    names = (*graph.tables, *graph.columns)
    first, used = len(graph.words) + 1, _used(spec, schema)
    block = graph.relations[: len(graph.words), first : first + len(names)]
    known = np.isin(block, list(_HOW))
    found: list[tuple[int, Link]] = []
    for k in np.flatnonzero(known.any(axis=0)):
        for begin, end, how in _runs(block[:, k]):
            link = Link(" ".join(graph.words[begin:end]), names[k], how, names[k] in used)
            if link.used or how in _ALWAYS:
                found.append((begin, link))
    ordered = sorted(found, key=lambda one: (one[0], not one[1].used))
    kept = sorted(ordered, key=lambda one: not one[1].used)[:MOST_LINKS]
    return tuple(link for place, link in ordered if (place, link) in kept)


def _runs(relations: np.ndarray) -> Iterator[tuple[int, int, str]]:
    """(begin, end, how) of neighbouring words that are linked in the same way."""
    begin = 0
    for place in range(1, len(relations) + 1):
        if place == len(relations) or relations[place] != relations[begin]:
            how = _HOW.get(int(relations[begin]))
            if how:
                yield begin, place, how
            begin = place


def _used(spec: Spec, schema: Schema) -> set[str]:
    """Ids of the columns and tables that a spec names."""
    columns = {schema.column(node.column) for _, node in walk(spec) if isinstance(node, Col)}
    tables = {node.table for _, node in walk(spec) if isinstance(node, Rows | Through)}
    return {c.id for c in columns} | {c.table for c in columns} | tables
