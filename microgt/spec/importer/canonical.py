"""One spec for SQL that means the same: what GROUP BY, DISTINCT and ORDER BY leave once what follows from the rest is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from microgt.spec.importer.tables import Tables
from microgt.spec.joins import Instance
from microgt.spec.types import Aggregate, Col, Limit, Node, Select, SetOperation, Sort, Value
from microgt.spec.walk import children, has_measure

Query = Select | SetOperation


@dataclass(frozen=True)
class Groups:
    """What follows from the columns a block is grouped by: equal columns of inner joins, and rows whose primary key is given.

    merge: let one column stand for all that the joins make equal.
    """

    tables: Tables
    merge: bool = True

    def alike(self, node: Any) -> Any:
        """What stands for all columns that the joins make equal to this one; other nodes stand for themselves."""
        return self._alike.get(node, node)

    @cached_property
    def _alike(self) -> dict[Any, Any]:
        """Of each class of equal columns the shortest to say, the primary key first."""
        classes: dict[Any, set[Any]] = {}
        for edge in self.tables.tree.edges if self.merge and self.tables.joined else ():
            for many, one in edge.on:
                ends: list[Any] = [Col(column=many, via=edge.many.via), Col(column=one, via=edge.one.via)]
                merged = set(ends).union(*(classes.get(end, ()) for end in ends))
                classes.update(dict.fromkeys(merged, merged))
        primary = {c.id for c in self.tables.schema.columns if c.primary}
        return {col: min(same, key=lambda c: (len(c.via), c.column not in primary, c.column)) for col, same in classes.items()}

    def rows(self, keys: Iterable[Node]) -> set[Instance]:
        """The instances of which each group has one row."""
        given = {self.alike(k) for k in keys}
        found = {i for i in self.tables.tree.instances if self._has_key(i, given)}
        if self.tables.joined and not self.tables.links:  # the target of a link need not be unique
            found |= {s.child for i in tuple(found) for s in self.tables.tree.steps(i) if s.child not in self.tables.tree.finer(i)}
        return found

    def _has_key(self, instance: Instance, given: set[Node]) -> bool:
        primary = self.tables.schema.table(instance.table).primary_key
        return bool(primary) and all(self.alike(Col(column=c, via=instance.via)) in given for c in primary)

    def one_value(self, node: Any, keys: Sequence[Node]) -> Any:
        """A column beside measures that is no key, as SQLite allows and ANY_VALUE says: a group is taken to have one value of it.

        Where it has many (there are no keys, or each group holds many rows of its table) any of them will do: the smallest.
        """
        if not isinstance(node, Col) or self.tables.derived or self.alike(node) in {self.alike(k) for k in keys}:
            return node
        owner = self.tables.owner(node)
        if owner in self.rows(keys):
            return node
        single = self.tables.schema.table(owner.table).primary_key == (node.column,)
        return Aggregate(fn="min", of=node) if single or all(self._refers(k, owner) for k in keys) else node

    def sort_key(self, node: Any, keys: Sequence[Node]) -> Any:
        """As `one_value`, for what only sorts: a column of which a group may have many values is never one more key."""
        by = self.one_value(node, keys)
        known = self.tables.derived or not isinstance(by, Col) or self.alike(by) in {self.alike(k) for k in keys}
        return by if known or self.tables.owner(by) in self.rows(keys) else Aggregate(fn="min", of=by)

    def _refers(self, key: Node, owner: Instance) -> bool:
        """Whether a key is what rows of `owner` refer to, so that it groups many of them."""
        if not isinstance(key, Col):
            return False
        foreign = key.column in {k.column for k in self.tables.schema.keys}
        return foreign or owner in self.tables.tree.finer(self.tables.owner(key))

    def least(self, keys: Sequence[Node], shown: Sequence[Node]) -> list[Node]:
        """The keys that group beyond what is shown, none of which follows from the others."""
        known = {self.alike(node) for node in shown}
        kept = [k for k in dict.fromkeys(self.alike(k) for k in keys) if k not in known]
        for key in tuple(kept):
            others = [*shown, *(k for k in kept if k != key)]
            if isinstance(key, Col) and self.tables.owner(key) in self.rows(others):
                kept.remove(key)
        return kept


def row_of_extreme(outputs: Sequence[Any]) -> Sort | None:
    """SELECT MAX(x), y without GROUP BY is read as SQLite does: y of the row where x is largest. The sort that says so, or None."""
    measures = [o for o in outputs if has_measure(o)]
    if len(measures) != 1 or len(measures) == len(outputs) or not all(isinstance(o, Col) for o in outputs if o not in measures):
        return None
    extreme = measures[0]
    if not isinstance(extreme, Aggregate) or extreme.fn not in ("min", "max") or not isinstance(extreme.of, Col) or extreme.where:
        return None
    return Sort(direction="asc" if extreme.fn == "min" else "desc", by=extreme.of)


def bare_columns(node: Node, known: Sequence[Node]) -> list[Col]:
    """The columns that stand outside aggregates and nested queries, those of known expressions left out."""
    if node in known or isinstance(node, Aggregate | Query):
        return []
    return [node] if isinstance(node, Col) else [column for _, child in children(node) for column in bare_columns(child, known)]


ONE_ROW = Limit(n=Value(value=1))
