"""The tables and columns that a spec names, and the spec with others in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from microgt.schema.types import Column, Schema, Table
from microgt.spec.types import Aggregate, Col, Link, Node, Rows, Spec, Through
from microgt.spec.walk import rebuilt, walk


def repointed(spec: Spec, table: Callable[[str], str], column: Callable[[str], str]) -> Spec:
    """The spec with each name of a table and id of a column replaced."""

    def changed(node: Node) -> Node:
        match node:
            case Col():
                return node.model_copy(update={"column": column(node.column), "via": tuple(map(column, node.via))})
            case Rows() | Through():
                return node.model_copy(update={"table": table(node.table)})
            case Link():
                return node.model_copy(update={"left": column(node.left), "right": column(node.right)})
            case Aggregate(at=str() as at):
                return node.model_copy(update={"at": table(at)})
        return node

    return rebuilt(spec, changed)


def named(spec: Spec, schema: Schema) -> list[Table | Column]:
    """The columns that a spec names and the tables of them and of the rows it counts, each once, in its order."""
    found: dict[str, Table | Column] = {}
    for _, node in walk(spec):
        for name in _names(node):
            item = schema.table(name) if not isinstance(node, Col) else schema.column(name)
            found.setdefault(name, item)
            if isinstance(item, Column):
                found.setdefault(item.table, schema.table(item.table))
    return list(found.values())


def _names(node: Node) -> Iterator[str]:
    match node:
        case Col():
            yield node.column
        case Rows() | Through():
            yield node.table
