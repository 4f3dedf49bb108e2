"""What queries have in common when their tables, columns and values are left out."""

from __future__ import annotations

from microgt.spec.types import (
    Aggregate,
    And,
    Answer,
    Compare,
    Edit,
    InQuery,
    Node,
    Not,
    Or,
    Rows,
    Select,
    SetOperation,
    Spec,
)
from microgt.spec.walk import block, has_measure


def shape(spec: Spec) -> str:
    """A spec in a few words: outputs, joins, conditions, groups, order, nested queries."""
    if isinstance(spec, Edit):
        spec = spec.answer
    return _query(spec.query) if isinstance(spec, Answer) else spec.kind


def _query(query: Select | SetOperation) -> str:
    if isinstance(query, SetOperation):
        sides = [_query(query.left), _query(query.right)]
        return f"{query.op}: {sides[0]} / {sides[1]}"
    parts = [", ".join(_output(o) for o in query.outputs[:3])]
    if query.distinct:
        parts.append("distinct")
    if query.source is not None:
        parts.append(f"from [{_query(query.source)}]")
    if len(_tables(query)) > 1 or query.through:
        parts.append("joined")
    if query.where is not None:
        parts.append("where " + _predicate(query.where))
    if query.having is not None:
        parts.append("having " + _predicate(query.having))
    if query.sort:
        measured = any(has_measure(s) for s in query.sort)
        parts.append(("by measure" if measured else "sorted") + (" limit" if query.limit else ""))
    return " | ".join(parts)


def _output(output: Node) -> str:
    if isinstance(output, Aggregate):
        return output.fn if output.fn.startswith("count") else "aggregate"
    return "column" if output.kind == "col" else output.kind  # pyright: ignore[reportAttributeAccessIssue]


def _predicate(node: Node) -> str:
    if isinstance(node, And | Or):
        return f" {node.kind} ".join(sorted(_predicate(arg) for arg in node.args))
    if isinstance(node, Not):
        return f"not {_predicate(node.arg)}"
    if isinstance(node, InQuery):
        return f"in [{_query(node.query)}]"
    if isinstance(node, Compare) and isinstance(node.right, Select | SetOperation):
        return f"compare [{_query(node.right)}]"
    return {"compare": "test", "like": "like", "between": "between"}.get(node.kind, node.kind)  # pyright: ignore[reportAttributeAccessIssue]


def _tables(select: Select) -> set[str]:
    columns = {node.column.rpartition(".")[0] for node in block(select) if node.kind == "col"}  # pyright: ignore[reportAttributeAccessIssue]
    return columns | {node.table for node in block(select) if isinstance(node, Rows)}
