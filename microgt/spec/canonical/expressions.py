"""Operands and measures in their one form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import get_args

from microgt.schema.types import ColumnType, Schema
from microgt.spec.canonical.order import any_order, place_of, text_of
from microgt.spec.compiler.kinds import kind_of
from microgt.spec.rules import fields_of
from microgt.spec.types import Aggregate, Arithmetic, Limit, Node, Rank, Ref, Share, Value
from microgt.spec.types.node import OutputIndex
from microgt.spec.walk import with_children

REFERABLE = len(get_args(OutputIndex))  # outputs that a Ref can name


@dataclass(frozen=True)
class Block:
    """What holds in a query block. part: the one form of whatever stands inside. outputs: in their one form, where `Ref` may name them."""

    schema: Schema
    part: Callable[[Node, Block], Node]
    outputs: tuple[Node, ...] = ()
    source: tuple[ColumnType, ...] = ()

    def kind(self, node: Node) -> ColumnType:
        """The type of an operand."""
        return kind_of(node, self.schema, self.outputs, self.source)

    def named(self, node: Node) -> Node:
        """The output that a node is, the first of equals; a constant stands for itself, and so does what is no output."""
        wanted = self.outputs[node.output] if isinstance(node, Ref) and node.output < len(self.outputs) else node
        if isinstance(wanted, Value):
            return wanted
        place = next((i for i, output in enumerate(self.outputs[:REFERABLE]) if text_of(output) == text_of(wanted)), None)
        return node if place is None else Ref(output=place)  # type: ignore[arg-type]


def expression(node: Node, block: Block) -> Node:
    """The one form of an operand, or of what stands in it."""
    if isinstance(node, Aggregate):
        block = replace(block, outputs=())
    refs = _referring(type(node))

    def inside(field: str, child: Node) -> Node:
        found = block.part(child, block)
        return block.named(found) if field in refs else found

    node = with_children(node, inside)
    if isinstance(node, Share | Rank):
        return node.model_copy(update={"within": any_order(node.within)})
    if isinstance(node, Limit):
        return node.model_copy(update={"per": any_order(node.per)})
    if isinstance(node, Arithmetic) and node.op in ("add", "mul") and place_of(node.right) < place_of(node.left):
        return node.model_copy(update={"left": node.right, "right": node.left})
    return node


@cache
def _referring(cls: type[Node]) -> frozenset[str]:
    """The fields in which a `Ref` may stand."""
    return frozenset(s.name for s in fields_of(cls) if s.place and Ref in s.place.classes)
