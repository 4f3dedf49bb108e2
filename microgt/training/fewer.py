"""What a schema may lack and questions still mean the same: tables that are not asked about, declared keys, an order.

Each is an object `(item, rng) -> item`.
"""

from __future__ import annotations

import dataclasses
import random

import numpy as np

from microgt.graph import Graph, Relation
from microgt.graph.linker import KEYS
from microgt.spec.grammar import ActionKind
from microgt.training.prepare import Prepared

_WITHOUT = {
    Relation.CT_KEY_INTO: Relation.CT_NONE,
    Relation.TC_KEY_INTO: Relation.TC_NONE,
    Relation.TT_KEY: Relation.TT_NONE,
    Relation.TT_KEY_BACK: Relation.TT_NONE,
    Relation.TT_KEY_BOTH: Relation.TT_NONE,
    Relation.TT_BRIDGE: Relation.TT_NONE,
}


class DropTables:
    """With probability `p`, leave out tables that the gold does not use, each with probability `each`.

    Tables of columns of the gold, and those that connect its tables, stay.
    """

    def __init__(self, p: float = 0.3, each: float = 0.5):
        self.p, self.each = p, each

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        if rng.random() >= self.p:
            return item
        used = used_tables(item)
        kept = [i for i in range(len(item.graph.tables)) if i in used or rng.random() >= self.each]
        if not kept or len(kept) == len(item.graph.tables):
            return item
        owner = item.graph.owners
        return rearranged(item, kept, [c for c in range(len(owner)) if owner[c] in kept])


class Shuffle:
    """With probability `p`, tables and columns in another order. Only models that read the schema as text see it."""

    def __init__(self, p: float = 1.0):
        self.p = p

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        if rng.random() >= self.p:
            return item
        tables, owner = rng.sample(range(len(item.graph.tables)), len(item.graph.tables)), item.graph.owners
        columns = rng.sample(range(len(owner)), len(owner))
        return rearranged(item, tables, sorted(columns, key=lambda c: tables.index(owner[c])))


class DropKeys:
    """With probability `p`, no key is declared, and no primary key."""

    def __init__(self, p: float = 0.1):
        self.p = p

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        if rng.random() >= self.p:
            return item
        graph = item.graph
        relations, flags = graph.relations.copy(), graph.flags.copy()
        for old, new in _WITHOUT.items():
            relations[relations == old] = new
        first, owners = len(graph.words) + 1 + len(graph.tables), graph.owners
        places = np.isin(relations, (Relation.CC_KEY, Relation.CC_KEY_BACK)).nonzero()
        for a, b in zip(*places, strict=True):
            same_table = owners[a - first] == owners[b - first]
            same_name = graph.tokens[a] == graph.tokens[b]
            relations[a, b] = Relation.CC_SAME_TABLE if same_table else Relation.CC_SAME_NAME if same_name else Relation.CC_NONE
        relations[relations == Relation.CT_PRIMARY] = Relation.CT_BELONGS
        relations[relations == Relation.TC_PRIMARY] = Relation.TC_BELONGS
        flags[:, KEYS] = 0
        return dataclasses.replace(item, graph=dataclasses.replace(graph, relations=relations, flags=flags))


def rearranged(item: Prepared, tables: list[int], columns: list[int]) -> Prepared:
    """Only these tables and columns, in this order; all that the gold uses must be among them."""
    graph = item.graph
    first, second = len(graph.words) + 1, len(graph.words) + 1 + len(graph.tables)
    last = second + len(graph.columns)
    nodes = [*range(first), *(first + t for t in tables), *(second + c for c in columns), *range(last, len(graph.tokens))]
    of_table, of_column = ({old: new for new, old in enumerate(kept)} for kept in (tables, columns))
    values = tuple(dataclasses.replace(v, columns=tuple(sorted(of_column[c] for c in v.columns if c in of_column))) for v in graph.values)
    smaller = Graph(
        question=graph.question,
        words=graph.words,
        tables=tuple(graph.tables[t] for t in tables),
        columns=tuple(graph.columns[c] for c in columns),
        values=values,
        relations=graph.relations[np.ix_(nodes, nodes)],
        tokens=tuple(graph.tokens[n] for n in nodes),
        flags=graph.flags[nodes],
    )
    places = {ActionKind.TABLE: of_table, ActionKind.COLUMN: of_column}
    actions = tuple(a._replace(index=places[a.kind][a.index]) if a.kind in places else a for a in item.actions)
    return dataclasses.replace(item, graph=smaller, actions=actions)


def used_tables(item: Prepared) -> set[int]:
    """Tables of the gold, and those that are joined with two of them."""
    graph, owner = item.graph, item.graph.owners
    named = {
        a.index if a.kind is ActionKind.TABLE else owner[a.index] for a in item.actions if a.kind in (ActionKind.TABLE, ActionKind.COLUMN)
    }
    first = len(graph.words) + 1
    between = graph.relations[first : first + len(graph.tables), first : first + len(graph.tables)]
    keyed = np.isin(between, (Relation.TT_KEY, Relation.TT_KEY_BACK, Relation.TT_KEY_BOTH))
    return named | {t for t in range(len(graph.tables)) if keyed[t, sorted(named)].sum() > 1}
