"""Values as the engine gets to see them, and periods by their shortest name."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.compiler.casts import fit, iso
from microgt.spec.named import MONTHS, Named, parse_period, shifted, truncated
from microgt.spec.types import Absolute, At, Last, Node, Scalar, This, ToDate, Value


def fitted(value: Value, kind: ColumnType, *, ordered: bool) -> Value:
    """The value that an operand of this type is compared with; as it is where the operand gives way. ordered: by size."""
    if kind is ColumnType.TIME and isinstance(value.value, str) and not iso(value.value):
        named = parse_period(value.value)
        return Value(value=_name(named)) if named and named.unit != "day" and named.year else value
    operand = exp.column("operand")
    pair = fit(operand, kind, value.value, ordered=ordered)
    return Value(value=_scalar(pair.right)) if pair.left is operand else value


def _scalar(literal: exp.Expr) -> Scalar:
    found = literal.to_py()
    if isinstance(found, bool | int | str):
        return found
    return int(found) if found == int(found) and abs(found) < 2**53 else float(found)


# ------------------------------------------------------------------ periods


def period(node: Node) -> Node:
    """The shortest period with the same bounds."""
    match node:
        case Last(unit=unit) if node.n.value == 1:
            return This(unit=unit)
        case ToDate(unit="day" | "hour"):
            return This(unit=node.unit)
        case At():
            return _between(node.value, node.value)
        case Absolute():
            return _between(node.start, node.end)
    return node


def _between(start: Value, end: Value) -> Node:
    first, last = parse_period(start.value), parse_period(end.value)
    assert first is not None
    assert last is not None
    if first == last:
        return _at(_name(first))
    if first.start and last.start and first.start <= last.start:
        return _dates(first.start, shifted(last.start, 1, last.unit))
    return Absolute(start=Value(value=_name(first)), end=Value(value=_name(last)))


def _dates(start: date, end: date) -> Node:
    """From `start` to the day before `end`: one unit, else from unit to unit, the longest that fits."""
    for unit in ("year", "half", "quarter", "month", "day"):
        if truncated(start, unit) == start and shifted(start, 1, unit) == end:
            return _at(_unit_name(start, unit))
    unit = next(u for u in ("year", "month", "day") if truncated(start, u) == start and truncated(end, u) == end)
    return Absolute(start=Value(value=_unit_name(start, unit)), end=Value(value=_unit_name(shifted(end, -1, unit), unit)))


def _at(name: str) -> Node:
    return At(value=Value(value=name))


def _name(named: Named) -> str:
    if named.start:
        return _unit_name(named.start, named.unit)
    letter = {"quarter": "Q", "half": "H"}.get(named.unit)
    return f"{letter}{named.index}" if letter else MONTHS[named.index - 1].title()


def _unit_name(start: date, unit: str) -> str:
    names: dict[str, Any] = {"year": f"{start:%Y}", "half": f"H{start.month // 6 + 1} {start:%Y}"}
    names |= {"quarter": f"Q{start.month // 3 + 1} {start:%Y}", "month": f"{start:%Y-%m}"}
    return names.get(unit, start.isoformat())
