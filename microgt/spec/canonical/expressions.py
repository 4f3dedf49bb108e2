"""Operands and measures in their one form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

from microgt.schema.types import ColumnType, Schema
from microgt.spec.canonical.order import any_order, place_of, text_of
from microgt.spec.compiler.kinds import kind_of
from microgt.spec.measures import can_be_put_together, is_additive
from microgt.spec.rules import fields_of
from microgt.spec.types import Aggregate, Arithmetic, Limit, Node, Overall, Rank, Ratio, Ref, Select, Share, Value, Window
from microgt.spec.types.node import OutputIndex
from microgt.spec.walk import Query, with_children

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
    if isinstance(node, Ratio):
        node = _share(node)
    if isinstance(node, Aggregate) and node.fn == "count" and isinstance(node.of, Value):
        node = node.model_copy(update={"of": Value(value=1)})  # any constant counts every row
    if isinstance(node, Aggregate | Window):
        block = replace(block, outputs=())
    slots = _referring(type(node))

    def inside(field: str, child: Node) -> Node:
        found = block.part(child, block)
        named = block.named(found)
        return named if isinstance(named, slots.get(field, ())) else found

    node = with_children(node, inside)
    if isinstance(node, Share | Rank | Overall):
        return node.model_copy(update={"within": any_order(node.within)})
    if isinstance(node, Limit):
        return node.model_copy(update={"per": any_order(node.per)})
    if isinstance(node, Arithmetic) and node.op in ("add", "mul") and place_of(node.right) < place_of(node.left):
        return node.model_copy(update={"left": node.right, "right": node.left})
    return node


def _share(node: Ratio) -> Node:
    """A measure over its overall measure is its share."""
    of, whole = node.numerator, node.denominator
    if isinstance(whole, Overall) and of == whole.of and is_additive(of) and can_be_put_together(of):
        return Share(of=whole.of, within=whole.within)
    return node


@cache
def _referring(cls: type[Node]) -> dict[str, tuple[type[Node], ...]]:
    """The fields in which a `Ref` may stand, and what else may."""
    return {s.name: s.place.classes for s in fields_of(cls) if s.place and Ref in s.place.classes}


def spelled_out(select: Select) -> Select:
    """The block whose windows name no output by `Ref` that they can say themselves."""
    outputs: list[Node] = []
    for output in select.outputs:
        outputs.append(_spelled(output, outputs, False))
    having = select.having and _spelled(select.having, outputs, False)
    sort = tuple(_spelled(s, outputs, False) for s in select.sort)
    return select.model_copy(update={"outputs": tuple(outputs), "having": having, "sort": sort})


def _spelled(node: Any, outputs: Sequence[Node], in_window: bool) -> Any:
    if isinstance(node, Query):
        return node
    in_window = in_window or isinstance(node, Window)
    slots = _referring(type(node))

    def inside(field: str, child: Node) -> Node:
        if not (in_window and isinstance(child, Ref) and child.output < len(outputs)):
            return _spelled(child, outputs, in_window)
        named = outputs[child.output]
        return named if isinstance(named, slots[field]) else Ref(output=outputs.index(named))  # type: ignore[arg-type]

    return with_children(node, inside)
