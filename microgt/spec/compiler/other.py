"""A limit whose cut groups become one row "Other"."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from microgt.spec.compiler.expressions import expression
from microgt.spec.compiler.layers import CompileBlock, Layers, named
from microgt.spec.compiler.names import output_names
from microgt.spec.compiler.ordering import limit_of, ordered, place_of, sorting
from microgt.spec.compiler.predicates import predicate
from microgt.spec.compiler.scope import Context, literal
from microgt.spec.measures import is_additive
from microgt.spec.types import Node, Ref, Select
from microgt.spec.walk import merged_key

OTHER = "Other"


def with_other_sql(node: Select, context: Context, compile_block: CompileBlock) -> exp.Select:
    """The SQL of a grouped block with `limit.other`, its references settled. Raises `CompileError`."""
    assert node.limit is not None
    merged = merged_key(node)
    assert merged is not None
    layers = Layers(node, context, compile_block)
    having = [predicate(node.having, layers.scope)] if node.having else []
    place = layers.mark("place", place_of(node, layers.scope), having)
    kept = exp.LTE(this=place, expression=literal(limit_of(node.limit)))
    given = dict(layers.scope.given)
    label = _either(kept, exp.cast(given[merged], exp.DType.VARCHAR), literal(OTHER))
    cut = _either(kept, literal(0), literal(1))
    given[merged] = label
    # What does not add up is not shown; groups may be sorted by it, and each that is kept has one row here.
    given |= {a: (exp.Sum if is_additive(a) else exp.Max)(this=given[a]) for a in layers.aggregates}
    scope = replace(layers.scope, given=given)

    outputs = [named(expression(o, scope), n) for o, n in zip(node.outputs, output_names(node, context.schema), strict=True)]
    keys = [expression(key, scope) for key in layers.keys]
    order = [ordered(cut, "asc"), *(ordered(_sorted_by(s.by, node, scope), s.direction) for s in sorting(node))]
    order += [ordered(key.copy(), "asc") for key in keys]
    query = layers.read().select(*outputs, append=True, copy=False).group_by(*keys, cut.copy(), copy=False)
    return query.order_by(*order, copy=False)


def _either(condition: exp.Expr, then: exp.Expr, otherwise: exp.Expr) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=then)], default=otherwise)


def _sorted_by(key: Node, node: Select, scope) -> exp.Expr:
    return expression(node.outputs[key.output] if isinstance(key, Ref) else key, scope)
