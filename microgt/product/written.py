"""How the numbers of each output are written: what is a part of something in percent, years and identifiers as they are."""

from __future__ import annotations

from enum import StrEnum

from microgt.schema.roles import Role, role_in
from microgt.schema.types import ColumnType, Schema
from microgt.spec.types import Aggregate, Answer, Col, DatePart, Edit, Node, PercentChange, Ref, SetOperation, Share

_KEEPS = ("min", "max", "median")  # functions whose result is a value of the same kind


class Written(StrEnum):
    """number: thousands apart. share: a fraction, in percent. label: digits alone, as of a year or an identifier."""

    NUMBER = "number"
    SHARE = "share"
    LABEL = "label"


# d3's formats, of charts, where they are not the usual one.
D3: dict[str, str] = {Written.SHARE: ".1%", Written.LABEL: "~f"}


def written(spec: Answer | Edit, schema: Schema) -> tuple[Written, ...]:
    """Of each output."""
    query = (spec.answer if isinstance(spec, Edit) else spec).query
    while isinstance(query, SetOperation):
        query = query.left
    return tuple(_of(output, query.outputs, schema) for output in query.outputs)


def of_measure(node: Node) -> Written:
    """Of an output that is known to be a measure."""
    return Written.SHARE if isinstance(node, Share | PercentChange) else Written.NUMBER


def _of(node: Node, outputs: tuple[Node, ...], schema: Schema) -> Written:
    if isinstance(node, Ref):
        return _of(outputs[node.output], (), schema) if node.output < len(outputs) else Written.NUMBER
    if isinstance(node, Aggregate) and node.fn in _KEEPS:
        return _of(node.of, (), schema)
    if isinstance(node, DatePart) or (isinstance(node, Col) and _names_something(node.column, schema)):
        return Written.LABEL
    return of_measure(node)


def _names_something(column: str, schema: Schema) -> bool:
    """Whether the numbers of a column are names: of keys, years, codes."""
    return schema.column(column).type is ColumnType.NUMBER and role_in(schema, column) in (Role.KEY, Role.LABEL)
