"""Walking spec trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from microgt.spec.types import Aggregate, Node, Ref, Select, SetOperation

Query = Select | SetOperation
AnyNode = TypeVar("AnyNode", bound=Node)
DEEPEST = 60  # nodes on one way down: what is read is no deeper, so that all that walks it has stack enough


def children(node: Node) -> Iterator[tuple[str, Node]]:
    """(place, child) of each direct child, in field order; a place is `/field` or `/field/index`."""
    for name, value in node.__dict__.items():
        if isinstance(value, Node):
            yield f"/{name}", value
        elif type(value) is tuple:
            for i, item in enumerate(value):
                if isinstance(item, Node):
                    yield f"/{name}/{i}", item


def walk(node: Node, place: str = "") -> Iterator[tuple[str, Node]]:
    """(place, node) of the node and all below it, nested queries too."""
    yield place, node
    for step, child in children(node):
        yield from walk(child, place + step)


def depth(node: Node) -> int:
    """The number of nodes on the longest way down, nested queries entered."""
    level, found = [node], 0
    while level:
        level, found = [child for n in level for _, child in children(n)], found + 1
    return found


def within(node: Node) -> Iterator[Node]:
    """The node and all below it that belong to the same query: a nested query is yielded and not entered."""
    yield node
    if not isinstance(node, Query):
        for _, child in children(node):
            yield from within(child)


def block(select: Select) -> Iterator[Node]:
    """All nodes of one query block: its clauses without its source and without nested queries."""
    for _, child in children(select):
        if child is not select.source:
            yield from within(child)


def has_measure(node: Node) -> bool:
    """Does it hold an aggregate of its own query?"""
    return any(isinstance(n, Aggregate) for n in within(node))


def holds_measure(node: Node, outputs: tuple[Node, ...]) -> bool:
    """As `has_measure`, or does it name a measure among the outputs?"""
    named = (outputs[n.output] for n in within(node) if isinstance(n, Ref) and n.output < len(outputs))
    return has_measure(node) or any(has_measure(output) for output in named)


def is_grouped(select: Select) -> bool:
    """Are rows grouped? A measure in outputs, sort or having, or a key in `by`, says so."""
    parts = [*select.outputs, *select.sort, *([select.having] if select.having else [])]
    return bool(select.by) or any(has_measure(p) for p in parts)


def with_children(node: AnyNode, change: Callable[[str, Any], Any]) -> AnyNode:
    """The node with each direct child replaced by what `change` makes of it and of its field's name."""
    updates = {}
    for name, value in node.__dict__.items():
        if isinstance(value, Node):
            updates[name] = change(name, value)
        elif type(value) is tuple:
            updates[name] = tuple(change(name, item) if isinstance(item, Node) else item for item in value)
    return node.model_copy(update=updates) if updates else node


def rebuilt(node: AnyNode, change: Callable[[Node], Node]) -> AnyNode:
    """The tree with every node, the lowest first, replaced by what `change` makes of it."""
    return with_children(node, lambda _, child: change(rebuilt(child, change)))


def rebuilt_block(node: AnyNode, change: Callable[[Node], Node]) -> AnyNode:
    """As `rebuilt`, for the nodes of one query block: its source and nested queries stay."""

    def inside(_: str, child: Node) -> Node:
        return child if isinstance(child, Query) else change(with_children(child, inside))

    return with_children(node, inside)
