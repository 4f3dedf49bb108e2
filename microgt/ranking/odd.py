"""What nobody asks for: signs in a spec alone, whatever the question says."""

from __future__ import annotations

from typing import NamedTuple

from microgt.schema.roles import Role, role_of
from microgt.schema.words import words_of
from microgt.spec.types import (
    Aggregate,
    And,
    At,
    Col,
    Compare,
    InPeriod,
    Node,
    Predicate,
    Previous,
    Select,
    Spec,
    This,
    TimeBucket,
    ToDate,
    Value,
)
from microgt.spec.walk import group_keys, is_grouped, walk


class Odd(NamedTuple):
    """Counts. twice: outputs that another one repeats. totals: of numbers that are points on a scale. fixed: keys of which the conditions
    leave one value. again: conditions that are said twice, as those of a share and of the whole that it is a share of."""

    twice: int
    totals: int
    fixed: int
    again: int


def odd(spec: Spec) -> Odd:
    """Of all queries in a spec."""
    selects = [node for _, node in walk(spec) if isinstance(node, Select)]
    totals = sum(isinstance(node, Aggregate) and node.fn == "sum" and _is_point(node.of) for _, node in walk(spec))
    twice = sum(len(s.outputs) - len(set(s.outputs)) for s in selects)
    return Odd(twice, totals, sum(map(_fixed, selects)), sum(map(_again, selects)))


def _is_point(of: Node) -> bool:
    return isinstance(of, Col) and role_of(words_of(of.column.rpartition(".")[2]), is_key=False) is not Role.QUANTITY


def _fixed(select: Select) -> int:
    keys = group_keys(select) if is_grouped(select) else []
    return sum(any(_leaves_one(condition, key) for condition in _all(select.where)) for key in keys)


def _leaves_one(condition: Node, key: Node) -> bool:
    match condition, key:
        case Compare(op="eq", left=Col() as left, right=Value()), Col():
            return left == key
        case InPeriod(of=of, period=This(unit=unit) | Previous(unit=unit) | ToDate(unit=unit)), TimeBucket():
            return of == key.of and unit == key.grain
        case InPeriod(of=of, period=At(value=value)), TimeBucket():
            return of == key.of and key.grain in _within(str(value.value))
    return False


def _within(period: str) -> tuple[str, ...]:
    """The grains of which a named period (2024, Q1 2024, March 2024) has one at most."""
    if period.isdigit():
        return ("year",)
    return ("quarter", "year") if period.startswith("Q") else ("month", "quarter", "year")


def _again(select: Select) -> int:
    said = _all(select.where)
    of_measures = [c for output in select.outputs for _, node in walk(output) if isinstance(node, Aggregate) for c in _all(node.where)]
    return len(said) - len(set(said)) + sum(c in said for c in of_measures)


def _all(where: Predicate | None) -> list[Node]:
    """Conditions that hold together."""
    return [] if where is None else list(where.args) if isinstance(where, And) else [where]
