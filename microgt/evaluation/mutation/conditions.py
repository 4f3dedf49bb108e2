"""Mistakes in conditions: one is missing, or it compares otherwise, with another value, or is joined to others otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.evaluation.mutation.tree import without
from microgt.spec.types import Aggregate, And, Between, Compare, In, InQuery, IsNull, Like, Node, Not, Or, Select

_OPPOSITE = {"eq": "ne", "ne": "eq", "gt": "le", "le": "gt", "ge": "lt", "lt": "ge"}
_BOUNDARY = {"gt": "ge", "ge": "gt", "lt": "le", "le": "lt"}
_TURNED = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge", "eq": "ge", "ne": "eq"}
_LIKE = {"contains": ("starts", "ends"), "starts": ("contains",), "ends": ("contains",), "pattern": ()}


def drop_filter(node: Node) -> Iterator[Node]:
    """A condition is missing."""
    if isinstance(node, Select) and node.where:
        yield node.model_copy(update={"where": None})
    if isinstance(node, Aggregate) and node.where:
        yield node.model_copy(update={"where": None})
    if isinstance(node, And | Or):
        for rest in without(node.args):
            yield rest[0] if len(rest) == 1 else node.model_copy(update={"args": rest})


def drop_having(node: Node) -> Iterator[Node]:
    """The condition on groups is missing."""
    if isinstance(node, Select) and node.having:
        yield node.model_copy(update={"having": None})


def flip_operator(node: Node) -> Iterator[Node]:
    """Another comparison: the opposite, the other side of the boundary, the other direction; a negation more or less."""
    match node:
        case Compare():
            others = {table.get(node.op) for table in (_OPPOSITE, _BOUNDARY, _TURNED)} - {None}
            yield from (node.model_copy(update={"op": op}) for op in sorted(filter(None, others)))
        case Between():
            yield Compare(op="ge", left=node.of, right=node.low)
            yield Compare(op="le", left=node.of, right=node.high)
            yield Not(arg=node)
        case Like():
            yield from (node.model_copy(update={"how": how}) for how in _LIKE[node.how])
            yield Not(arg=node)
        case Not():
            yield node.arg
        case In() | InQuery() | IsNull():
            yield Not(arg=node)


def and_or(node: Node) -> Iterator[Node]:
    """Any instead of all, and the reverse."""
    if isinstance(node, And):
        yield Or(args=node.args)
    elif isinstance(node, Or):
        yield And(args=node.args)
