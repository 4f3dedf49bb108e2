"""The tables of one query block, as a spec sees them: instances, the tree that joins them, and what its joins keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import ColumnType, Schema
from microgt.spec.compiler.kinds import kind_of
from microgt.spec.importer.aliases import Aliases, End, read_aliases
from microgt.spec.importer.naming import name_aliases, say
from microgt.spec.importer.refusals import outer_column, unknown_column
from microgt.spec.joins import Instance, JoinTree
from microgt.spec.types import Col, Inner, Link, Through


@dataclass(frozen=True)
class Derived:
    """A query in FROM: its alias, the names and types of its outputs."""

    alias: str
    names: tuple[str, ...]
    kinds: tuple[ColumnType, ...]

    def inner(self, node: exp.Column) -> Inner:
        """The output that a column means. Raises `ImportSqlError` correlated, unknown_column."""
        if node.table and node.table.lower() != self.alias:
            raise outer_column(node, [self.alias])
        if node.name.lower() not in self.names:
            raise unknown_column(node, node.name, "among the outputs of the query read from", [name for name in self.names if name])
        place: Any = self.names.index(node.name.lower())
        return Inner(output=place)


@dataclass(frozen=True)
class Tables:
    """What columns of one block belong to. `derived`: the query that it reads from, instead of tables."""

    schema: Schema
    aliases: Aliases
    instances: dict[str, Instance] = field(default_factory=dict)
    tree: JoinTree = field(default_factory=lambda: JoinTree((), ()))
    links: tuple[Link, ...] = ()
    derived: Derived | None = None
    keeps: dict[str, Any] = field(default_factory=dict)

    def column(self, node: exp.Column) -> Col | Inner:
        """The column of the spec. Raises `ImportSqlError` correlated, unknown_column."""
        if self.derived:
            return self.derived.inner(node)
        alias, column = self.aliases.end(node)
        return Col(column=column, via=self.instances[alias].via)

    def kind(self, node: Any) -> ColumnType:
        """The type of a node of this block."""
        return kind_of(node, self.schema, (), self.derived.kinds if self.derived else ())

    def star(self, node: exp.Expr) -> list[Col]:
        """The columns that * or alias.* stands for, in the order of FROM. Raises `ImportSqlError` star, unknown_table."""
        if self.derived:
            raise ImportSqlError("star", "* over a query has no spec; name its columns", node=node)
        owner = self.aliases.named(node) if isinstance(node, exp.Column) and node.table else None
        ends = [End(a, c.id) for a, t in self.aliases.tables.items() if owner in (None, a) for c in self.schema.table(t).columns]
        return [Col(column=e.column, via=self.instances[e.alias].via) for e in ends if owner or e not in self.aliases.merged]

    def owner(self, col: Col) -> Instance:
        """The instance of a column."""
        return Instance(self.schema.column(col.column).table, col.via)

    @property
    def joined(self) -> bool:
        """Are there several tables, all joined by inner joins?"""
        return self.keeps == {"orphans": "drop"}

    @property
    def grain(self) -> Instance:
        """The instance whose rows are the rows of the join; where two facts meet, any plain one."""
        finest = self.tree.finest
        return finest if finest is not None and not finest.via else next(i for i in self.tree.instances if not i.via)

    def through(self, used: list[Instance]) -> tuple[Through | Link, ...]:
        """What must be said of the joins beside the instances used. Raises `ImportSqlError` join_path."""
        wanted = frozenset(frozenset(frozenset(((e.many, a), (e.one, b))) for a, b in e.on) for e in self.tree.edges)
        said = say(self.schema, wanted, tuple(self.instances.values()), used, self.links)
        if said is None:
            raise ImportSqlError("join_path", f"the joins between {', '.join(map(str, self.instances.values()))} cannot be said")
        return said.through


def read_tables(select: exp.Select, schema: Schema, conditions: list[exp.Expr]) -> Tables:
    """The tables of a block that reads base tables only; `conditions` as for `read_aliases`."""
    aliases = read_aliases(select, schema, conditions)
    outputs = _aliases_in(select.expressions, aliases)
    others = [*conditions, *(select.args[part] for part in ("group", "having", "order") if select.args.get(part))]
    naming = name_aliases(aliases, outputs | _aliases_in(others, aliases), outputs)
    return Tables(schema, aliases, naming.instances, naming.tree, naming.links, keeps=_keeps(aliases, naming.instances, naming.tree))


def _aliases_in(nodes: list[exp.Expr], aliases: Aliases) -> set[str]:
    """The aliases whose columns or rows the nodes use, nested queries left out."""
    inside = (node for top in nodes for node in top.walk(prune=lambda n: isinstance(n, exp.Query)))
    return {alias for node in inside for alias in _aliases_of(node, aliases)}


def _aliases_of(node: exp.Expr, aliases: Aliases) -> list[str]:
    if isinstance(node, exp.Star):
        if isinstance(node.parent, exp.Count):
            finest = aliases.tree().finest
            return [finest.via[0] if finest else next(iter(aliases.tables))]
        return [aliases.named(node.parent)] if isinstance(node.parent, exp.Column) else list(aliases.tables)
    if not isinstance(node, exp.Column) or node.is_star:
        return []
    try:
        return [aliases.end(node).alias]
    except ImportSqlError:  # the name of an output, or a mistake that reading will tell
        return []


def _keeps(aliases: Aliases, instances: dict[str, Instance], tree: JoinTree) -> dict[str, Any]:
    """`orphans` and `empty_groups`. Raises `ImportSqlError` outer_join for joins that these two cannot say."""
    if len(aliases.tables) < 2:
        return {}
    if not aliases.sides:
        return {"orphans": "drop"}
    sides, (first, *others) = set(aliases.sides.values()), aliases.tables
    outer = aliases.nodes[next(iter(aliases.sides))]
    if len(others) == 1 and sides == {"FULL"}:
        return {"orphans": "keep", "empty_groups": "keep"}
    if len(others) == 1 and sides == {"RIGHT"}:
        first, sides = others[0], {"LEFT"}
    if sides != {"LEFT"} or len(aliases.sides) < len(others):
        message = "inner and outer joins together have no spec, nor have right and full joins of several tables; LEFT JOINs alone have"
        raise ImportSqlError("outer_join", message, node=outer)
    steps = tree.steps(instances[first])
    if not any(step.down for step in steps):
        return {"orphans": "keep"}
    below: set[Instance] = set()
    for step in steps:
        if step.down or step.edge.other(step.child) in below:
            below.add(step.child)
    if len(below) < len(steps) or tree.coarsest != instances[first]:
        message = "outer joins to parents and to children of the first table have no spec together; either have alone"
        raise ImportSqlError("outer_join", message, node=outer)
    return {"orphans": "drop", "empty_groups": "keep"}
