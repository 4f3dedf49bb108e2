"""How much of what the question names a spec uses, and how much of what it uses the question names."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from microgt.graph import Graph, Relation
from microgt.graph.synonyms import SAME_COLUMN, SAME_TABLE
from microgt.spec.types import Col, Compare, Link, Rows, Spec, Through, Value
from microgt.spec.walk import walk

_SOLID = ("number", "date", "quoted")  # sources of values that a question hardly mentions in vain


class Linked(NamedTuple):
    """Counts. exact, partial: columns that the question names, with all words, or with some or with words that mean the same, of which
    `spec` uses some; values alike.

    constants: values of the spec that are none of the graph's. repeated: values that several columns are compared with. far: conditions
    that reach into a table of their own though one that is asked about anyway holds the value.
    """

    columns: int
    columns_exact: int
    columns_partial: int
    columns_unnamed: int
    tables: int
    tables_unnamed: int
    missed_exact: int
    missed_tables: int
    values: int
    values_unused: int
    solid_unused: int
    words_unused: int
    constants: int
    values_repeated: int
    values_far: int


def linked(spec: Spec, graph: Graph) -> Linked:
    """Of one spec over its graph."""
    q, t = len(graph.words), len(graph.tables)
    names = graph.relations[:q, q + 1 : q + 1 + t + len(graph.columns)]
    columns, tables, values = _used(spec, graph)
    exact = _named(names[:, t:], Relation.QC_EXACT)
    partial = _named(names[:, t:], Relation.QC_PARTIAL, Relation.QC_VALUE, Relation.QC_VALUE_PARTIAL, SAME_COLUMN) & ~exact
    table_named = _named(names[:, :t], Relation.QT_EXACT, Relation.QT_PARTIAL, SAME_TABLE)
    table_exact = _named(names[:, :t], Relation.QT_EXACT)
    owners = graph.owners
    of_columns = {owners[c] for c in columns} | tables
    unused = [v for i, v in enumerate(graph.values) if i not in values]
    covered = {w for i in values for span in [graph.values[i].span] if span for w in range(*span)}
    free = [v for v in unused if v.span and not covered & set(range(*v.span))]
    return Linked(
        columns=len(columns),
        columns_exact=int(sum(exact[c] for c in columns)),
        columns_partial=int(sum(partial[c] for c in columns)),
        columns_unnamed=int(sum(not exact[c] and not partial[c] for c in columns)),
        tables=len(of_columns),
        tables_unnamed=int(sum(not table_named[i] for i in of_columns)),
        missed_exact=len(_words_of(names[:, t:], Relation.QC_EXACT) - _words_of(names[:, t:][:, sorted(columns)], Relation.QC_EXACT)),
        missed_tables=int(sum(table_exact[i] for i in range(t) if i not in of_columns)),
        values=len(values),
        values_unused=len(free),
        solid_unused=sum(v.source in _SOLID for v in free),
        words_unused=sum(len(range(*v.span)) for v in free if v.span),
        constants=sum(isinstance(node, Value) and not _places_of(node, graph) for _, node in walk(spec)),
        values_repeated=_repeated(spec),
        values_far=_far(spec, graph),
    )


def _equal(spec: Spec) -> list[tuple[Col, Value]]:
    """The columns that are compared with a value, and it."""
    found = [node for _, node in walk(spec) if isinstance(node, Compare) and node.op == "eq"]
    return [(c.left, c.right) for c in found if isinstance(c.left, Col) and isinstance(c.right, Value)]


def _repeated(spec: Spec) -> int:
    columns: dict[str, set[str]] = {}
    for column, value in _equal(spec):
        columns.setdefault(repr(value.value), set()).add(column.column)
    return sum(len(found) > 1 for found in columns.values())


def _far(spec: Spec, graph: Graph) -> int:
    owner = dict(zip(graph.columns, (graph.tables[t] for t in graph.owners), strict=True))
    asked = [node for _, node in walk(spec) if isinstance(node, Col)]
    found = 0
    for column, value in _equal(spec):
        others = {owner.get(c.column) for c in asked if c is not column}
        others |= {node.table for _, node in walk(spec) if isinstance(node, Rows | Through)}
        held = {owner[graph.columns[c]] for i in _places_of(value, graph) for c in graph.values[i].columns}
        found += owner.get(column.column) not in others and bool(others & held)
    return found


def _named(names: np.ndarray, *relations: int) -> np.ndarray:
    """bool [columns]: those that some word has one of the relations with."""
    return np.asarray(np.isin(names, relations).any(0))


def _words_of(names: np.ndarray, relation: int) -> set[int]:
    return set(np.flatnonzero((names == relation).any(1)).tolist())


def _places_of(value: Value, graph: Graph) -> set[int]:
    return {i for i, v in enumerate(graph.values) if type(v.value) is type(value.value) and v.value == value.value}


def _used(spec: Spec, graph: Graph) -> tuple[set[int], set[int], set[int]]:
    """Indices of the columns, tables and values of the graph that a spec names; not of those that the graph does not have."""
    columns, tables, values = set[str](), set[str](), set[int]()
    for _, node in walk(spec):
        match node:
            case Col(column=column):
                columns.add(column)
            case Link(left=left, right=right):
                columns |= {left, right}
            case Rows(table=table) | Through(table=table):
                tables.add(table)
            case Value():
                values |= _places_of(node, graph)
    places = [{i for i, name in enumerate(known) if name in used} for known, used in ((graph.columns, columns), (graph.tables, tables))]
    return places[0], places[1], values
