"""One query block to SQL."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from microgt.errors import CompileError
from microgt.spec.compiler.casts import align
from microgt.spec.compiler.expressions import expression
from microgt.spec.compiler.facts import SEVERAL, apart, split, together
from microgt.spec.compiler.layers import named
from microgt.spec.compiler.names import output_names
from microgt.spec.compiler.ordering import add_order
from microgt.spec.compiler.other import with_other_sql
from microgt.spec.compiler.periods import before_incomplete
from microgt.spec.compiler.plan import Plan, plan_of
from microgt.spec.compiler.predicates import predicate
from microgt.spec.compiler.scope import Context, Scope, aliases_of, literal, name, reading, source_of
from microgt.spec.compiler.windows import windowed_sql
from microgt.spec.conditions import conjuncts
from microgt.spec.joins import Edge, Instance, Step
from microgt.spec.types import Node, Select, TimeBucket
from microgt.spec.walk import block, group_keys, is_grouped, windows_of, without_refs


def select_sql(node: Select, context: Context) -> exp.Select:
    """The SQL of a query block. Raises `CompileError`."""
    node = without_refs(node)
    if node.limit and node.limit.other:
        return with_other_sql(node, context, select_sql)
    if windows_of(node):
        return windowed_sql(node, context, select_sql)
    query, scope, where = _from(node, context)
    names = output_names(node, context.schema)
    outputs = [named(expression(o, scope), n) for o, n in zip(node.outputs, names, strict=True)]
    query = query.select(*outputs, append=True, copy=False)
    grouped = is_grouped(node)
    having = [predicate(node.having, scope)] if node.having else []
    conditions = [*(predicate(p, scope) for p in where), *_complete(node, scope), *([] if grouped else having)]
    if conditions:
        query.where(*conditions, copy=False)
    if grouped:
        keys = group_keys(node)
        if keys:
            query.group_by(*(expression(k, scope) for k in keys), copy=False)
        if having:
            query.having(*having, copy=False)
    return add_order(query, node, names, scope)


def _complete(node: Select, scope: Scope) -> list[exp.Expr]:
    """The conditions of buckets that leave out the incomplete last period; facts taken apart have them already."""
    buckets = dict.fromkeys(n for n in block(node) if isinstance(n, TimeBucket) and n.complete)
    return [] if scope.given else [before_incomplete(bucket, scope) for bucket in buckets]


# ------------------------------------------------------------------ from


def _from(node: Select, context: Context) -> tuple[exp.Select, Scope, tuple[Node, ...]]:
    """FROM with its joins, the scope that they make, and the conditions that are left for WHERE."""
    if node.source is not None:
        return *_from_source(node, context), conjuncts(node.where)
    keys = group_keys(node)
    try:
        plan = plan_of(node, context.schema)
        parts = apart(node, plan, keys, context.schema)
    except CompileError as error:
        parts = split(node, keys, context.schema) if error.code in SEVERAL else None
        if parts is None:
            raise
    if parts is not None:
        query, scope = together(parts, keys, context, select_sql)
        return query, replace(scope, outputs=node.outputs), ()
    return *_from_tables(node, plan, context), plan.where


def _from_source(node: Select, context: Context) -> tuple[exp.Select, Scope]:
    assert node.source is not None
    scope = Scope(context, node.outputs, source_of(node, context.schema))
    return exp.Select().from_(reading(scope), copy=False), scope


def _from_tables(node: Select, plan: Plan, context: Context) -> tuple[exp.Select, Scope]:
    aliases = aliases_of(plan.instances, context.schema)
    scope = Scope(context, node.outputs, None, aliases)
    query = exp.Select()
    if plan.root is None:
        return query, scope
    query.from_(_table(plan.root, aliases), copy=False)
    countable: dict[str, exp.Column] = {}
    below: set[Instance] = set()
    kinds = []
    for step in plan.steps:
        parent = step.edge.other(step.child)
        kind = _join_kind(node, step, parent in below)
        kinds.append(kind)
        if kind in ("LEFT", "FULL") and (step.down or parent in below):
            below.add(step.child)
        if kind != "INNER" and not step.child.via:
            countable[step.child.table] = _never_null(step.child, step.edge, scope)
        side = None if kind == "INNER" else kind
        query.join(exp.Join(this=_table(step.child, aliases), on=_on(step.edge, scope), side=side), copy=False)
    if "FULL" in kinds:
        countable[plan.root.table] = _never_null(plan.root, plan.steps[kinds.index("FULL")].edge, scope)
    scope = Scope(context, node.outputs, None, aliases, countable)
    for semi in plan.exists:
        query.where(_exists(semi.steps, [predicate(p, scope) for p in semi.where], scope), copy=False)
    return query, scope


def _table(instance: Instance, aliases: dict[Instance, str]) -> exp.Table:
    alias = aliases[instance]
    table = exp.Table(this=name(instance.table))
    if alias != instance.table:
        table.set("alias", exp.TableAlias(this=name(alias)))
    return table


def _on(edge: Edge, scope: Scope) -> exp.Expr:
    pairs = [(scope.column_of(edge.many, many), scope.column_of(edge.one, one)) for many, one in edge.on]
    return exp.and_(*(_equal(scope, on, pair) for on, pair in zip(edge.on, pairs, strict=True)))


def _equal(scope: Scope, ids: tuple[str, str], columns: tuple[exp.Column, exp.Column]) -> exp.Expr:
    left, right = (scope.context.schema.column(i).type for i in ids)
    return exp.EQ(**dict(zip(("this", "expression"), align(columns[0], left, columns[1], right), strict=True)))


def _join_kind(node: Select, step: Step, below: bool) -> str:
    """Towards the one side: is a missing parent kept? Towards the many side: is a parent without children kept?"""
    if below and not step.down:
        return "LEFT"
    if not step.down:
        return "LEFT" if node.orphans == "keep" else "INNER"
    if node.empty_groups == "drop":
        return "INNER"
    return "LEFT" if node.orphans == "drop" else "FULL"


def _never_null(instance: Instance, edge: Edge, scope: Scope) -> exp.Column:
    """A column that is NULL only where the whole row is missing: of the primary key, else of the key that joins it."""
    primary = scope.context.schema.table(instance.table).primary_key
    side = 0 if edge.many == instance else 1
    return scope.column_of(instance, primary[0] if primary else edge.on[0][side])


def _exists(steps: tuple[Step, ...], conditions: list[exp.Expr], scope: Scope) -> exp.Expr:
    first, *further = steps
    query = exp.select(literal(1)).from_(_table(first.child, dict(scope.aliases)))
    for step in further:
        query = query.join(_table(step.child, dict(scope.aliases)), on=_on(step.edge, scope))
    return exp.Exists(this=query.where(_on(first.edge, scope), *conditions))
