"""Predicates to SQL."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.compiler.casts import Pair, align, as_text, fit, iso
from microgt.spec.compiler.expressions import expression, kind
from microgt.spec.compiler.origins import column_of, grain_of
from microgt.spec.compiler.periods import in_period, named_bounds
from microgt.spec.compiler.scope import Scope, literal, moment, name
from microgt.spec.conditions import MIRRORED
from microgt.spec.named import parse_period
from microgt.spec.types import And, Between, Compare, In, InPeriod, InQuery, IsNull, Like, Node, Not, Or, Ref, TimeBucket, Value
from microgt.spec.walk import holds_measure

_COMPARISONS = {"eq": exp.EQ, "ne": exp.NullSafeNEQ, "gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE}


def predicate(node: Node, scope: Scope) -> exp.Expr:
    """The SQL of a predicate. Raises `CompileError`."""
    match node:
        case And():
            return exp.and_(*(predicate(a, scope) for a in node.args))
        case Or():
            return exp.or_(*(predicate(a, scope) for a in node.args))
        case Not():
            return _negated(node.arg, scope)
        case Compare():
            return _compare(node, scope)
        case Between():
            return _between(node, scope)
        case In():
            return _in(node, scope)
        case InQuery():
            pair = _with_query(node, scope)
            return exp.In(this=pair.left, query=exp.Subquery(this=_renamed(node, scope, pair.right)))
        case Like():
            return _like(node, scope)
        case IsNull():
            return exp.Is(this=expression(node.of, scope), expression=exp.Null())
        case InPeriod():
            return in_period(node, scope)
    raise TypeError(f"no SQL for {type(node).__name__}")


def _negated(node: Node, scope: Scope) -> exp.Expr:
    """NOT goes down to the single conditions, so that a query with NULLs empties nothing wherever it stands."""
    match node:
        case And():
            return exp.or_(*(_negated(a, scope) for a in node.args))
        case Or():
            return exp.and_(*(_negated(a, scope) for a in node.args))
        case Not():
            return predicate(node.arg, scope)
        case InQuery():
            return _not_in_query(node, scope)
    return exp.not_(predicate(node, scope))


# ------------------------------------------------------------------ comparisons


def _compare(node: Compare, scope: Scope) -> exp.Expr:
    op, left, right = node.op, _said(node.left, scope), _said(node.right, scope)
    if isinstance(left, Value) and not isinstance(right, Value):
        op, left, right = MIRRORED[op], right, left
    if isinstance(right, Value) and not isinstance(left, Value):
        return _compare_value(op, left, right, scope)
    pair = _pair(left, right, scope)
    return _COMPARISONS[op](this=pair.left, expression=pair.right)


def _said(node: Node, scope: Scope) -> Node:
    """What an operand stands for: a constant is one also when it is named as an output."""
    return scope.outputs[node.output] if isinstance(node, Ref) else node


def _pair(left: Node, right: Node, scope: Scope) -> Pair:
    return align(expression(left, scope), kind(left, scope), expression(right, scope), kind(right, scope))


def _compare_value(op: str, left: Node, value: Value, scope: Scope) -> exp.Expr:
    of, of_kind = expression(left, scope), kind(left, scope)
    if of_kind is ColumnType.TIME and isinstance(value.value, str) and (not iso(value.value) or _has_hours(left, scope)):
        named = parse_period(value.value)
        if bounds := named_bounds(named) if named else None:
            return _compare_period(op, of, bounds.start, bounds.end)
    pair = fit(of, of_kind, value.value, ordered=op not in ("eq", "ne"))
    return _COMPARISONS[op](this=pair.left, expression=pair.right)


def _has_hours(node: Node, scope: Scope) -> bool:
    """Can these dates have a time of day? Then a day is a period among them, and else one of them."""
    source = scope.source and scope.source.query
    grain = node.grain if isinstance(node, TimeBucket) else grain_of(node, source)
    column = column_of(node, source)
    return grain == "hour" if grain else column is None or column.column not in scope.context.schema.days


def _compare_period(op: str, of: exp.Expr, start, end) -> exp.Expr:
    """A date against a whole period: in it, outside it, from its start or its end on."""
    first, after = moment(start), moment(end)
    if op in ("eq", "ne"):
        if op == "eq":
            return exp.and_(exp.GTE(this=of, expression=first), exp.LT(this=of.copy(), expression=after))
        unknown = exp.Is(this=of.copy(), expression=exp.Null())
        return exp.or_(exp.LT(this=of.copy(), expression=first), exp.GTE(this=of.copy(), expression=after), unknown)
    if op in ("gt", "le"):
        return (exp.GTE if op == "gt" else exp.LT)(this=of, expression=after)
    return (exp.GTE if op == "ge" else exp.LT)(this=of, expression=first)


def _between(node: Between, scope: Scope) -> exp.Expr:
    first = _compare(Compare(op="ge", left=node.of, right=node.low), scope)
    last = _compare(Compare(op="le", left=node.of, right=node.high), scope)
    if isinstance(first, exp.GTE) and isinstance(last, exp.LTE) and first.this == last.this:
        return exp.Between(this=first.this, low=first.expression, high=last.expression)
    return exp.and_(first, last)


def _in(node: In, scope: Scope) -> exp.Expr:
    tests = [_compare(Compare(op="eq", left=node.of, right=v), scope) for v in node.values]
    if all(isinstance(t, exp.EQ) and t.this == tests[0].this for t in tests):
        return exp.In(this=tests[0].this, expressions=[t.expression for t in tests])
    return exp.or_(*tests)


# ------------------------------------------------------------------ queries


def _with_query(node: InQuery, scope: Scope) -> Pair:
    """The operand and the query's column `q.value`, cast so that they compare."""
    column = exp.Column(this=name("value"), table=name("q"))
    return align(expression(node.of, scope), kind(node.of, scope), column, kind(node.query, scope))


