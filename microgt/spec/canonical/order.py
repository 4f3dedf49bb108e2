"""What comes first where order means nothing, and when two nodes are the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeVar

from microgt.spec.types import Node, Value
from microgt.spec.walk import Query

AnyNode = TypeVar("AnyNode", bound=Node)


def text_of(node: Node) -> str:
    """The JSON of a node, which tells 1, 1.0 and true apart."""
    return json.dumps(node.model_dump(mode="json"), sort_keys=True)


def place_of(node: Node) -> tuple[int, str]:
    """A sort key: queries after what is shorter, values last."""
    return 2 if isinstance(node, Value) else 1 if isinstance(node, Query) else 0, text_of(node)


def any_order(nodes: Iterable[AnyNode]) -> tuple[AnyNode, ...]:
    """Each once, in the order of their texts: for what has no order."""
    return tuple(sorted(unique(nodes), key=text_of))


def unique(nodes: Iterable[AnyNode]) -> list[AnyNode]:
    """The first of each."""
    found: dict[str, AnyNode] = {}
    for node in nodes:
        found.setdefault(text_of(node), node)
    return list(found.values())
