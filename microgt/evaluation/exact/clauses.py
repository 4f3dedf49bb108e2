"""A query cut into the clauses that exact set match compares (Yu et al., Spider, EMNLP 2018).

Equality of these objects is what the evaluator asks of a query nested in a condition: everything in the order written, values apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ALL = "*"
SetOp = Literal["intersect", "union", "except"]
SET_OPS: tuple[SetOp, ...] = ("intersect", "union", "except")


@dataclass(frozen=True, slots=True)
class Unit:
    """A column with its aggregate. column: lower-case `table.column`, or `*`; aggregate: empty for none."""

    column: str
    aggregate: str = ""
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A unit, or two with `-`, `+`, `*` or `/` between them. `op` is empty for one."""

    left: Unit
    op: str = ""
    right: Unit | None = None

    @property
    def units(self) -> tuple[Unit, ...]:
        """One or two."""
        return (self.left,) if self.right is None else (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the selected: a term, and the aggregate around it."""

    term: Term
    aggregate: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """`term op value`. Values are not kept; `nested` are the queries that stand in their place (BETWEEN has two places)."""

    term: Term
    op: str
    negated: bool = False
    nested: tuple[Clauses | None, Clauses | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions in the order written, with the `and` or `or` between each two."""

    items: tuple[Condition, ...] = ()
    connectors: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items)


@dataclass(frozen=True, slots=True)
class Clauses:
    """One query. tables: lower-case names in FROM, or the queries there. direction: the last that ORDER BY names, else asc.

    beside: the set operation and its other side; what follows it, ORDER BY among it, belongs to that side.
    """

    shown: tuple[Shown, ...] = ()
    distinct: bool = False
    tables: tuple[str | Clauses, ...] = ()
    joined: Conditions = Conditions()
    where: Conditions = Conditions()
    group: tuple[Unit, ...] = ()
    having: Conditions = Conditions()
    order: tuple[Term, ...] = ()
    direction: str = "asc"
    limited: bool = False
    beside: tuple[SetOp, Clauses] | None = None

    def side(self, op: SetOp) -> Clauses | None:
        """The other side of this set operation, if there is one."""
        return self.beside[1] if self.beside and self.beside[0] == op else None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Of the joins, WHERE and HAVING."""
        return (*self.joined.items, *self.where.items, *self.having.items)

    @property
    def connectors(self) -> tuple[str, ...]:
        """Of the joins, WHERE and HAVING."""
        return (*self.joined.connectors, *self.where.connectors, *self.having.connectors)

    def nested(self) -> Iterator[Clauses]:
        """The queries in conditions and the other side of a set operation; those in FROM are not counted."""
        for condition in self.conditions:
            yield from (query for query in condition.nested if query is not None)
        if self.beside:
            yield self.beside[1]


NOTHING = Clauses()  # what stands for SQL that cannot be read: it matches nothing
