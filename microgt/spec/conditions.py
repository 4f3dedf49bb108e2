"""What all that reads or writes conditions shares: turning comparisons round, taking conjunctions apart, joining, patterns of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from microgt.spec.types import And, Node, Not, Or

MIRRORED: dict[str, Any] = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
OPPOSITE: dict[str, Any] = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
_MOST = 5  # arguments of one And or Or


def conjuncts(node: Node | None) -> tuple[Node, ...]:
    """The predicates that must all hold."""
    match node:
        case None:
            return ()
        case And():
            return tuple(p for arg in node.args for p in conjuncts(arg))
        case Not(arg=Or()):
            return tuple(p for arg in node.arg.args for p in conjuncts(Not(arg=arg)))
        case Not(arg=Not()):
            return conjuncts(node.arg.arg)
    return (node,)


def joined(kind: type[And] | type[Or], args: Sequence[Any]) -> Any:
    """One predicate of all arguments, which may be nested for their number."""
    while len(args) > _MOST:
        args = [joined(kind, args[i : i + _MOST]) for i in range(0, len(args), _MOST)]
    return args[0] if len(args) == 1 else kind(args=tuple(args))


def match_of(pattern: str) -> tuple[Literal["contains", "starts", "ends", "pattern"], str]:
    """The simplest match that says what a pattern with % and _ says, and its text."""
    middle = pattern.strip("%")
    plain = middle and "%" not in middle and "_" not in middle and pattern.count("%") <= 2
    match pattern.startswith("%"), pattern.endswith("%"):
        case (True, True) if plain:
            return "contains", middle
        case (False, True) if plain:
            return "starts", middle
        case (True, False) if plain:
            return "ends", middle
    return "pattern", pattern
