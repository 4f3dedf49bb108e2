"""Columns that further tables have too: the city of a customer is also that of an order. Which one is meant follows from what is asked."""

from __future__ import annotations

import dataclasses
import random

import numpy as np

from microgt.graph import Graph, Relation
from microgt.graph.linker import KEYS
from microgt.spec.grammar import ActionKind
from microgt.training.fewer import rearranged, used_tables
from microgt.training.prepare import Prepared


class RepeatColumns:
    """With probability `p`, copy a column that holds a value of the question into up to `most` tables.

    Only tables that neither the gold nor the question names. A copy has the name and the cells of its original and no key, as where
    tables of one company repeat what identifies a thing.
    """

    def __init__(self, p: float = 0.2, most: int = 3):
        self.p, self.most = p, most

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        if rng.random() >= self.p:
            return item
        graph, owner = item.graph, item.graph.owners
        asked = {a.index for a in item.actions if a.kind is ActionKind.COLUMN}
        held = sorted({c for value in graph.values for c in value.columns} & asked)
        said = used_tables(item) | _said(graph)
        free = [t for t in range(len(graph.tables)) if t not in said]
        if not held or not free:
            return item
        column = rng.choice(held)
        taken = {owner[c] for c in range(len(owner)) if _name(graph, c) == _name(graph, column)}
        for table in rng.sample(free, rng.randint(1, min(self.most, len(free)))):
            if table not in taken:
                graph = _with_copy(graph, column, table)
        if graph is item.graph:
            return item
        larger = dataclasses.replace(item, graph=graph)
        owner = graph.owners
        return rearranged(larger, list(range(len(graph.tables))), sorted(range(len(owner)), key=owner.__getitem__))


def _said(graph: Graph) -> set[int]:
    """The tables that words of the question name."""
    q = len(graph.words)
    named = np.isin(graph.relations[:q, q + 1 : q + 1 + len(graph.tables)], (Relation.QT_EXACT, Relation.QT_PARTIAL))
    return set(np.flatnonzero(named.any(axis=0)).tolist())


def _name(graph: Graph, column: int) -> str:
    """Of a column without its table."""
    return graph.columns[column][len(graph.tables[graph.owners[column]]) + 1 :]


def _with_copy(graph: Graph, column: int, table: int) -> Graph:
    """With one more column behind the others: that of index `column`, in another table."""
    first = len(graph.words) + 1 + len(graph.tables)
    end, old = first + len(graph.columns), first + column
    nodes = [*range(end), old, *range(end, len(graph.tokens))]
    return dataclasses.replace(
        graph,
        columns=(*graph.columns, f"{graph.tables[table]}.{_name(graph, column)}"),
        values=tuple(dataclasses.replace(v, columns=(*v.columns, len(graph.columns))) if column in v.columns else v for v in graph.values),
        relations=_relations(graph, nodes, end, old, table),
        tokens=tuple(graph.tokens[n] for n in nodes),
        flags=_without_keys(graph.flags[nodes], end),
    )


def _relations(graph: Graph, nodes: list[int], new: int, old: int, table: int) -> np.ndarray:
    """Those of the copy at node `new`: as of its original at node `old` but for the tables and columns around it."""
    found = graph.relations[np.ix_(nodes, nodes)]
    tables, first = len(graph.words) + 1, len(graph.words) + 1 + len(graph.tables)
    found[new, tables:first], found[tables:first, new] = Relation.CT_NONE, Relation.TC_NONE
    found[new, tables + table], found[tables + table, new] = Relation.CT_BELONGS, Relation.TC_BELONGS
    for other, owner in enumerate(graph.owners, first):
        same = graph.tokens[other] == graph.tokens[old]
        between = Relation.CC_SAME_TABLE if owner == table else Relation.CC_SAME_NAME if same else Relation.CC_NONE
        found[new, other] = found[other, new] = between
    found[new, new] = Relation.CC_SAME
    return found


def _without_keys(flags: np.ndarray, node: int) -> np.ndarray:
    flags[node, KEYS] = 0
    return flags
