"""The column type that each expression has."""

from __future__ import annotations

from microgt.schema.types import ColumnType, Schema
from microgt.spec.types import (
    Aggregate,
    Arithmetic,
    Bin,
    Col,
    DateDiff,
    DatePart,
    Delta,
    Inner,
    Moving,
    Node,
    Overall,
    PercentChange,
    Prior,
    Rank,
    Ratio,
    Ref,
    Rows,
    RunningTotal,
    Select,
    SetOperation,
    Share,
    TimeBucket,
    Value,
)
from microgt.spec.walk import merged_key


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
            return kind_of(outputs[node.output], schema, outputs[: node.output], source) if node.output < len(outputs) else ColumnType.OTHER
        case Aggregate(fn="min" | "max") if not isinstance(node.of, Rows):
            return kind_of(node.of, schema, outputs, source)
        case DatePart(part="month_name" | "weekday_name"):
            return ColumnType.TEXT
        case Aggregate(fn="avg" | "median") if not isinstance(node.of, Rows):
            return ColumnType.TIME if kind_of(node.of, schema, outputs, source) is ColumnType.TIME else ColumnType.NUMBER
        case Prior() | Overall() | Moving(agg="min" | "max"):
            return kind_of(node.of, schema, outputs, source)
        case RunningTotal() | Moving() | Delta() | PercentChange() | Share() | Rank():
            return ColumnType.NUMBER
        case Select() | SetOperation():
            return kinds_of_outputs(node, schema)[0]
        case Arithmetic() | DatePart() | DateDiff() | Bin() | Aggregate() | Ratio():
            return ColumnType.NUMBER
    return ColumnType.OTHER


def kinds_of_outputs(query: Select | SetOperation, schema: Schema) -> tuple[ColumnType, ...]:
    """The types of a query's outputs."""
    if isinstance(query, SetOperation):
        sides = (kinds_of_outputs(side, schema) for side in (query.left, query.right))
        return tuple(_common(left, right) for left, right in zip(*sides, strict=False))
    source = kinds_of_outputs(query.source, schema) if query.source else ()
    merged = merged_key(query)  # has the text "Other" among its values
    kinds = (kind_of(o, schema, query.outputs[:i], source) for i, o in enumerate(query.outputs))
    return tuple(ColumnType.TEXT if o == merged else kind for o, kind in zip(query.outputs, kinds, strict=True))


def _common(left: ColumnType, right: ColumnType) -> ColumnType:
    """The type that the engine gives to rows of both: text takes in everything."""
    if left is right:
        return left
    if ColumnType.TEXT in (left, right):
        return ColumnType.TEXT
    return ColumnType.NUMBER if {left, right} == {ColumnType.NUMBER, ColumnType.BOOLEAN} else ColumnType.OTHER


def _kind_of_value(value: Value) -> ColumnType:
    if isinstance(value.value, bool):
        return ColumnType.BOOLEAN
    return ColumnType.TEXT if isinstance(value.value, str) else ColumnType.NUMBER
