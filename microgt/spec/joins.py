"""Which tables a query block joins, and how: the smallest tree of keys that connects the instances it uses.

An instance is a table, or a table reached through named keys (`via`): the departure airport and the arrival airport of a flight are
two instances of one table. An edge of the tree leads from the many side (the row that refers) to the one side (the row referred to).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from microgt.errors import CompileError
from microgt.schema.types import Schema
from microgt.spec.references import references
from microgt.spec.steiner import Weighted, smallest_tree
from microgt.spec.types import Aggregate, Col, Link, Node, Rows, Select, Through
from microgt.spec.walk import block, within

# Cost of one join, and what breaks ties: declared keys before inferred ones, the table itself before an instance of it.
_KEY, _INFERRED, _INSTANCE = 1000, 2, 1


class Instance(NamedTuple):
    """A table in a query block; `via` is the path of key columns that leads to it, empty for the table itself."""

    table: str
    via: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.table} (via {', '.join(self.via)})" if self.via else self.table


@dataclass(frozen=True, slots=True)
class Edge:
    """A join. `on`: pairs of column ids (of `many`, of `one`). `multiplies`: neither side is unique, so both directions fan out."""

    many: Instance
    one: Instance
    on: tuple[tuple[str, str], ...]
    multiplies: bool = False

    def other(self, end: Instance) -> Instance:
        """The opposite end."""
        return self.one if end == self.many else self.many

    def fans_out(self, start: Instance) -> bool:
        """Can one row of `start` meet several rows at the other end?"""
        return self.multiplies or start == self.one

    def __str__(self) -> str:
        return " and ".join(f"{many} = {one}" for many, one in self.on)


class Step(NamedTuple):
    """One join of a plan: `child` joins what is already there through `edge`; `down`: from one to many."""

    edge: Edge
    child: Instance
    down: bool


@dataclass(frozen=True)
class JoinTree:
    """The instances of a query block in order of use (bridges last) and the edges between them."""

    instances: tuple[Instance, ...]
    edges: tuple[Edge, ...]
    _near: dict[Instance, list[Edge]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        near: dict[Instance, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            near[edge.many].append(edge)
            near[edge.one].append(edge)
        object.__setattr__(self, "_near", near)

    def steps(self, root: Instance) -> list[Step]:
        """The joins from `root` outwards, nearest first."""
        found, seen, queue = [], {root}, deque([root])
        while queue:
            here = queue.popleft()
            for edge in self._near[here]:
                child = edge.other(here)
                if child not in seen:
                    seen.add(child)
                    queue.append(child)
                    found.append(Step(edge, child, edge.fans_out(here)))
        return found

    def finer(self, start: Instance) -> tuple[Instance, ...]:
        """Instances whose rows multiply the rows of `start`: those behind a fan-out, nearest first."""
        behind: list[Instance] = []
        parents = {start: start}
        for edge, child, down in self.steps(start):
            parents[child] = edge.other(child)
            if down or parents[child] in behind:
                behind.append(child)
        return tuple(behind)

    @cached_property
    def finest(self) -> Instance | None:
        """The instance that no other multiplies: one row of the join for each of its rows. None when two facts meet."""
        return next((i for i in self.instances if not self.finer(i)), None)

    @cached_property
    def coarsest(self) -> Instance:
        """The first instance that refers to no other one."""
        return next((i for i in self.instances if all(e.one == i for e in self._near[i])), self.instances[0])


def instance_of(col: Col, schema: Schema) -> Instance:
    """The instance that a column belongs to."""
    return Instance(schema.column(col.column).table, col.via)


def uses_of(select: Select, schema: Schema) -> list[Instance]:
    """The instances that a query block uses: those of each output, then the others, `through` and `at` too.

    The order hangs on the outputs alone, since conditions mean the same in any order.
    """
    found = dict.fromkeys(i for output in select.outputs for i in sorted(_named(within(output), schema)))
    found |= dict.fromkeys(sorted(_named(block(select), schema)))
    present = {i.table for i in found}
    finer = {n.at for n in block(select) if isinstance(n, Aggregate) and n.at}
    return [*found, *(Instance(table) for table in sorted(finer - present))]


def _named(nodes: Iterable[Node], schema: Schema) -> Iterator[Instance]:
    for node in nodes:
        if isinstance(node, Col):
            yield instance_of(node, schema)
        elif isinstance(node, Rows | Through):
            yield Instance(node.table)
        elif isinstance(node, Link):
            yield from (Instance(schema.column(column).table) for column in (node.left, node.right))


def links_of(select: Select) -> tuple[Link, ...]:
    """Its joins by equality of columns that no key connects."""
    return tuple(j for j in select.through if isinstance(j, Link))


def join_tree(select: Select, schema: Schema) -> JoinTree:
    """The join tree of a query block. Raises `CompileError` E_JOIN_AMBIGUOUS, E_JOIN_NO_PATH, E_VIA."""
    return connect(uses_of(select, schema), schema, links_of(select))


def connect(uses: Sequence[Instance], schema: Schema, links: Sequence[Link] = ()) -> JoinTree:
    """The smallest tree that connects the instances. Raises as `join_tree`."""
    if len(uses) < 2 and not links and not any(i.via for i in uses):
        return JoinTree(tuple(uses), ())
    terminals, required = _required(uses, schema, links)
    edges = required + _possible(terminals, schema)
    weighted = [Weighted(e.many, e.one, 0 if n < len(required) else _cost(e, schema), n) for n, e in enumerate(edges)]
    tree = smallest_tree(list(terminals), weighted)
    if tree is None:
        raise _no_path(list(terminals), edges)
    _refuse_ties(tree, terminals, weighted, edges)
    chosen = [edges[w.name] for w in tree]
    nodes = dict.fromkeys([*terminals, *(end for e in chosen for end in (e.many, e.one))])
    return JoinTree(tuple(nodes), tuple(chosen))


# ------------------------------------------------------------------ edges


def key_edges(schema: Schema) -> Iterator[Edge]:
    """The keys between different tables."""
    for pairs in references(schema):
        many, one = (Instance(schema.column(end).table) for end in pairs[0])
        if many != one:
            yield Edge(many, one, pairs)


def _link_edges(links: Sequence[Link], schema: Schema) -> Iterator[Edge]:
    """One edge for each pair of linked tables: towards the side whose whole primary key is linked, or multiplying both ways."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for link in links:
        left, right = schema.column(link.left).table, schema.column(link.right).table
        if (right, left) in groups:
            groups[right, left].append((link.right, link.left))
        elif left != right:
            groups[left, right].append((link.left, link.right))
    for (left, right), pairs in groups.items():
        lefts, rights = ({pair[side] for pair in pairs} for side in (0, 1))
        if rights >= (primary := set(schema.table(right).primary_key)) and primary:
            yield Edge(Instance(left), Instance(right), tuple(pairs))
        elif lefts >= (primary := set(schema.table(left).primary_key)) and primary:
            yield Edge(Instance(right), Instance(left), tuple((b, a) for a, b in pairs))
        else:
            yield Edge(Instance(left), Instance(right), tuple(pairs), multiplies=True)


