"""Mistakes in a query as a whole: its distinct, order, limit, joins, keys, set operation."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.evaluation.mutation.tree import Alternatives, without
from microgt.schema.types import Schema
from microgt.spec.types import Col, Limit, Node, Select, SetOperation, Sort, Value

_SETS = {
    "union": ("intersect", "union_all"),
    "union_all": ("union",),
    "intersect": ("union", "except"),
    "except": ("intersect", "union"),
}


def drop_distinct(node: Node) -> Iterator[Node]:
    """Repetitions kept, or removed where they are wanted."""
    if isinstance(node, Select):
        yield node.model_copy(update={"distinct": not node.distinct})


def change_limit(node: Node) -> Iterator[Node]:
    """One row more or fewer, no limit, ties kept or cut, one ranking instead of one a group."""
    match node:
        case Limit():
            n = int(node.n.value)
            yield from (node.model_copy(update={"n": Value(value=m)}) for m in (n - 1, n + 1) if m > 0)
            yield node.model_copy(update={"ties": "break" if node.ties == "include" else "include"})
            if node.per:
                yield node.model_copy(update={"per": ()})
            if node.other:
                yield node.model_copy(update={"other": False})
        case Select(limit=Limit()) | SetOperation(limit=Limit()):
            yield node.model_copy(update={"limit": None})


def change_sort(node: Node) -> Iterator[Node]:
    """The other direction, or a sort key missing."""
    if isinstance(node, Sort):
        yield node.model_copy(update={"direction": "asc" if node.direction == "desc" else "desc"})
    elif isinstance(node, Select | SetOperation):
        yield from (node.model_copy(update={"sort": rest}) for rest in without(node.sort))


def change_join(schema: Schema) -> Alternatives:
    """Another key, a table less to pass through, rows without a partner kept or dropped, groups by something less."""
    keys = [key.column for key in schema.keys]

    def changed(node: Node) -> Iterator[Node]:
        match node:
            case Col(via=(*before, last)):
                yield node.model_copy(update={"via": ()})
                target = {k.target for k in schema.keys if k.column == last}
                others = [k.column for k in schema.keys if k.target in target and k.column != last]
                yield from (node.model_copy(update={"via": (*before, other)}) for other in others)
            case Select():
                yield from (node.model_copy(update={"through": rest}) for rest in without(node.through))
                yield node.model_copy(update={"orphans": "drop" if node.orphans == "keep" else "keep"})
                yield node.model_copy(update={"empty_groups": "drop" if node.empty_groups == "keep" else "keep"})

    return changed if keys else lambda _: ()


def change_keys(node: Node) -> Iterator[Node]:
    """A group key missing, or an output missing among several that are asked for."""
    if isinstance(node, Select):
        yield from (node.model_copy(update={"by": rest}) for rest in without(node.by))


def change_set(node: Node) -> Iterator[Node]:
    """Another set operation, or one side of it only."""
    if isinstance(node, SetOperation):
        yield from (node.model_copy(update={"op": op}) for op in _SETS[node.op])
        yield node.left
