"""Distinct, sort and limit. With a limit the order is total: the remaining keys follow the spec's own, so the cut is always the same."""

from __future__ import annotations

from sqlglot import exp

from microgt.errors import CompileError
from microgt.spec.calendar import NAMED_PARTS
from microgt.spec.compiler.bins import calendar_order
from microgt.spec.compiler.expressions import expression
from microgt.spec.compiler.mistakes import in_short
from microgt.spec.compiler.scope import Scope, literal, name
from microgt.spec.compiler.window_functions import in_window_order, over
from microgt.spec.types import Col, DatePart, Limit, Node, Ref, Select, SetOperation, Sort, Value
from microgt.spec.walk import Query, has_measure, is_grouped


def sort_index(key: Node, outputs: tuple[Node, ...]) -> int | None:
    """The output that a sort key is, or None."""
    if isinstance(key, Ref):
        return key.output
    return outputs.index(key) if key in outputs else None


def sorting(node: Select) -> tuple[Sort, ...]:
    """Without constants and queries of one value, which sort nothing (and numbers would be read as positions). Nothing sorts the one row
    of distinct constants either."""
    if node.distinct and not is_grouped(node) and all(isinstance(o, Value) for o in node.outputs):
        return ()
    said = [(s, node.outputs[s.by.output] if isinstance(s.by, Ref) else s.by) for s in node.sort]
    return tuple(sort for sort, by in said if not isinstance(by, Value | Query))


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
    """Add DISTINCT, ORDER BY and LIMIT (or a place within it, where ties are kept or groups are cut) to a block."""
    sort = sorting(node)
    indices = [sort_index(s.by, node.outputs) for s in sort]
    tied = node.limit is not None and node.limit.ties == "include" and bool(sort)
    placed = tied or (node.limit is not None and bool(node.limit.per))
    if node.distinct:
        if None in indices or placed:
            _group_instead(query, node, scope)
        elif not is_grouped(node) or node.by:
            query.distinct(copy=False)
    keys = [ordered(_sort_key(s, i, node, names, scope), s.direction) for s, i in zip(sort, indices, strict=True)]
    if node.limit and placed:
        query.set("qualify", exp.Qualify(this=exp.LTE(this=place_of(node, scope), expression=literal(limit_of(node.limit)))))
    if node.limit and not tied:
        keys += [ordered(_shown(k, node.outputs, names, scope), "asc") for k in _rest(node)]
    if node.limit and not placed:
        query.limit(literal(limit_of(node.limit)), copy=False)
    return query.order_by(*keys, copy=False) if keys else query


def place_of(node: Select, scope: Scope) -> exp.Window:
    """The place of a row in the order of its block, or within its `limit.per`; ties share it when they are included."""
    assert node.limit is not None
    order = [part for key, down in _expanded(node, scope) for part in in_window_order(key, down)]
    tied = node.limit.ties == "include" and bool(order)
    if not tied:
        rest = [key for key in _rest(node) if key not in node.limit.per]
        order += [part for key in rest for part in in_window_order(expression(key, scope), False)]
    return over(exp.Rank() if tied else exp.RowNumber(), [expression(key, scope) for key in node.limit.per], order)


def _group_instead(query: exp.Select, node: Select, scope: Scope) -> None:
    """DISTINCT as GROUP BY, so that one may sort by what is not shown."""
    if not is_grouped(node):
        query.group_by(*(expression(o, scope) for o in node.outputs if not isinstance(o, Value)), copy=False)
    elif node.by:
        hidden = [in_short(s.by) for s in sorting(node) if sort_index(s.by, node.outputs) is None]
        message = "distinct groups with hidden keys can be sorted only by what is shown"
        raise CompileError("E_SORT", message, given=hidden, choices=[in_short(o) for o in node.outputs])


def _sort_key(sort: Sort, index: int | None, node: Select, names: tuple[str, ...], scope: Scope) -> exp.Expr:
    if index is not None:
        return _output(index, node.outputs, names, scope)
    key = _sortable(sort.by, scope)
    if node.distinct and not is_grouped(node):
        return (exp.Min if sort.direction == "asc" else exp.Max)(this=key)
    return key


def _output(index: int, outputs: tuple[Node, ...], names: tuple[str, ...], scope: Scope) -> exp.Expr:
    """A column by itself, anything else by its name in the result."""
    output = outputs[index]
    if isinstance(output, DatePart) and output.part in NAMED_PARTS:
        return _sortable(output, scope)
    return expression(output, scope) if isinstance(output, Col) else exp.column(name(names[index]))


def _sortable(key: Node, scope: Scope) -> exp.Expr:
    """The SQL of a sort key: months and weekdays by the calendar."""
    of = expression(key, scope)
    return calendar_order(key.part, of) if isinstance(key, DatePart) and key.part in NAMED_PARTS else of


def _shown(key: Node, outputs: tuple[Node, ...], names: tuple[str, ...], scope: Scope) -> exp.Expr:
    return _output(outputs.index(key), outputs, names, scope) if key in outputs else _sortable(key, scope)


def _expanded(node: Select, scope: Scope) -> list[tuple[exp.Expr, bool]]:
    """The sort keys without names of outputs, for a window, and whether they go down."""
    grouped = node.distinct and not is_grouped(node)
    keys = []
    for sort in sorting(node):
        index = sort_index(sort.by, node.outputs)
        key = _sortable(node.outputs[index] if index is not None else sort.by, scope)
        if grouped and index is None:
            key = (exp.Min if sort.direction == "asc" else exp.Max)(this=key)
        keys.append((key, sort.direction == "desc"))
    return keys


def _rest(node: Select) -> list[Node]:
    """What makes the order total: the other dimensions, or for plain rows the other outputs; then hidden keys."""
    grouped = is_grouped(node)
    sorted_by = [node.outputs[s.by.output] if isinstance(s.by, Ref) else s.by for s in node.sort]
    shown = [o for o in node.outputs if o not in sorted_by and not isinstance(o, Value) and not (grouped and has_measure(o))]
    hidden = [] if node.distinct else [k for k in node.by if k not in node.outputs and k not in sorted_by]
    return list(dict.fromkeys([*shown, *hidden]))


def ordered(key: exp.Expr, direction: str) -> exp.Ordered:
    """A sort key, NULLs last."""
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
            choices = [f"ref {i}" for i in range(len(names))]
            raise CompileError("E_SORT", "a set operation is sorted by its outputs: use ref", given=in_short(sort.by), choices=choices)
        indices.append(index)
    keys = [ordered(exp.column(name(names[i])), s.direction) for i, s in zip(indices, node.sort, strict=True)]
    if node.limit and node.limit.ties == "include" and keys:
        whole = exp.select(exp.Star()).from_(exp.Subquery(this=query, alias=exp.TableAlias(this=name("both"))))
        order = [
            part
            for i, s in zip(indices, node.sort, strict=True)
            for part in in_window_order(exp.column(name(names[i])), s.direction == "desc")
        ]
        whole.set("qualify", exp.Qualify(this=exp.LTE(this=over(exp.Rank(), (), order), expression=literal(limit_of(node.limit)))))
        return whole.order_by(*keys, copy=False)
    if node.limit:
        keys += [ordered(exp.column(name(n)), "asc") for i, n in enumerate(names) if i not in indices]
        query = query.limit(literal(limit_of(node.limit)), copy=False)
    return query.order_by(*keys, copy=False) if keys else query
