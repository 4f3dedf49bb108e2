"""The column type that each expression has."""

from __future__ import annotations

from microgt.schema.types import ColumnType, Schema
from microgt.spec.types import Aggregate, Arithmetic, Col, DateDiff, DatePart, Inner, Node, Ratio, Ref, Rows, Select, SetOperation, TimeBucket, Value


def kind_of(node: Node, schema: Schema, outputs: tuple[Node, ...] = (), source: tuple[ColumnType, ...] = ()) -> ColumnType:
    """The type of an operand. outputs: what `Ref` names; source: the types of what `Inner` names."""
    match node:
        case Col():
            return schema.column(node.column).type
        case Value():
            return _kind_of_value(node)
        case TimeBucket():
            return ColumnType.TIME
        case Inner():
            return source[node.output] if node.output < len(source) else ColumnType.OTHER
        case Ref():
            return kind_of(outputs[node.output], schema, (), source) if node.output < len(outputs) else ColumnType.OTHER
        case Aggregate(fn="min" | "max") if not isinstance(node.of, Rows):
            return kind_of(node.of, schema, outputs, source)
        case Aggregate(fn="avg" | "median") if not isinstance(node.of, Rows):
            return ColumnType.TIME if kind_of(node.of, schema, outputs, source) is ColumnType.TIME else ColumnType.NUMBER
        case Select() | SetOperation():
            return kinds_of_outputs(node, schema)[0]
        case Arithmetic() | DatePart() | DateDiff() | Aggregate() | Ratio():
            return ColumnType.NUMBER
    return ColumnType.OTHER


def kinds_of_outputs(query: Select | SetOperation, schema: Schema) -> tuple[ColumnType, ...]:
    """The types of a query's outputs; those of the left side for a set operation."""
    if isinstance(query, SetOperation):
        return kinds_of_outputs(query.left, schema)
    source = kinds_of_outputs(query.source, schema) if query.source else ()
    return tuple(kind_of(o, schema, (), source) for o in query.outputs)


def _kind_of_value(value: Value) -> ColumnType:
    if isinstance(value.value, bool):
        return ColumnType.BOOLEAN
    return ColumnType.TEXT if isinstance(value.value, str) else ColumnType.NUMBER
