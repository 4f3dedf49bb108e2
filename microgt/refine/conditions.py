"""Conditions of a query: which of them are about a column, and those that take the place of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from microgt.errors import CannotRefine
from microgt.refine.change import FILTERS
from microgt.refine.selects import select_of, with_select
from microgt.schema.types import Schema
from microgt.spec.conditions import conjuncts, joined
from microgt.spec.types import And, Answer, Between, Col, Compare, In, InPeriod, Node, Not, Or, Select, Value
from microgt.spec.walk import children, within

Scalars = tuple[Any, ...]


@dataclass(frozen=True)
class InPlace:
    """A condition in place of those that go."""

    clause: Literal["where", "having"]
    goes: Callable[[Node], bool]
    node: Node


class Condition:
    """A change that asks for a condition in place of those of its kind."""

    turn: ClassVar[int] = FILTERS

    def conditions(self, select: Select, schema: Schema) -> list[InPlace]:
        """What can be meant. Raises `CannotRefine`."""
        raise NotImplementedError

    def and_also(self, later: Condition) -> Self | None:
        """One condition of this one and one that is said after it; None where they are about different things."""
        return None

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        """The answer with each of them."""
        return [put(answer, [new]) for new in self.conditions(select_of(answer), schema)]


def put(answer: Answer, new: Sequence[InPlace]) -> Answer:
    """The answer with conditions of one sentence: what goes was there before, and values of one column that are said apart are a list."""
    select = select_of(answer)
    changes = {}
    for clause in dict.fromkeys(one.clause for one in new):
        here = [one for one in new if one.clause == clause]
        kept = [node for node in conjuncts(getattr(select, clause)) if not any(one.goes(node) for one in here)]
        changes[clause] = joined(And, [*kept, *_listed(part for one in here for part in conjuncts(one.node))])
    return with_select(answer, **changes)


def where(answer: Answer, kept: list[Node], *new: Node) -> Answer:
    """The answer with these conditions on rows and no others."""
    parts = [*kept, *new]
    return with_select(answer, where=joined(And, parts) if parts else None)


def without(select: Select, goes: Callable[[Node], bool]) -> list[Node]:
    """The conditions on rows that stay."""
    return [node for node in conjuncts(select.where) if not goes(node)]


def one_of(column: str, values: Scalars) -> Node:
    """Raises `CannotRefine` for more than six values."""
    col, literals = Col(column=column), tuple(Value(value=v) for v in values)
    if len(literals) > 6:
        raise CannotRefine("more than six values at once cannot be asked for")
    return Compare(op="eq", left=col, right=literals[0]) if len(literals) == 1 else In(of=col, values=literals)


def none_of(column: str, values: Scalars) -> Node:
    """Raises as `one_of`."""
    found = one_of(column, values)
    return found.model_copy(update={"op": "ne"}) if isinstance(found, Compare) else Not.model_validate({"arg": found})


def either(parts: Sequence[Node]) -> Node:
    """One of the conditions: values of one column as a list."""
    found = _listed(parts) if all(allowed(part) for part in parts) else parts
    return joined(Or, list(found))


def allowed(node: Node) -> list[Any]:
    """The values that an equality or a list allows."""
    match node:
        case Compare(op="eq", right=Value(value=value)):
            return [value]
        case In():
            return [v.value for v in node.values]
    return []


def barred(node: Node) -> list[Any]:
    """The values that it forbids."""
    match node:
        case Compare(op="ne", right=Value(value=value)):
            return [value]
        case Not(arg=In()):
            return [v.value for v in node.arg.values]
    return []


def equals(column: str) -> Callable[[Node], bool]:
    """Is it about single values of that column?"""
    return lambda node: is_of(node, column) and bool(allowed(node) or barred(node))


def bounds(*columns: str) -> Callable[[Node], bool]:
    """Does it say where these columns lie, or that one of several such conditions holds?"""

    def found(node: Node) -> bool:
        if isinstance(node, And | Or):
            return all(found(arg) for arg in node.args)
        return isinstance(node, InPeriod | Compare | Between | In) and any(is_of(node, column) for column in columns)

    return found


def is_of(node: Node, column: str) -> bool:
    """Is the condition one of that column, and not of what is computed from it?"""
    return _column_of(node) == column


def columns_of(node: Node) -> set[str]:
    """All columns in it."""
    return {n.column for n in within(node) if isinstance(n, Col)}


def _column_of(node: Node) -> str | None:
    inner = node.arg if isinstance(node, Not) else node
    first = next((child for _, child in children(inner)), None)
    return first.column if isinstance(first, Col) else None


def _listed(parts: Iterable[Node]) -> list[Node]:
    """Conditions of which those that allow values of one column are one."""
    found: dict[Any, tuple[Any, ...]] = {}
    for part in parts:
        column, values = _column_of(part), tuple(allowed(part))
        key = column if column and values else part
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *values)))
    return [one_of(key, values) if isinstance(key, str) else key for key, values in found.items()]
