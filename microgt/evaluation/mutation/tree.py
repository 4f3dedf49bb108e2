"""Trees in which one node is another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from microgt.spec.types import Node

Alternatives = Callable[[Node], Iterable[Node]]


def replaced(tree: Node, alternatives: Alternatives) -> Iterator[Node]:
    """The tree with one node, in turn each, replaced by each of its alternatives."""
    yield from alternatives(tree)
    for name, value in tree.__dict__.items():
        if isinstance(value, Node):
            for other in replaced(value, alternatives):
                yield tree.model_copy(update={name: other})
        elif type(value) is tuple:
            for i, item in enumerate(value):
                if isinstance(item, Node):
                    for other in replaced(item, alternatives):
                        yield tree.model_copy(update={name: (*value[:i], other, *value[i + 1 :])})


def without(items: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    """The items with one left out, in turn each."""
    for i in range(len(items)):
        yield (*items[:i], *items[i + 1 :])
