"""Mistakes with their place, and the names by which they call what is in a spec."""

from __future__ import annotations

from collections.abc import Iterable

from microgt.errors import CompileError
from microgt.spec.types import Aggregate, Bin, Col, DatePart, Inner, Link, Node, Ref, Rows, Through, TimeBucket, Window


def error_at(code: str, place: str, message: str, given: object = None, choices: Iterable[str] = ()) -> CompileError:
    """The error of a mistake at a JSON pointer."""
    return CompileError(code, message, place=place, given=given, choices=choices)


def in_short(node: Node) -> str:
    """A node as messages and choices name it: `orders.day`, `month of orders.day`, `avg of items.price`, `inner 2`."""
    match node:
        case Col():
            return node.column
        case Rows():
            return f"rows of {node.table}"
        case Through():
            return node.table
        case Link():
            return f"{node.left} = {node.right}"
        case TimeBucket():
            return f"{node.grain} of {in_short(node.of)}"
        case DatePart():
            return f"{node.part} of {in_short(node.of)}"
        case Bin():
            return f"bin of {in_short(node.of)}"
        case Aggregate():
            return f"{node.fn} of {in_short(node.of)}"
        case Inner() | Ref():
            return f"{node.kind} {node.output}"
    if isinstance(node, Window):
        return f"{node.kind} of {in_short(node.of)}"
    return str(getattr(node, "kind", node))


def numbers_to(count: int) -> list[str]:
    """The numbers of so many outputs, as choices."""
    return [str(i) for i in range(count)]
