"""Keys that a database does not declare: inferred by name, then by the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from microgt.schema.types import Column, ColumnType, ForeignKey, Table

_ID = ("id", "key", "code")
_GENERIC = {("id",), ("key",), ("code",), ("name",)}  # names that say nothing of whose they are


def infer_keys(
    tables: tuple[Table, ...], declared: Iterable[ForeignKey], contained: Callable[[Column, Column], bool]
) -> tuple[ForeignKey, ...]:
    """Declared keys, then inferred ones between tables that the declared ones leave unconnected.

    contained: whether (nearly) all values of the first column are among those of the second, which is unique.
    """
    import networkx as nx  # slow to import, and most schemas are read from the cache

    graph = nx.Graph()
    graph.add_nodes_from(t.name for t in tables)
    found = list(dict.fromkeys(declared))
    owner = {c.id: t.name for t in tables for c in t.columns}
    graph.add_edges_from((owner[k.column], owner[k.target]) for k in found)
    part = {table: number for number, names in enumerate(nx.connected_components(graph)) for table in names}
    taken = {k.column for k in found}
    pairs: set[frozenset[str]] = set()  # of columns, so that two tables with the same key refer to each other only once
    for column, target in _candidates(tables):
        pair = frozenset((column.id, target.id))
        if column.id in taken or pair in pairs or part[column.table] == part[target.table]:
            continue
        if contained(column, target):
            found.append(ForeignKey(column.id, target.id, inferred=True))
            taken.add(column.id)
            pairs.add(pair)
    return tuple(found)


def infer_primary(tables: tuple[Table, ...], keys: Iterable[ForeignKey], unique: Callable[[Column], bool]) -> tuple[Table, ...]:
    """The tables; one without a declared primary key gets the first column that looks like one and is unique.

    Looked at: the targets of keys, then `id` and `<table>_id`, then a first column whose name ends in id, key or code.
    """
    targets = {k.target for k in keys}
    return tuple(table if table.primary_key else _with_primary(table, targets, unique) for table in tables)


def _with_primary(table: Table, targets: set[str], unique: Callable[[Column], bool]) -> Table:
    looks = [c for c in table.columns if c.id in targets]
    looks += [c for c in table.columns if c.words == ("id",) or _owned(c, table)]
    looks += [c for c in table.columns[:1] if c.words[-1] in _ID]
    key = next((c for c in dict.fromkeys(looks) if unique(c)), None)
    return replace(table, columns=tuple(replace(c, primary=True) if c is key else c for c in table.columns)) if key else table


def _owned(column: Column, table: Table) -> bool:
    """`customers.customer_id`: the name of the table and then a word for a key."""
    return column.words[-1] in _ID and column.words[:-1] in _names(table)


def _names(table: Table) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys((table.words, *((*table.words[:-1], one) for one in _singulars(table.words[-1])))))


def _candidates(tables: tuple[Table, ...]) -> Iterator[tuple[Column, Column]]:
    """Pairs of columns in two tables whose names fit, best first: `customer_id`, then `billing_customer_id`, with `customers.id`
    or `customers.customer_id`; then `customer` alone; then the same name in both tables."""
    called: dict[tuple[str, ...], list[tuple[int, Column]]] = {}
    for table in tables:
        for target in table.columns:
            for words, fit in _calls(target, table).items():
                called.setdefault(words, []).append((fit, target))
    pairs = []
    for column in (c for t in tables for c in t.columns):
        for start in range(len(column.words)):
            for fit, target in called.get(column.words[start:], ()):
                if target.table != column.table and target.type is column.type and (start == 0 or fit > 1):
                    pairs.append((fit - 2 * (start > 0), target.primary, column, target))
    yield from ((column, target) for _, _, column, target in sorted(pairs, key=lambda p: (-p[0], -p[1])))


def _calls(target: Column, table: Table) -> dict[tuple[str, ...], int]:
    """What other tables may call a column that can be a key, with how surely they mean it."""
    names = _names(table)
    naming = target.words[-1] == "name" and target.words[:-1] in names  # state.state_name: what others call a state by
    if not (target.primary or target is table.columns[0] or target.words[-1] in _ID or naming):
        return {}
    found = {(*name, *target.words): 4 for name in names}
    if _owned(target, table):
        found[target.words] = 4
    elif naming:
        found[target.words] = 3
    elif target.words not in _GENERIC and (target.primary or target is table.columns[0] or target.type is ColumnType.TEXT):
        found[target.words] = 1  # numbers that run from one on are among each other by chance
    if _owned(target, table) or target.words == ("id",) or naming:
        found |= {name: 2 for name in names if name not in found}
    return found


def _singulars(word: str) -> tuple[str, ...]:
    """What one of several may be called; of `campuses` also `campus`."""
    if word.endswith("ies"):
        return (word[:-3] + "y",)
    if not word.endswith("s") or word.endswith("ss"):
        return (word,)
    return (word[:-1], word[:-2]) if word.endswith(("ses", "xes", "ches", "shes")) else (word[:-1],)
