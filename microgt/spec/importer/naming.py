"""Which instance each alias is, and what must be said so that the derived join tree is the author's.

A spec never writes its joins. Where the smallest tree of keys is not what the author joined, `via` on columns, tables to pass through and
links say so. Of all ways to say it the shortest is taken, so that the order of tables and the names of aliases leave no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from microgt.errors import CompileError, ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.aliases import Aliases
from microgt.spec.joins import Edge, Instance, JoinTree, Step, connect
from microgt.spec.types import Link, Through

_MOST_FLAGGED = 6
_LONGEST_VIA, _MOST_THROUGH = 2, 4
_PASS, _LINK = 2, 4  # actions to say them; a `via` takes one more than its length


@dataclass(frozen=True)
class Naming:
    """The instance of each alias, the tree of their joins, and the links without which there is no path."""

    instances: dict[str, Instance]
    tree: JoinTree
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Said:
    """What a spec says of its joins, and the tree that follows."""

    through: tuple[Through | Link, ...]
    tree: JoinTree

    @property
    def cost(self) -> int:
        """In actions of the decoder."""
        return sum(_LINK if isinstance(t, Link) else _PASS for t in self.through)


def name_aliases(aliases: Aliases, used: set[str], shown: set[str]) -> Naming:
    """The shortest naming. used: aliases with columns or rows in the block; shown: those in its outputs.

    Raises `ImportSqlError` self_join, join_path.
    """
    tree = aliases.tree()
    root = _root(tree, aliases, shown)
    steps = tree.steps(root)
    best: tuple[int, Naming] | None = None
    for flagged in _flaggings(steps, shown):
        if best and best[0] <= 2 * len(flagged):
            break
        names = _names(root, steps, flagged, aliases)
        if names is None:
            continue
        wanted = frozenset(_between(names, e) for e in tree.edges)
        links = _needed(steps, names, aliases)
        uses = [names[a] for a in aliases.tables if a in used]
        said = say(aliases.schema, wanted, tuple(names.values()), uses, links)
        if said is not None:
            cost = said.cost + sum(1 + len(i.via) for i in uses if i.via)
            if best is None or cost < best[0]:
                best = cost, Naming(names, said.tree, links)
    if best is None:
        repeated = len(set(aliases.tables.values())) < len(aliases.tables)
        told = ", ".join(f"{alias} ({table})" for alias, table in aliases.tables.items())
        message = f"the joins between {told} cannot be said; a spec joins tables as a tree, along keys or by equal columns"
        raise ImportSqlError("self_join" if repeated else "join_path", message)
    return best[1]


def _between(names: dict[str, Instance], edge: Edge) -> frozenset:
    """A join without its direction."""
    many, one = names[edge.many.via[0]], names[edge.one.via[0]]
    return frozenset(frozenset(((many, a), (one, b))) for a, b in edge.on)


def _root(tree: JoinTree, aliases: Aliases, shown: set[str]) -> Instance:
    """The finest alias; without one that in the middle, nearest to what is shown."""
    if tree.finest is not None:
        return tree.finest
    tables = list(aliases.tables.values())

    def rank(node: Instance) -> tuple[int, bool, int]:
        distance = {node: 0}
        for step in tree.steps(node):
            distance[step.child] = distance[step.edge.other(step.child)] + 1
        return max(distance.values()), tables.count(node.table) > 1, min((distance[aliases.node(a)] for a in shown), default=0)

    return min(tree.instances, key=rank)


def _flaggings(steps: list[Step], shown: set[str]) -> Iterator[frozenset[str]]:
    """Sets of aliases to reach by `via`, small ones first; those that are not shown before those that are."""
    behind = sorted((s.child.via[0] for s in steps), key=lambda alias: alias in shown)
    for size in range(len(behind) + 1 if len(behind) <= _MOST_FLAGGED else 3):
        yield from (frozenset(chosen) for chosen in combinations(behind, size))


def _names(root: Instance, steps: list[Step], flagged: frozenset[str], aliases: Aliases) -> dict[str, Instance] | None:
    """Instances when the flagged aliases are reached by `via` and the others are plain tables; None when two would be one."""
    names = {root.via[0]: Instance(root.table)}
    for step in steps:
        alias = step.child.via[0]
        via: tuple[str, ...] = ()
        if alias in flagged:
            key = _key(step, aliases)
            via = (*names[step.edge.other(step.child).via[0]].via, key or "")
            if key is None or len(via) > _LONGEST_VIA:
                return None
        names[alias] = Instance(step.child.table, via)
    return names if len(set(names.values())) == len(names) else None


def _key(step: Step, aliases: Aliases) -> str | None:
    """The column that `via` names for a step: of a key, or of a link within one table. None: a step that `via` cannot say."""
    edge = step.edge
    if len(edge.on) != 1:
        return None
    many, one = next(iter(edge.on))
    within = edge.many.table == edge.one.table
    if aliases.is_key(edge):
        return many if not (within and step.child == edge.many) else None
    return (many if step.child == edge.one else one) if within else None


def _needed(steps: list[Step], names: dict[str, Instance], aliases: Aliases) -> tuple[Link, ...]:
    """Links for the joins that no key makes; within one table they lead away from the root."""
    links = []
    for step in steps:
        if aliases.is_key(step.edge):
            continue
        for many, one in step.edge.on:
            within = step.edge.many.table == step.edge.one.table
            ends = (many, one) if step.child == step.edge.one else (one, many)
            left, right = ends if within else sorted(ends)
            links.append(Link(left=left, right=right))
    return tuple(dict.fromkeys(links))


def say(schema: Schema, wanted: frozenset, every: Sequence[Instance], used: Sequence[Instance], links: tuple[Link, ...]) -> Said | None:
    """The shortest `through` that makes the derived tree the wanted one, or None. every: all instances; used: those that columns name."""
    options = sorted(_options(schema, wanted, every, used, links), key=lambda o: sum(_LINK if isinstance(t, Link) else _PASS for t in o))
    for option in options:
        if len(option) > _MOST_THROUGH:
            continue
        own = tuple(t for t in option if isinstance(t, Link))
        extra = [Instance(t.table) for t in option if isinstance(t, Through)]
        extra += [Instance(schema.column(c).table) for link in own for c in (link.left, link.right)]
        try:
            tree = connect(list(dict.fromkeys([*used, *extra])) or list(every[:1]), schema, own)
        except CompileError:
            continue
        found = {frozenset(frozenset(((e.many, a), (e.one, b))) for a, b in e.on) for e in tree.edges}
        if found == wanted and set(tree.instances) >= set(every):
            return Said(option, tree)
    return None


def _options(
    schema: Schema, wanted: frozenset, every: Sequence[Instance], used: Sequence[Instance], links: tuple[Link, ...]
) -> Iterator[tuple[Through | Link, ...]]:
    passed = [Through(table=i.table) for i in every if i not in used and not i.via]
    yield links
    for size in range(1, len(passed) + 1):
        for chosen in combinations(passed, size):
            yield (*links, *chosen)
    joins = [link for link in _as_links(wanted) if link not in links]
    for join in joins:
        yield (*links, join)
        if passed:
            yield (*links, join, *passed)
    if len(joins) > 1:
        yield (*links, *joins)


def _as_links(wanted: frozenset) -> list[Link]:
    """The joins between plain tables."""
    found = []
    for edge in wanted:
        for pair in edge:
            ends = sorted(pair, key=lambda end: end[1])
            if len(ends) == 2 and not any(instance.via for instance, _ in ends):
                found.append(Link(left=ends[0][1], right=ends[1][1]))
    return sorted(found, key=lambda link: (link.left, link.right))
