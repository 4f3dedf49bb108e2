"""Predicates in their one form.

NOT goes down to the single conditions; lists and ranges are taken apart, so that one finds equal parts, and put together again.
Only whether a condition holds matters: unknown and false are one, since NOT stands over single conditions only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeGuard

from microgt.spec.canonical.expressions import Block, expression
from microgt.spec.canonical.joins import as_set
from microgt.spec.canonical.order import place_of, text_of, unique
from microgt.spec.canonical.values import fitted
from microgt.spec.conditions import MIRRORED, OPPOSITE, joined, match_of
from microgt.spec.types import And, Between, Col, Compare, In, InQuery, Like, Node, Not, Or, Value
from microgt.spec.walk import within

_MOST_VALUES = 6
_DUAL: dict[type, type[And] | type[Or]] = {And: Or, Or: And}


class _Junction(NamedTuple):
    """An And or an Or of any length."""

    kind: type[And] | type[Or]
    parts: tuple[_Part, ...]


_Part = Node | _Junction


def condition(node: Node, block: Block) -> Node:
    """The one form of a predicate."""
    return _built(_pushed(node, False, block))


def _pushed(node: Node, negated: bool, block: Block) -> _Part:
    """With NOT at the single conditions, which have their one form; lists and ranges are taken apart."""
    match node:
        case And() | Or():
            kind = _DUAL[type(node)] if negated else type(node)
            return _junction(kind, [_pushed(arg, negated, block) for arg in node.args])
        case Not():
            return _pushed(node.arg, not negated, block)
        case Between():
            bounds = Compare(op="ge", left=node.of, right=node.low), Compare(op="le", left=node.of, right=node.high)
            return _pushed(And(args=bounds), negated, block)
        case In():
            tests = [Compare(op="eq", left=node.of, right=v) for v in node.values]
            return _junction(And if negated else Or, [_pushed(test, negated, block) for test in tests])
    single = expression(node, block)
    match single:
        case Compare():
            return _compared(single, negated, block)
        case Like():
            single = _match(single)
        case InQuery():
            single = single.model_copy(update={"query": as_set(single.query, block.schema)})
    return Not(arg=single) if negated else single


def _junction(kind: type[And] | type[Or], parts: Sequence[_Part]) -> _Part:
    flat = [p for part in parts for p in (part.parts if isinstance(part, _Junction) and part.kind is kind else (part,))]
    different = {_part_text(part): part for part in flat}
    return next(iter(different.values())) if len(different) == 1 else _Junction(kind, tuple(different.values()))


def _part_text(part: _Part) -> str:
    return f"{part.kind.__name__} {sorted(map(_part_text, part.parts))}" if isinstance(part, _Junction) else text_of(part)


def _compared(node: Compare, negated: bool, block: Block) -> Node:
    op, left, right = node.op, node.left, node.right
    if place_of(right) < place_of(left):
        op, left, right = MIRRORED[op], right, left
    constant = isinstance(right, Value) and not isinstance(left, Value)
    if constant:
        right = fitted(right, block.kind(left), ordered=op not in ("eq", "ne"))
    if negated and op in OPPOSITE:
        op, negated = OPPOSITE[op], False
    elif negated and op == "ne" and constant:
        op, negated = "eq", False
    test = Compare(op=op, left=left, right=right)
    return Not(arg=test) if negated else test


def _match(node: Like) -> Like:
    """Without regard to case."""
    text = str(node.text.value)
    how, text = match_of(text) if node.how == "pattern" else (node.how, text)
    return Like(how=how, of=node.of, text=Value(value=text.lower() if text.isascii() else text))


# ------------------------------------------------------------------ put together


def _built(part: _Part) -> Node:
    if not isinstance(part, _Junction):
        return part
    parts = [_built(p) for p in part.parts]
    negated = part.kind is And
    parts = [*_lists(parts, negated), *(p for p in parts if not _is_test(p, negated))]
    parts = list(_ranges(parts, ("ge", "le") if negated else ("gt", "lt")))
    return joined(part.kind, sorted(unique(parts), key=place_of))


def _is_test(node: Any, negated: bool) -> bool:
    """x = 1, or not (x = 1)."""
    if negated:
        return isinstance(node, Not) and _is_test(node.arg, False)
    return isinstance(node, Compare) and node.op == "eq" and isinstance(node.right, Value) and not isinstance(node.left, Value)


def _lists(parts: Sequence[Any], negated: bool) -> Iterator[Node]:
    """The tests of one operand as lists of values."""
    tests = [p.arg if negated else p for p in parts if _is_test(p, negated)]
    for same in _by_operand(tests).values():
        values = sorted((t.right for t in same), key=lambda v: (isinstance(v.value, str), v.value, text_of(v)))
        for i in range(0, len(values), _MOST_VALUES):
            some = values[i : i + _MOST_VALUES]
            of = same[0].left
            found = Compare(op="eq", left=of, right=some[0]) if len(some) == 1 else In(of=of, values=tuple(some))
            yield Not(arg=found) if negated else found


def _ranges(parts: Sequence[Node], ops: tuple[str, str]) -> Iterator[Node]:
    """x >= 1 and x <= 9 as a range; x > 9 or x < 1 as the outside of one. Bounds that are columns stay apart: each may have its join."""
    inside = ops[0] == "ge"
    bounds = [p for p in parts if _is_bound(p, ops)]
    yield from (p for p in parts if not _is_bound(p, ops))
    for same in _by_operand(bounds).values():
        lows, highs = (sorted((b for b in same if b.op == op), key=place_of) for op in (ops if inside else ops[::-1]))
        for low, high in zip(lows, highs, strict=False):
            between = Between(of=low.left, low=low.right, high=high.right)
            yield from (low, high) if _is_empty(between) else (between if inside else Not(arg=between),)
        yield from (*lows[len(highs) :], *highs[len(lows) :])


def _is_empty(range_: Between) -> bool:
    """Bounds the wrong way round are no range."""
    low, high = (bound.value if isinstance(bound, Value) else None for bound in (range_.low, range_.high))
    return isinstance(low, int | float) and isinstance(high, int | float) and low > high


def _is_bound(node: Node, ops: tuple[str, str]) -> TypeGuard[Compare]:
    return isinstance(node, Compare) and node.op in ops and not any(isinstance(n, Col) for n in within(node.right))


def _by_operand(tests: Sequence[Compare]) -> dict[str, list[Compare]]:
    found: dict[str, list[Compare]] = {}
    for test in tests:
        found.setdefault(text_of(test.left), []).append(test)
    return found
