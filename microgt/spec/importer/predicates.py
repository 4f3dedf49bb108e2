"""Conditions of SQL as predicates of a spec."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.canonical.joins import as_set
from microgt.spec.conditions import MIRRORED, joined, match_of
from microgt.spec.importer.aliases import conjuncts
from microgt.spec.importer.casts import IN_LIKE
from microgt.spec.importer.exists import as_in
from microgt.spec.importer.expressions import Expressions, literal
from microgt.spec.importer.places import quoted
from microgt.spec.one_row import has_one_row
from microgt.spec.types import Aggregate, And, Between, Col, Compare, In, Inner, InQuery, IsNull, Like, Not, Or, Select, Value
from microgt.spec.walk import Query, is_grouped

_COMPARISONS: dict[Any, Any] = {
    exp.EQ: "eq",
    exp.NEQ: "ne",
    exp.GT: "gt",
    exp.GTE: "ge",
    exp.LT: "lt",
    exp.LTE: "le",
    exp.NullSafeNEQ: "ne",
}
_MOST_VALUES = 6
_CONDITIONS = "conditions: = <> < <= > >=, BETWEEN, IN, LIKE, ILIKE, IS NULL, EXISTS, IS DISTINCT FROM, AND, OR, NOT"


def conjunction(parts: list[exp.Expr], expressions: Expressions) -> Any:
    """The predicate of all parts together, None for none."""
    read = [predicate(p, expressions) for p in parts]
    return joined(And, read) if read else None


def predicate(node: exp.Expr, expressions: Expressions) -> Any:
    """One condition. Raises `ImportSqlError` predicate, exists, long_list, and as `Expressions.read`."""
    node = node.unnest()
    if isinstance(node, exp.And):
        return joined(And, [predicate(p, expressions) for p in conjuncts(node)])
    if isinstance(node, exp.Or):
        return joined(Or, [predicate(p, expressions) for p in _disjuncts(node)])
    if isinstance(node, exp.Not):
        return Not(arg=predicate(node.this, expressions))
    if isinstance(node, exp.NullSafeEQ):
        return Not(arg=Compare(op="ne", left=expressions.read(node.left), right=expressions.read(node.right)))
    if type(node) in _COMPARISONS:
        return _compare(node, expressions)
    if isinstance(node, exp.Between):
        of, low, high = (expressions.read(node.args[k]) for k in ("this", "low", "high"))
        return Between(of=of, low=low, high=high)
    if isinstance(node, exp.In):
        return _in(node, expressions)
    if isinstance(node, exp.Like | exp.ILike):
        like = _like(node, expressions)
        return Not(arg=like) if node.args.get("negate") else like
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        return IsNull(of=expressions.read(node.this))
    if isinstance(node, exp.Exists):
        outer, query = as_in(node.this, set(expressions.tables.aliases.tables))
        return InQuery(of=expressions.read(outer), query=as_set(expressions.nested(query), expressions.tables.schema))
    if isinstance(node, exp.Column):
        return Compare(op="eq", left=expressions.read(node), right=Value(value=True))
    raise ImportSqlError("predicate", f"no spec has the condition {quoted(node)}; {_CONDITIONS}", node=node)


def _disjuncts(node: exp.Expr) -> list[exp.Expr]:
    node = node.unnest()
    return [*_disjuncts(node.left), *_disjuncts(node.right)] if isinstance(node, exp.Or) else [node]


def _compare(node: Any, expressions: Expressions) -> Any:
    op, left, right = _COMPARISONS[type(node)], node.left, node.right
    if op in ("eq", "ne") and isinstance(left, exp.Lower | exp.Upper):
        same = _without_case(left, right, expressions)
        return Not(arg=same) if op == "ne" else same
    left, right = expressions.read(left), expressions.read(right)
    if (isinstance(left, Value) and not isinstance(right, Value)) or (isinstance(left, Query) and not isinstance(right, Query)):
        op, left, right = MIRRORED[op], right, left
    if isinstance(right, Query) and not has_one_row(right, expressions.tables.schema):
        return _among(op, left, right, expressions.tables.schema)
    return Compare(op=op, left=left, right=right)


def _among(op: Any, left: Any, query: Query, schema: Schema) -> Any:
    """Compared with a query of which only the data know that it has one row: what is the same if it has one, and is certain if it has
    several."""
    if op in ("eq", "ne"):
        among = InQuery(of=left, query=as_set(query, schema))
        return among if op == "eq" else Not(arg=among)
    fn = "max" if op in ("gt", "ge") else "min"
    if isinstance(query, Select) and isinstance(query.outputs[0], Col) and not (is_grouped(query) or query.limit):
        extreme = query.model_copy(update={"outputs": (Aggregate(fn=fn, of=query.outputs[0]),), "sort": (), "distinct": False})
    else:
        extreme = Select(outputs=(Aggregate(fn=fn, of=Inner(output=0)),), source=query)
    return Compare(op=op, left=left, right=extreme)


def _without_case(left: exp.Expr, right: exp.Expr, expressions: Expressions) -> Like:
    """LOWER(x) = 'abc' is a match without regard to case."""
    text = literal(right)
    folded = isinstance(text, str) and text == (text.lower() if isinstance(left, exp.Lower) else text.upper())
    if not folded or any(c in str(text) for c in "%_\\"):
        message = f"{quoted(left)} compared with {quoted(right)} has no spec; compared with a text in the same case it has"
        raise ImportSqlError("function", message, node=left)
    return Like(how="pattern", of=expressions.read(left.this), text=Value(value=text))


def _in(node: exp.In, expressions: Expressions) -> Any:
    of = expressions.read(node.this)
    query: Any = node.args.get("query")
    while isinstance(query, exp.Subquery):
        query = query.this
    if query:
        return InQuery(of=of, query=as_set(expressions.nested(query), expressions.tables.schema))
    values = tuple(Value(value=literal(v)) for v in node.expressions)
    if len(values) > _MOST_VALUES:
        message = f"a list of {len(values)} values; at most {_MOST_VALUES}: part it, a IN (...) OR a IN (...)"
        raise ImportSqlError("long_list", message, node=node.expressions[_MOST_VALUES])
    return Compare(op="eq", left=of, right=values[0]) if len(values) == 1 else In(of=of, values=values)


def _like(node: exp.Expr, expressions: Expressions) -> Like:
    pattern, of = literal(node.expression), node.this
    if not isinstance(pattern, str):
        raise ImportSqlError("predicate", f"a pattern that is no text: {quoted(node)}", node=node)
    if isinstance(of, exp.Lower | exp.Upper):
        of = of.this  # Like has no regard to case
    how, text = match_of(pattern)
    return Like(how=how, of=expressions.read_below(of, IN_LIKE), text=Value(value=text))
