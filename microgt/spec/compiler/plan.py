"""How a query block joins its tables: where it starts, what it joins, and which conditions become semi-joins.

A measure is taken at the grain of its own table. Where the joined rows are finer than that, min, max and count_distinct are safe;
for the others the finer tables must stand in `where` only, and then become EXISTS; else the spec must say `at`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from microgt.errors import CompileError
from microgt.schema.types import Schema
from microgt.spec.conditions import conjuncts
from microgt.spec.joins import Instance, JoinTree, Step, instance_of, join_tree, uses_of
from microgt.spec.types import Aggregate, Col, Node, Rows, Select
from microgt.spec.walk import block, within

_SAFE = ("min", "max", "count_distinct")


@dataclass(frozen=True)
class SemiJoin:
    """Rows of `steps[0].child`, joined further, that must exist for a row of the block."""

    steps: tuple[Step, ...]
    where: tuple[Node, ...]


@dataclass(frozen=True)
class Plan:
    """Where the block starts (None: no table), its joins, and its conditions."""

    root: Instance | None
    steps: tuple[Step, ...]
    where: tuple[Node, ...]
    exists: tuple[SemiJoin, ...] = ()

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Every instance that needs a name."""
        own = (self.root, *(s.child for s in self.steps)) if self.root else ()
        return (*own, *(s.child for e in self.exists for s in e.steps))


def plan_of(select: Select, schema: Schema) -> Plan:
    """The plan of a block without a source. Raises `CompileError` E_JOIN_AMBIGUOUS, E_JOIN_NO_PATH, E_VIA, E_FANOUT."""
    tree = join_tree(select, schema)
    where = conjuncts(select.where)
    if not tree.instances:
        return Plan(None, (), where)
    grains = [(a, *grain_of(a, tree, schema)) for a in _checked(select)]
    behind = {i: (a, grain) for a, grain, finer in grains for i in finer}
    if not behind:
        return _joined(select, tree, where, grains, schema)
    _refuse_fan_out(select, behind, schema)
    kept = tuple(p for p in where if not any(i in behind for i in _instances(p, schema)))
    moved = [p for p in where if p not in kept]
    core = JoinTree(
        tuple(i for i in tree.instances if i not in behind), tuple(e for e in tree.edges if e.many not in behind and e.one not in behind)
    )
    plan = _joined(select, core, kept, grains, schema)
    return Plan(plan.root, plan.steps, kept, tuple(_semi_joins(tree, behind, moved, plan.root, schema)))


def _joined(select: Select, tree: JoinTree, where: tuple[Node, ...], grains: list, schema: Schema) -> Plan:
    """Start at the finest table, or at the coarsest when parents without children are kept."""
    finest = tree.finest
    if select.empty_groups == "keep":
        root = tree.coarsest
    elif finest:
        root = finest
    else:
        named = {a.at for a in _aggregates(select) if a.at}
        measured = [grain for _, grain, _ in grains] + [i for i in tree.instances if i.table in named]
        root = measured[0] if measured else tree.instances[0]
    return Plan(root, tuple(tree.steps(root)), where)


# ------------------------------------------------------------------ fan-out


def _aggregates(select: Select) -> list[Aggregate]:
    return [n for n in block(select) if isinstance(n, Aggregate)]


def _checked(select: Select) -> Iterator[Aggregate]:
    """The aggregates that a finer join would falsify."""
    return (a for a in _aggregates(select) if a.at is None and a.fn not in _SAFE)


def _instances(node: Node, schema: Schema) -> list[Instance]:
    found = [instance_of(n, schema) for n in within(node) if isinstance(n, Col)]
    return found + [Instance(n.table) for n in within(node) if isinstance(n, Rows)]


def grain_of(aggregate: Aggregate, tree: JoinTree, schema: Schema) -> tuple[Instance, tuple[Instance, ...]]:
    """The instance whose rows the aggregate takes, and those that multiply them. Raises E_FANOUT when there is no one such instance."""
    used = list(dict.fromkeys(_instances(aggregate.of, schema))) or [tree.finest or tree.instances[0]]
    for instance in used:
        finer = tree.finer(instance)
        if not any(other in finer for other in used):
            return instance, finer
    names = " and ".join(str(i) for i in used)
    raise CompileError(
        "E_FANOUT",
        f"{aggregate.fn} mixes {names}, whose rows multiply each other; say the table with at",
        given=aggregate.fn,
        choices=[i.table for i in used],
    )


def _refuse_fan_out(select: Select, behind: dict[Instance, tuple[Aggregate, Instance]], schema: Schema) -> None:
    """Raise when a finer instance is used outside `where`."""
    rest = select.model_copy(update={"where": None})
    for instance in uses_of(rest, schema):
        if instance in behind:
            raise _fan_out(*behind[instance], instance)


def _fan_out(aggregate: Aggregate, grain: Instance, finer: Instance) -> CompileError:
    return CompileError(
        "E_FANOUT",
        f"{aggregate.fn} would take rows of {grain} several times through the join to {finer}; say at={finer.table} if that is meant",
        given=grain.table,
        choices=(finer.table,),
    )


def _semi_joins(
    tree: JoinTree, behind: dict[Instance, tuple[Aggregate, Instance]], moved: list[Node], root: Instance | None, schema: Schema
) -> Iterator[SemiJoin]:
    """One EXISTS for each branch of finer tables, with the conditions on it."""
    assert root is not None
    branches: dict[Instance, list[Step]] = {}
    branch_of: dict[Instance, Instance] = {}
    for step in tree.steps(root):
        if step.child in behind:
            start = branch_of.get(step.edge.other(step.child), step.child)
            branch_of[step.child] = start
            branches.setdefault(start, []).append(step)
    for start, steps in branches.items():
        conditions = []
        for condition in moved:
            touched = {branch_of[i] for i in _instances(condition, schema) if i in branch_of}
            if len(touched) > 1:
                raise _fan_out(*behind[start], start)
            if touched == {start}:
                conditions.append(condition)
        yield SemiJoin(tuple(steps), tuple(conditions))
