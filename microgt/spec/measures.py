"""What may be done with a measure: can its groups be added up, can it be negative?"""

from __future__ import annotations

from microgt.spec.types import Aggregate, Arithmetic, DateDiff, Delta, Node, PercentChange, Share, Value, Window
from microgt.spec.walk import children, within

ADDITIVE = ("count", "sum")
PUT_TOGETHER = (*ADDITIVE, "avg", "min", "max")


def is_additive(measure: Node) -> bool:
    """Is the value of the whole the sum of the values of its groups?"""
    match measure:
        case Aggregate():
            return measure.fn in ADDITIVE
        case Share():
            return is_additive(measure.of)
        case Arithmetic(op="add" | "sub"):
            return is_additive(measure.left) and is_additive(measure.right)
        case Arithmetic(op="mul"):
            return _scaled(measure.left, measure.right) or _scaled(measure.right, measure.left)
        case Arithmetic():
            return _scaled(measure.left, measure.right)
    return False


def can_be_put_together(measure: Node) -> bool:
    """Does the value of the whole follow from the counts, totals, smallest and largest values of its groups?"""
    parts = [n for n in within(measure) if isinstance(n, Aggregate | Window)]
    return all(isinstance(n, Aggregate) and n.fn in PUT_TOGETHER for n in parts)


def _scaled(measure: Node, factor: Node) -> bool:
    return is_additive(measure) and isinstance(factor, Value)


def may_be_negative(measure: Node) -> bool:
    """Is there a difference, or a negative constant, in what it adds up? The values of plain columns are not known here."""
    if isinstance(measure, Aggregate):
        return measure.fn not in ("count", "count_distinct") and may_be_negative(measure.of)
    return _is_difference(measure) or any(may_be_negative(child) for _, child in children(measure))


def _is_difference(node: Node) -> bool:
    match node:
        case Arithmetic(op="sub") | Delta() | PercentChange() | DateDiff():
            return True
        case Value():
            return isinstance(node.value, int | float) and node.value < 0
    return False