def _required(uses: Iterable[Instance], schema: Schema, links: Sequence[Link]) -> tuple[dict[Instance, None], list[Edge]]:
    """All instances that must be in the tree, and the edges that are given: links, and the last key of each `via`."""
    terminals: dict[Instance, None] = {}
    edges = list(_link_edges(links, schema))
    for instance in uses:
        while instance not in terminals:
            terminals[instance] = None
            if not instance.via:
                break
            edge = _via_edge(instance, schema, links)
            edges.append(edge)
            instance = edge.other(instance)
    return terminals, edges


def _via_edge(instance: Instance, schema: Schema, links: Sequence[Link]) -> Edge:
    """The edge that the last key of `via` stands for, towards the instance before it."""
    column, before = instance.via[-1], instance.via[:-1]
    keys = [*references(schema), *(((link.left, link.right),) for link in links)]
    ends = [(pairs, *(schema.column(end).table for end in pairs[0])) for pairs in keys]
    named = [end for end in ends if any(many == column for many, _ in end[0])]
    for pairs, child, parent in named:
        if parent == instance.table:
            return Edge(Instance(child, before), instance, pairs)
    for pairs, child, parent in named:
        if child == instance.table:
            return Edge(instance, Instance(parent, before), pairs)
    choices = sorted({many for pairs, child, parent in ends if instance.table in (child, parent) for many, _ in pairs})
    raise CompileError(
        "E_VIA",
        f"via {column!r} is no key that leads to {instance.table}; keys that do: {', '.join(choices) or 'none'}",
        given=column,
        choices=choices,
    )


def _possible(terminals: Iterable[Instance], schema: Schema) -> list[Edge]:
    """The keys between tables, and between instances reached by `via` and tables."""
    edges = list(key_edges(schema))
    reached = [i for i in terminals if i.via]
    for edge in tuple(edges) if reached else ():
        edges += [Edge(i, edge.one, edge.on) for i in reached if i.table == edge.many.table]
        edges += [Edge(edge.many, i, edge.on) for i in reached if i.table == edge.one.table]
    return edges


def _cost(edge: Edge, schema: Schema) -> int:
    inferred = any(k.inferred and (k.column, k.target) in edge.on for k in schema.keys)
    return _KEY + _INFERRED * inferred + _INSTANCE * bool(edge.many.via or edge.one.via)


# ------------------------------------------------------------------ errors


def _no_path(terminals: list[Instance], edges: list[Edge]) -> CompileError:
    """Names the tables that cannot be reached from the first, and those that can."""
    reached, queue = {terminals[0]}, [terminals[0]]
    while queue:
        here = queue.pop()
        for edge in edges:
            if here in (edge.many, edge.one) and (other := edge.other(here)) not in reached:
                reached.add(other)
                queue.append(other)
    apart = [str(t) for t in terminals if t not in reached]
    near = sorted({i.table for i in reached} - {terminals[0].table})
    names = [i.table for i in terminals]
    return CompileError("E_JOIN_NO_PATH", f"no keys connect {terminals[0]} with {', '.join(apart)}", given=names, choices=near)


def _refuse_ties(tree: list[Weighted], terminals: Iterable[Instance], weighted: list[Weighted], edges: list[Edge]) -> None:
    """Raise E_JOIN_AMBIGUOUS when another tree is as small as this one."""
    total = sum(w.cost for w in tree)
    for chosen in tree:
        if not chosen.cost:
            continue
        other = smallest_tree(list(terminals), [w for w in weighted if w is not chosen], most=total)
        if other is None or sum(w.cost for w in other) > total:
            continue
        ours, theirs = {w.name for w in tree}, {w.name for w in other}
        here, there = ([str(edges[n]) for n in sorted(a - b)] for a, b in ((ours, theirs), (theirs, ours)))
        columns = [column for n in sorted(ours ^ theirs) for column, _ in edges[n].on]
        names = " and ".join(str(t) for t in terminals)
        raise CompileError(
            "E_JOIN_AMBIGUOUS",
            f"{names} can be joined by {', '.join(here)} or by {', '.join(there)}; name the key with via, or a table with through",
            given=[i.table for i in terminals],
            choices=dict.fromkeys(columns),
        )
