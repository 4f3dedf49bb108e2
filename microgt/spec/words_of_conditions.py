"""Predicates and periods in words."""

from __future__ import annotations

from typing import Protocol

from microgt.schema.types import ColumnType
from microgt.spec.named import parse_period
from microgt.spec.types import (
    Absolute,
    And,
    At,
    Between,
    Compare,
    In,
    InPeriod,
    InQuery,
    IsNull,
    Last,
    Like,
    Node,
    Not,
    Or,
    Previous,
    This,
    ToDate,
    Value,
)

_THAN = {"eq": "is", "ne": "is not", "gt": "is more than", "ge": "is at least", "lt": "is less than", "le": "is at most"}
_DATES = {"gt": "is after", "ge": "is on or after", "lt": "is before", "le": "is on or before"}
_LIKE = {"contains": "contains", "starts": "starts with", "ends": "ends with", "pattern": "matches the pattern"}
_NOT_LIKE = {
    "contains": "does not contain",
    "starts": "does not start with",
    "ends": "does not end with",
    "pattern": "does not match the pattern",
}


class Speaker(Protocol):
    """What says operands."""

    def of(self, node: Node) -> str:
        """An operand in words."""
        ...

    def kind(self, node: Node) -> ColumnType:
        """The type of an operand."""
        ...


def condition(node: Node, say: Speaker) -> str:
    """A predicate in words."""
    match node:
        case And():
            return " and ".join(_bracketed(a, say) for a in node.args)
        case Or():
            return " or ".join(_bracketed(a, say) for a in node.args)
        case Not():
            return _negated(node.arg, say)
        case Compare():
            dates = ColumnType.TIME in (say.kind(node.left), say.kind(node.right))
            words = _DATES.get(node.op, _THAN[node.op]) if dates else _THAN[node.op]
            return f"{_beside(node.right, node.left, say)} {words} {_beside(node.left, node.right, say)}"
        case Between():
            return f"{say.of(node.of)} is {_range(node, say)}"
        case IsNull():
            return f"{say.of(node.of)} is missing"
        case Like():
            return f"{say.of(node.of)} {_LIKE[node.how]} {say.of(node.text)}"
        case In() | InQuery() | InPeriod():
            return f"{say.of(node.of)} is {_place(node, say)}"
    raise TypeError(f"no words for {type(node).__name__}")


def _bracketed(node: Node, say: Speaker) -> str:
    text = condition(node, say)
    return f"({text})" if isinstance(node, And | Or) else text


def _negated(node: Node, say: Speaker) -> str:
    match node:
        case IsNull():
            return f"{say.of(node.of)} is known"
        case Like():
            return f"{say.of(node.of)} {_NOT_LIKE[node.how]} {say.of(node.text)}"
        case In() | InQuery() | InPeriod():
            return f"{say.of(node.of)} is not {_place(node, say)}"
        case Between():
            return f"{say.of(node.of)} is not {_range(node, say)}"
    return f"not ({condition(node, say)})"


def _range(node: Between, say: Speaker) -> str:
    return f"between {_beside(node.of, node.low, say)} and {_beside(node.of, node.high, say)}"


def _beside(other: Node, node: Node, say: Speaker) -> str:
    """An operand; text beside a date is a date or a period."""
    if isinstance(node, Value) and say.kind(other) is ColumnType.TIME:
        return _plain(node)
    return say.of(node)


def _place(node: In | InQuery | InPeriod, say: Speaker) -> str:
    if isinstance(node, In):
        values = [_beside(node.of, v, say) for v in node.values]
        return " or ".join([", ".join(values[:-1]), values[-1]]) if len(values) > 1 else values[0]
    if isinstance(node, InQuery):
        return f"among {say.of(node.query)}"
    if isinstance(node.period, Absolute):
        return f"from {_plain(node.period.start)} to {_plain(node.period.end)}"
    named = parse_period(node.period.value.value) if isinstance(node.period, At) else None
    return f"{'on' if named and named.unit == 'day' else 'in'} {period(node.period)}"


def period(node: Node) -> str:
    """A period in words."""
    match node:
        case Previous():
            return f"the last whole {node.unit}"
        case This():
            return f"the current {node.unit}"
        case Last():
            return f"the last {node.unit}" if node.n.value == 1 else f"the last {node.n.value} {node.unit}s"
        case ToDate():
            return f"the {node.unit} to date"
        case At():
            return _plain(node.value)
        case Absolute():
            return f"the time from {_plain(node.start)} to {_plain(node.end)}"
    raise TypeError(f"no words for {type(node).__name__}")


def _plain(value: Value) -> str:
    return str(value.value)
