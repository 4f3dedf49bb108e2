"""What a query block says of its joins and its order though they come out the same without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from microgt.errors import CompileError
from microgt.schema.types import Schema
from microgt.spec.canonical.order import text_of, unique
from microgt.spec.compiler.facts import apart
from microgt.spec.compiler.plan import plan_of
from microgt.spec.joins import Edge, Instance, Step
from microgt.spec.types import Aggregate, Col, Link, Node, Select, SetOperation, TimeBucket, TimeWindow
from microgt.spec.walk import Query, block, group_keys, is_grouped, rebuilt_block

_Rename = Callable[[Instance], Instance]


def _same(instance: Instance) -> Instance:
    return instance


def lean(select: Select, schema: Schema) -> Select:
    """Without the `via`, `at`, `through` and kept rows that change no join."""
    if select.source is not None:
        return select.model_copy(update=_KEEPS)
    joins = _joins(select, schema)
    if joins is None:
        return select
    for less, rename in _leaner(select):
        if _joins(less, schema) == _joins(select, schema, rename):
            return lean(less, schema)
    return select if joins.steps else select.model_copy(update=_KEEPS)


def same_rows(one: Select, other: Select, schema: Schema) -> bool:
    """Whether two blocks with the same outputs and conditions have the same rows: they are grouped alike and join the same tables in
    the same way, over the same periods. False also where several facts are joined."""
    if is_grouped(one) != is_grouped(other) or _periods(one) != _periods(other):
        return False
    joins = _joins(one, schema)
    return one.source is not None or (joins is not None and joins == _joins(other, schema))


def _periods(select: Select) -> set[str]:
    """What completes periods or leaves them out."""
    return {text_of(n) for n in block(select) if isinstance(n, TimeWindow) or (isinstance(n, TimeBucket) and n.complete)}


def unordered(query: Query, schema: Schema) -> Query:
    """A query of which the order of rows does not matter: without a sort that cuts nothing and joins nothing."""
    if query.limit is not None or not query.sort:
        return query
    bare: Any = query.model_copy(update={"sort": ()})
    return query if isinstance(query, Select) and not same_rows(query, bare, schema) else bare


def as_set(query: Query, schema: Schema) -> Query:
    """A query of which only the set of rows matters: as `unordered`, and without DISTINCT."""
    if query.limit is not None:
        return query
    query = unordered(query, schema)
    if isinstance(query, SetOperation):
        sides = {"left": as_set(query.left, schema), "right": as_set(query.right, schema)}
        return query.model_copy(update=sides)
    return query.model_copy(update={"distinct": False})


# ------------------------------------------------------------------ what is joined


class _Joins(NamedTuple):
    """Where a block starts, its joins, and its semi-joins, each in an order that means nothing."""

    root: Instance | None
    steps: list[tuple]
    exists: list[list[tuple]]


def _joins(select: Select, schema: Schema, rename: _Rename = _same) -> _Joins | None:
    """None when there is no one plan: several facts, or a mistake."""
    try:
        plan = plan_of(select, schema)
    except CompileError:
        return None
    if apart(select, plan, group_keys(select), schema):
        return None
    root = rename(plan.root) if plan.root else None
    return _Joins(root, _steps(plan.steps, rename), sorted(_steps(semi.steps, rename) for semi in plan.exists))


def _steps(steps: Iterable[Step], rename: _Rename) -> list[tuple]:
    return sorted((*_ends(step.edge, rename), step.edge.multiplies, rename(step.child), step.down) for step in steps)


def _ends(edge: Edge, rename: _Rename) -> tuple:
    """The two instances and the columns that are equal; it has no direction when neither side is unique."""
    many, one, on = rename(edge.many), rename(edge.one), sorted(edge.on)
    turned = one, many, sorted((b, a) for a, b in edge.on)
    return min((many, one, on), turned) if edge.multiplies else (many, one, on)


# ------------------------------------------------------------------ what is left out


_KEEPS = {name: Select.model_fields[name].default for name in ("orphans", "empty_groups")}


def _leaner(select: Select) -> Iterator[tuple[Select, _Rename]]:
    """Each way to say less, and what the instances are called then."""
    for i, join in enumerate(select.through):
        others = select.through[:i], select.through[i + 1 :]
        yield select.model_copy(update={"through": (*others[0], *others[1])}), _same
        if isinstance(join, Link) and join.right < join.left:
            turned = Link(left=join.right, right=join.left)
            yield select.model_copy(update={"through": (*others[0], turned, *others[1])}), _same
    ordered = tuple(sorted(select.through, key=text_of))
    if ordered != select.through:
        yield select.model_copy(update={"through": ordered}), _same
    for key in sorted({n.via[0] for n in block(select) if isinstance(n, Col) and n.via}):
        yield _without_key(select, key), lambda instance, key=key: Instance(instance.table, _after(instance.via, key))
    for aggregate in unique(n for n in block(select) if isinstance(n, Aggregate) and n.at):
        yield _without_at(select, aggregate), _same


def _without_key(select: Select, key: str) -> Select:
    return rebuilt_block(select, lambda n: n.model_copy(update={"via": _after(n.via, key)}) if isinstance(n, Col) else n)


def _after(via: tuple[str, ...], key: str) -> tuple[str, ...]:
    return via[1:] if via[:1] == (key,) else via


def _without_at(select: Select, aggregate: Aggregate) -> Select:
    bare: Node = aggregate.model_copy(update={"at": None})
    return rebuilt_block(select, lambda n: bare if text_of(n) == text_of(aggregate) else n)
