"""Distinct, sort and limit. With a limit the order is total: the remaining keys follow the spec's own, so the cut is always the same."""

from __future__ import annotations

from sqlglot import exp

from microgt.errors import CompileError
from microgt.spec.compiler.expressions import expression
from microgt.spec.compiler.scope import Scope, literal, name
from microgt.spec.types import Col, Limit, Node, Ref, Select, SetOperation, Sort, Value
from microgt.spec.walk import has_measure, is_grouped


def sort_index(key: Node, outputs: tuple[Node, ...]) -> int | None:
    """The output that a sort key is, or None."""
    if isinstance(key, Ref):
        return key.output
    return outputs.index(key) if key in outputs else None


def _sorting(node: Select) -> tuple[Sort, ...]:
    """Without constants, which sort nothing and which SQL would read as positions; nothing sorts the one row of distinct constants."""
    if node.distinct and not is_grouped(node) and all(isinstance(o, Value) for o in node.outputs):
        return ()
    said = [(s, node.outputs[s.by.output] if isinstance(s.by, Ref) else s.by) for s in node.sort]
    return tuple(sort for sort, by in said if not isinstance(by, Value))


def limit_of(limit: Limit) -> int:
    """The number of rows. Raises `CompileError` E_LIMIT."""
    value = limit.n.value
    try:
        n = int(value)
        if isinstance(value, bool) or n < 0 or (isinstance(value, float) and value != n):
            raise ValueError
    except (ValueError, OverflowError):
        raise CompileError("E_LIMIT", f"a limit is a whole number of rows, not {value!r}", given=value) from None
    return n


def add_order(query: exp.Select, node: Select, names: tuple[str, ...], scope: Scope) -> exp.Select:
    """Add DISTINCT, ORDER BY and LIMIT (or a rank, where ties are kept) to a block."""
    node = node.model_copy(update={"sort": _sorting(node)})
    indices = [sort_index(s.by, node.outputs) for s in node.sort]
    if node.distinct:
        if None in indices or (node.sort and node.limit and node.limit.ties == "include"):
            _group_instead(query, node, scope)
        elif not is_grouped(node) or node.by:
            query.distinct(copy=False)
    keys = [_ordered(_sort_key(s, i, node, names, scope), s.direction) for s, i in zip(node.sort, indices, strict=True)]
    if node.limit and node.limit.ties == "include" and keys:
        query.set("qualify", exp.Qualify(this=_rank_within([k.copy() for k in _expanded(node, scope)], limit_of(node.limit))))
        return query.order_by(*keys, copy=False)
    if node.limit:
        keys += [_ordered(e, "asc") for e in _rest(node, indices, names, scope)]
        query.limit(limit_of(node.limit), copy=False)
    return query.order_by(*keys, copy=False) if keys else query


def _group_instead(query: exp.Select, node: Select, scope: Scope) -> None:
    """DISTINCT as GROUP BY, so that one may sort by what is not shown."""
    if not is_grouped(node):
        query.group_by(*(expression(o, scope) for o in node.outputs if not isinstance(o, Value)), copy=False)
    elif node.by:
        raise CompileError("E_SORT", "distinct groups with hidden keys can be sorted only by what is shown")


def _sort_key(sort: Sort, index: int | None, node: Select, names: tuple[str, ...], scope: Scope) -> exp.Expr:
    if index is not None:
        return _output(index, node.outputs, names, scope)
    key = expression(sort.by, scope)
    if node.distinct and not is_grouped(node):
        return (exp.Min if sort.direction == "asc" else exp.Max)(this=key)
    return key


def _output(index: int, outputs: tuple[Node, ...], names: tuple[str, ...], scope: Scope) -> exp.Expr:
    """A column by itself, anything else by its name in the result."""
    output = outputs[index]
    return expression(output, scope) if isinstance(output, Col) else exp.column(name(names[index]))


def _expanded(node: Select, scope: Scope) -> list[exp.Ordered]:
    """The sort keys without names of outputs, for a window."""
    grouped = node.distinct and not is_grouped(node)
    keys = []
    for sort in node.sort:
        index = sort_index(sort.by, node.outputs)
        key = expression(node.outputs[index] if index is not None else sort.by, scope)
        if grouped and index is None:
            key = (exp.Min if sort.direction == "asc" else exp.Max)(this=key)
        keys.append(_ordered(key, sort.direction))
    return keys


def _rank_within(keys: list[exp.Ordered], n: int) -> exp.Expr:
    rank = exp.Window(this=exp.Anonymous(this="RANK"), order=exp.Order(expressions=keys))
    return exp.LTE(this=rank, expression=literal(n))


def _rest(node: Select, used: list[int | None], names: tuple[str, ...], scope: Scope) -> list[exp.Expr]:
    """What makes the order total: the other dimensions, or for plain rows the other outputs; then hidden keys."""
    grouped = is_grouped(node)
    shown = [i for i, o in enumerate(node.outputs) if i not in used and not isinstance(o, Value) and not (grouped and has_measure(o))]
    rest = [_output(i, node.outputs, names, scope) for i in shown]
    sorted_by = [s.by for s in node.sort]
    hidden = [] if node.distinct else [k for k in node.by if k not in node.outputs and k not in sorted_by]
    return rest + [expression(k, scope) for k in hidden]


def _ordered(key: exp.Expr, direction: str) -> exp.Ordered:
    return exp.Ordered(this=key, desc=direction == "desc" or None, nulls_first=False)


def add_set_order(query: exp.Query, node: SetOperation, names: tuple[str, ...]) -> exp.Query:
    """Sort and limit a set operation by its outputs' names. Raises `CompileError` E_SORT."""
    left = node.left
    while isinstance(left, SetOperation):
        left = left.left
    indices = []
    for sort in node.sort:
        index = sort_index(sort.by, left.outputs)
        if index is None:
            raise CompileError(
                "E_SORT", "a set operation is sorted by its outputs: use ref", choices=[f"ref {i}" for i in range(len(names))]
            )
        indices.append(index)
    keys = [_ordered(exp.column(name(names[i])), s.direction) for i, s in zip(indices, node.sort, strict=True)]
    if node.limit and node.limit.ties == "include" and keys:
        whole = exp.select("*").from_(exp.Subquery(this=query, alias=exp.TableAlias(this=name("both"))))
        whole.set("qualify", exp.Qualify(this=_rank_within([k.copy() for k in keys], limit_of(node.limit))))
        return whole.order_by(*keys, copy=False)
    if node.limit:
        keys += [_ordered(exp.column(name(n)), "asc") for i, n in enumerate(names) if i not in indices]
        query = query.limit(limit_of(node.limit), copy=False)
    return query.order_by(*keys, copy=False) if keys else query
