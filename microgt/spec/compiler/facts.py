"""Measures of several facts in one block: each is taken at its own grain, and the results meet on the dimensions.

A plain join of two facts off one customer would multiply each by the rows of the other. Facts need no keys that connect them with each
other, and it does not matter when there are several ways: each is joined with the dimensions only.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from microgt.errors import CompileError
from microgt.schema.types import Schema
from microgt.spec.compiler.kinds import kind_of
from microgt.spec.compiler.layers import CompileBlock
from microgt.spec.compiler.plan import Plan, grain_of, plan_of
from microgt.spec.compiler.scope import Context, Scope, literal, name, noted
from microgt.spec.joins import Instance, join_tree
from microgt.spec.types import Aggregate, Node, Select
from microgt.spec.walk import block

SEVERAL = ("E_FANOUT", "E_JOIN_NO_PATH", "E_JOIN_AMBIGUOUS")  # what is wrong with one join of several facts


def apart(select: Select, plan: Plan, keys: list[Node], schema: Schema) -> list[Select] | None:
    """As `split`, for facts that do not multiply each other's measures, but would leave out each other's groups."""
    if not any(step.down for step in plan.steps) or join_tree(select, schema).finest is not None:
        return None
    try:
        return split(select, keys, schema)
    except CompileError:
        return None  # one measure of several facts


def split(select: Select, keys: list[Node], schema: Schema) -> list[Select] | None:
    """One block for each fact, with the keys and then its measures as outputs; None when the measures are not separable like that:
    a measure has `at`, tables are named in `through`, or a condition or key cannot be reached from every fact."""
    aggregates = list(dict.fromkeys(n for n in block(select) if isinstance(n, Aggregate)))
    if select.through or any(a.at for a in aggregates):
        return None
    empty = {"by": (), "having": None, "sort": (), "limit": None, "distinct": False}

    def part(*measures: Aggregate) -> Select:
        return select.model_copy(update={**empty, "outputs": (*keys, *measures)})

    facts: dict[Instance, list[Aggregate]] = {}
    for aggregate in aggregates:
        facts.setdefault(grain_of(aggregate, join_tree(part(aggregate), schema), schema)[0], []).append(aggregate)
    if len(facts) < 2:
        return None
    parts = [part(*measures) for measures in facts.values()]
    return None if any(plan_of(part, schema).exists for part in parts) else parts


def together(parts: list[Select], keys: list[Node], context: Context, compile_part: CompileBlock) -> tuple[exp.Select, Scope]:
    """FROM all parts stacked, and the scope in which keys and aggregates are columns of the stack."""
    measures = [output for part in parts for output in part.outputs[len(keys) :]]
    stack: exp.Query | None = None
    for part in parts:
        query = compile_part(part, context)
        columns = [e.unalias() for e in query.expressions]
        own = dict(zip(part.outputs[len(keys) :], columns[len(keys) :], strict=True))
        shown = [exp.alias_(c, name(f"key_{i}")) for i, c in enumerate(columns[: len(keys)], 1)]
        shown += [exp.alias_(own.get(m, _none(m, context)), name(f"measure_{i}")) for i, m in enumerate(measures, 1)]
        query.set("expressions", shown)
        stack = query if stack is None else exp.Union(this=stack, expression=query, distinct=False)
    given: dict[Node, exp.Expr] = {key: _column(f"key_{i}") for i, key in enumerate(keys, 1)}
    given |= {m: _merged(m, _column(f"measure_{i}")) for i, m in enumerate(measures, 1)}
    whole = exp.Subquery(this=stack, alias=exp.TableAlias(this=name("facts")))
    return exp.Select().from_(whole, copy=False), replace(Scope(context), given=given)


def _none(measure: Node, context: Context) -> exp.Null:
    return noted(exp.Null(), kind_of(measure, context.schema))


def _column(column: str) -> exp.Column:
    return exp.Column(this=name(column), table=name("facts"))


def _merged(measure: Node, column: exp.Column) -> exp.Expr:
    """Each group has one value in the stack, beside NULLs; a fact without rows in the group counts zero."""
    value = exp.Max(this=column)
    counts = isinstance(measure, Aggregate) and measure.fn in ("count", "count_distinct")
    return exp.Coalesce(this=value, expressions=[literal(0)]) if counts else value
