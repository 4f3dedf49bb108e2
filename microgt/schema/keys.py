"""Foreign keys that a database does not declare: inferred by name, then by containment of the values."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx

from microgt.schema.types import Column, ForeignKey, Table

Contained = Callable[[str, str], bool]


def infer_keys(tables: tuple[Table, ...], declared: tuple[ForeignKey, ...], contained: Contained) -> tuple[ForeignKey, ...]:
    """Declared keys, and inferred ones between tables that those leave unconnected.

    contained: whether (nearly) all values of the first column are among those of the second, ids as `table.column`.
    """
    graph = nx.Graph()
    graph.add_nodes_from(t.name for t in tables)
    graph.add_edges_from((_table(k.column), _table(k.target)) for k in declared)
    found = list(declared)
    taken = {k.column for k in declared}
    for column, target in _candidates(tables):
        if column.id in taken or nx.has_path(graph, column.table, target.table):
            continue
        if contained(column.id, target.id):
            found.append(ForeignKey(column.id, target.id, inferred=True))
            taken.add(column.id)
            graph.add_edge(column.table, target.table)
    return tuple(found)


def _table(column_id: str) -> str:
    return column_id.rpartition(".")[0]


def _candidates(tables: tuple[Table, ...]) -> list[tuple[Column, Column]]:
    """Pairs whose names fit: `customer_id` with `customers.id` or `customers.customer_id`, best first."""
    pairs = []
    for target_table in tables:
        for target in target_table.columns:
            for table in tables:
                if table.name != target_table.name:
                    pairs += [(fit, column, target) for column in table.columns if (fit := _fit(column, target, target_table))]
    return [(column, target) for _, column, target in sorted(pairs, key=lambda p: -p[0])]


def _fit(column: Column, target: Column, target_table: Table) -> int:
    """How well the names fit; 0: not at all. Only a target that can be a key counts."""
    first = target_table.columns[0].id == target.id
    if column.type is not target.type or not (target.primary or first or target.words[-1] in ("id", "key", "code")):
        return 0
    singular = tuple(_singular(w) for w in target_table.words)
    if column.words == (*singular, *target.words) or column.words == (*target_table.words, *target.words):
        return 3 + target.primary
    generic = target.words in (("id",), ("name",), ("code",), ("key",))
    if column.words == target.words and not generic and (target.primary or first):
        return 2 + target.primary
    return 0


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word[:-1] if word.endswith("s") and not word.endswith("ss") else word
