"""Query blocks and set operations in their one form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from microgt.schema.types import Schema
from microgt.spec.canonical.conditions import condition
from microgt.spec.canonical.expressions import REFERABLE, Block, expression, spelled_out
from microgt.spec.canonical.joins import as_set, lean, same_rows, unordered
from microgt.spec.canonical.order import any_order, text_of, unique
from microgt.spec.canonical.values import period
from microgt.spec.compiler.kinds import kinds_of_outputs
from microgt.spec.compiler.ordering import limit_of, sort_index
from microgt.spec.conditions import conjuncts, joined
from microgt.spec.rules import classes_in
from microgt.spec.types import And, Grouping, Limit, Node, Period, Predicate, Ref, Select, SetOperation, Sort, Value
from microgt.spec.walk import Query, group_keys, is_grouped, rebuilt_block, windows_of, within

_PREDICATES, _PERIODS = classes_in(Predicate), classes_in(Period)
_OF_ROWS = (*classes_in(Grouping), Value, Ref, *_PREDICATES, *_PERIODS, *classes_in(Query))  # what a row has before any is grouped


def canonical_query(query: Query, schema: Schema) -> Query:
    """The one form of a query whose structure is right."""
    return _set(query, schema) if isinstance(query, SetOperation) else _select(query, schema)


def _part(node: Node, block: Block) -> Node:
    """The one form of whatever stands in a query block."""
    if isinstance(node, Query):
        return unordered(canonical_query(node, block.schema), block.schema)
    if isinstance(node, _PREDICATES):
        return condition(node, block)
    return period(node) if isinstance(node, _PERIODS) else expression(node, block)


# ------------------------------------------------------------------ set operations


def _set(node: SetOperation, schema: Schema) -> SetOperation:
    loose = unordered if node.op == "union_all" else as_set
    left, right = (loose(canonical_query(side, schema), schema) for side in (node.left, node.right))
    sort = _different(s.model_copy(update={"by": _output_of(s.by, node)}) for s in node.sort)
    return node.model_copy(update={"left": left, "right": right, "sort": sort, "limit": _limit(node.limit, sort)})


def _output_of(key: Node, query: Query) -> Node:
    """The place of a sort key among the outputs of the first side."""
    while isinstance(query, SetOperation):
        query = query.left
    place: Any = sort_index(key, query.outputs)
    return key if place is None or place >= REFERABLE else Ref(output=place)


def _different(keys: Iterable[Sort]) -> tuple[Sort, ...]:
    """Without keys that come a second time."""
    found: dict[str, Sort] = {}
    for key in keys:
        found.setdefault(text_of(key.by), key)
    return tuple(found.values())


def _limit(limit: Limit | None, sort: tuple[Sort, ...]) -> Limit | None:
    """Without a sort nothing ties."""
    if limit is None:
        return None
    return limit.model_copy(update={"n": Value(value=limit_of(limit)), "ties": limit.ties if sort else "break"})


# ------------------------------------------------------------------ query blocks


def _select(select: Select, schema: Schema) -> Select:
    source = unordered(canonical_query(select.source, schema), schema) if select.source else None
    rows = Block(schema, _part, source=kinds_of_outputs(source, schema) if source else ())
    select = _with_parts(lean(spelled_out(select), schema).model_copy(update={"source": source}), rows)
    return _order(_row_conditions(_groups(select), rows), schema)


def _with_parts(select: Select, rows: Block) -> Select:
    """Each part in its one form."""
    outputs = tuple(_part(o, rows) for o in select.outputs)
    block = replace(rows, outputs=outputs)
    parts = {
        "outputs": outputs,
        "where": select.where and condition(select.where, rows),
        "by": tuple(_part(key, rows) for key in select.by),
        "having": select.having and condition(select.having, block),
        "sort": tuple(expression(s, block) for s in select.sort),
        "limit": select.limit and expression(select.limit, block),
    }
    return select.model_copy(update=parts)


def _groups(select: Select) -> Select:
    """Keys that are shown are keys anyway. Shown groups are distinct anyway, and groups without a measure are distinct rows."""
    shown = {text_of(o) for o in select.outputs}
    by = [key for key in unique(select.by) if text_of(key) not in shown]
    if select.limit is None and not windows_of(select):  # else they break ties, in their order
        by = any_order(by)
    found = select.model_copy(update={"by": tuple(by)})
    if not is_grouped(found) and select.limit and select.limit.other:  # takes the place of groups, so that one key must say that they are
        return select.model_copy(update={"by": any_order(select.by)[:1]})
    if not is_grouped(found):
        return found.model_copy(update={"distinct": select.distinct or is_grouped(select)})
    return found.model_copy(update={"distinct": select.distinct and bool(by)})


def _row_conditions(select: Select, rows: Block) -> Select:
    """Where nothing is grouped, HAVING is WHERE."""
    if select.having is None or is_grouped(select) or not all(_is_of_rows(n) for n in (*select.outputs, select.having)):
        return select
    having = rebuilt_block(select.having, lambda n: select.outputs[n.output] if isinstance(n, Ref) else n)
    both = joined(And, [*conjuncts(select.where), *conjuncts(having)])
    return select.model_copy(update={"where": condition(both, rows), "having": None})


def _is_of_rows(node: Node) -> bool:
    return all(isinstance(n, _OF_ROWS) for n in within(node))


def _order(select: Select, schema: Schema) -> Select:
    """Constants sort nothing, and one row has no order."""
    sort = _different(s for s in select.sort if not isinstance(s.by, Value | Query))
    limit = _limit(select.limit, sort)
    found = select.model_copy(update={"sort": sort, "limit": limit})
    if not is_grouped(select) or group_keys(select):
        return found
    bare = found.model_copy(update={"sort": ()})
    one_row = same_rows(found, bare, schema) and (limit is None or limit.n.value != 0)
    return bare.model_copy(update={"limit": None}) if one_row else found