def _renamed(node: InQuery, scope: Scope, shown: exp.Expr, *where: exp.Expr) -> exp.Query:
    """SELECT shown FROM (query) AS q(value), or the query itself when nothing is to be changed."""
    query = scope.context.query(node.query)
    if not where and isinstance(shown, exp.Column):
        return query
    return exp.select(shown).from_(_as_q(query)).where(*where)


def _as_q(query: exp.Query) -> exp.Subquery:
    return exp.Subquery(this=query, alias=exp.TableAlias(this=name("q"), columns=[name("value")]))


def _not_in_query(node: InQuery, scope: Scope) -> exp.Expr:
    """An anti-join: NULLs on either side match nothing."""
    pair = _with_query(node, scope)
    if holds_measure(node.of, scope.outputs):  # an aggregate inside the inner query would aggregate there
        given = exp.Is(this=exp.Column(this=name("value"), table=name("q")), expression=exp.Null()).not_()
        inside = exp.In(this=pair.left, query=exp.Subquery(this=_renamed(node, scope, pair.right, given)))
        return exp.or_(exp.Is(this=pair.left.copy(), expression=exp.Null()), inside.not_())
    query = scope.context.query(node.query)
    if _is_plain(query, scope) and isinstance(pair.right, exp.Column):
        found, value = query, query.expressions[0].unalias()
        found.set("expressions", [literal(1)])
    else:
        found, value = exp.select(literal(1)).from_(_as_q(query)), pair.right
    return exp.not_(exp.Exists(this=found.where(exp.EQ(this=value, expression=pair.left))))


def _is_plain(query: exp.Query, scope: Scope) -> bool:
    """A block whose rows can be tested one by one, and whose tables hide none of the outer query's."""
    if not isinstance(query, exp.Select) or any(
        query.args.get(part) for part in ("with_", "group", "distinct", "limit", "qualify", "order", "having")
    ):
        return False
    outer = {a.lower() for a in scope.aliases.values()}
    return not any(table.alias_or_name.lower() in outer for table in query.find_all(exp.Table)) and not query.find(exp.AggFunc)


# ------------------------------------------------------------------ text


def _like(node: Like, scope: Scope) -> exp.Expr:
    of = as_text(expression(node.of, scope), kind(node.of, scope))
    text = str(node.text.value)
    if node.how == "pattern":
        return exp.ILike(this=of, expression=literal(text))
    plain = "".join("\\" + c if c in "%_\\" else c for c in text)
    pattern = {"contains": f"%{plain}%", "starts": f"{plain}%", "ends": f"%{plain}"}[node.how]
    like = exp.ILike(this=of, expression=literal(pattern))
    return like if plain == text else exp.Escape(this=like, expression=literal("\\"))
