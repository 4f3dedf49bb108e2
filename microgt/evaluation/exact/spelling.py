"""A spec as Spider's authors write SQL, for exact set match, which compares spellings.

The compiler's SQL gives the same rows whatever the data hold: it keeps orphans, groups before it joins, breaks ties, groups by all that is
shown. Here joins are inner ones in one FROM, aliases T1, T2, ..., and GROUP BY names one key where the others follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, NoReturn

from sqlglot import exp

from microgt.errors import SpecError
from microgt.evaluation.exact.reading import Unreadable
from microgt.schema.types import ColumnType, Schema
from microgt.spec.conditions import OPPOSITE
from microgt.spec.joins import Instance, JoinTree, Step, instance_of, join_tree
from microgt.spec.types import (
    Aggregate,
    And,
    Answer,
    Arithmetic,
    Between,
    Col,
    Compare,
    Edit,
    In,
    InQuery,
    IsNull,
    Like,
    Limit,
    Node,
    Not,
    Or,
    Ratio,
    Ref,
    Rows,
    Select,
    SetOperation,
    Sort,
    Spec,
    Value,
)
from microgt.spec.walk import Query, group_keys, has_measure, is_grouped, within

_AGGREGATES: dict[str, type[exp.Expr]] = {"count": exp.Count, "sum": exp.Sum, "avg": exp.Avg, "min": exp.Min, "max": exp.Max}
_ARITHMETIC: dict[str, type[exp.Expr]] = {"add": exp.Add, "sub": exp.Sub, "mul": exp.Mul, "div": exp.Div}
_COMPARISONS: dict[str, type[exp.Expr]] = {
    "eq": exp.EQ,
    "ne": exp.NEQ,
    "gt": exp.GT,
    "ge": exp.GTE,
    "lt": exp.LT,
    "le": exp.LTE,
}
_SETS: dict[str, type[exp.SetOperation]] = {"union": exp.Union, "union_all": exp.Union, "intersect": exp.Intersect, "except": exp.Except}
_MANY = 4  # columns of a table that are shown by an asterisk
_PATTERNS = {"contains": "%{}%", "starts": "{}%", "ends": "%{}", "pattern": "{}"}


def spider_sql(spec: Spec, schema: Schema) -> exp.Query:
    """The query of a spec. Raises `Unreadable` for what Spider's SQL does not have."""
    spec = spec.answer if isinstance(spec, Edit) else spec
    if not isinstance(spec, Answer):
        raise Unreadable("it is no query")
    try:
        return _query(spec.query, schema)
    except SpecError as error:
        raise Unreadable(str(error)) from None


def _query(query: Query, schema: Schema) -> exp.Query:
    if isinstance(query, Select):
        return _Block(query, schema).write()
    left, right = _query(query.left, schema), _query(query.right, schema)
    found = _SETS[query.op](this=left, expression=right, distinct=query.op != "union_all")
    block = _Block(_first(query), schema)
    return _ordered(found, block.order(query.sort), query.limit)


def _first(query: Query) -> Select:
    while isinstance(query, SetOperation):
        query = query.left
    return query


def _ordered(found: exp.Query, order: list[exp.Expr], limit: Limit | None) -> Any:
    if order:
        found.set("order", exp.Order(expressions=order))
    if limit is not None:
        if limit.per or limit.other or limit.ties != "break":
            raise Unreadable("it has no such limit")
        found.set("limit", exp.Limit(expression=_literal(limit.n)))
    return found


def _literal(value: Value) -> exp.Expr:
    return exp.convert(value.value)


def _both(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.And(this=left, expression=right)


def _either(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Or(this=left, expression=right)


def _refuse(node: Node) -> NoReturn:
    raise Unreadable(f"Spider's SQL has no {node.kind}")  # type: ignore[attr-defined]


@dataclass
class _Block:
    """Writes one SELECT."""

    select: Select
    schema: Schema

    def __post_init__(self) -> None:
        self.tree = JoinTree((), ()) if self.select.source else join_tree(self.select, self.schema)
        shows_columns = any(isinstance(n, Col) for output in self.select.outputs for n in within(output))
        first = self.tree.instances[:1] if shows_columns or not self.tree.instances else (self.tree.coarsest,)
        self.steps = self.tree.steps(first[0]) if first else []
        self.instances: list[Instance] = [*first, *(step.child for step in self.steps)]

    def write(self) -> exp.Select:
        """The whole block."""
        select = self.select
        shown = [exp.Star()] if self._shows_all() else [self.expression(o) for o in select.outputs]
        found = exp.Select(expressions=shown)
        if select.distinct:
            found.set("distinct", exp.Distinct())
        self._from(found)
        if select.where is not None:
            found.set("where", exp.Where(this=self.condition(select.where)))
        if keys := self._keys():
            found.set("group", exp.Group(expressions=[self.expression(key) for key in keys]))
        if select.having is not None:
            found.set("having", exp.Having(this=self.condition(select.having)))
        return _ordered(found, self.order(select.sort), select.limit)

    def _shows_all(self) -> bool:
        """Every column of every table: an asterisk. Few columns are rather named one by one."""
        columns = [Col(column=c.id, via=i.via) for i in self.instances for c in self.schema.table(i.table).columns]
        return len(columns) >= _MANY and set(self.select.outputs) == set(columns)

    # -------------------------------------------------------------- tables and keys

    def _from(self, found: exp.Select) -> None:
        if self.select.source:
            found.set("from_", exp.From(this=exp.Subquery(this=_query(self.select.source, self.schema))))
            return
        if not self.instances:
            raise Unreadable("it reads no table")
        found.set("from_", exp.From(this=self._table(self.instances[0])))
        found.set("joins", [exp.Join(this=self._table(step.child), on=self._on(step)) for step in self.steps])

    def _on(self, step: Step) -> exp.Expr:
        """The earlier table's columns come first."""
        ends = [(step.edge.many, many, step.edge.one, one) for many, one in step.edge.on]
        if step.child == step.edge.many:
            ends = [(b, y, a, x) for a, x, b, y in ends]
        equal: list[exp.Expr] = [exp.EQ(this=self._column(a, x), expression=self._column(b, y)) for a, x, b, y in ends]
        return reduce(_both, equal)

    def _column(self, instance: Instance, column: str) -> exp.Column:
        return exp.column(self.schema.column(column).name, self._alias(instance) or None)

    def _alias(self, instance: Instance) -> str:
        return f"T{self.instances.index(instance) + 1}" if len(self.instances) > 1 else ""

    def _table(self, instance: Instance) -> exp.Expr:
        table, alias = exp.Table(this=exp.to_identifier(instance.table)), self._alias(instance)
        return exp.alias_(table, alias, table=True) if alias else table

    def _keys(self) -> Sequence[Node]:
        """What GROUP BY names."""
        select = self.select
        if not is_grouped(select):
            return ()
        if select.by:
            return select.by
        shown = [o for o in select.outputs if not has_measure(o) and not isinstance(o, Value)]
        joined = {column for edge in self.tree.edges for pair in edge.on for column in pair}
        keys = [o for o in shown if isinstance(o, Col) and (o.column in joined or self.schema.column(o.column).primary)]
        return keys[:1] or list(dict.fromkeys(shown))

    # -------------------------------------------------------------- expressions

    def order(self, keys: Sequence[Sort]) -> list[exp.Expr]:
        """The terms of ORDER BY."""
        return [exp.Ordered(this=self.expression(k.by), desc=k.direction == "desc" or None, nulls_first=k.direction == "asc") for k in keys]

    def expression(self, node: Node) -> exp.Expr:
        """A column, a value, what is computed from them, or a query of one value."""
        match node:
            case Col():
                return self._column(instance_of(node, self.schema), node.column)
            case Value():
                return _literal(node)
            case Ref():
                return self.expression(self.select.outputs[node.output])
            case Arithmetic():
                return _ARITHMETIC[node.op](this=self.expression(node.left), expression=self.expression(node.right))
            case Ratio():
                return exp.Div(this=self.expression(node.numerator), expression=self.expression(node.denominator))
            case Aggregate():
                return self._aggregate(node)
            case Select() | SetOperation():
                return exp.Subquery(this=_query(node, self.schema))
        _refuse(node)

    def _aggregate(self, node: Aggregate) -> exp.Expr:
        if self._is_bare(node):
            return self.expression(node.of)
        if node.where is not None:
            raise Unreadable("it has no FILTER")
        if node.fn == "count_distinct":
            return exp.Count(this=exp.Distinct(expressions=[self.expression(node.of)]))
        if node.fn not in _AGGREGATES:
            raise Unreadable(f"it has no {node.fn}")
        every = isinstance(node.of, Rows | Value)
        return _AGGREGATES[node.fn](this=exp.Star() if every else self.expression(node.of))

    def _is_bare(self, node: Aggregate) -> bool:
        """The smallest text or key beside other outputs stands for the column of any row of a group: SQLite shows that, and the importer
        reads it so. Beside other aggregates than counts it is an aggregate like them."""
        if node.fn != "min" or not isinstance(node.of, Col) or (len(self.select.outputs) == 1 and not group_keys(self.select)):
            return False
        others = {n.fn for output in self.select.outputs for n in within(output) if isinstance(n, Aggregate) and n != node}
        if others - {"count", "count_distinct"}:
            return False
        column = self.schema.column(node.of.column)
        keys = {end for key in self.schema.keys for end in (key.column, key.target)}
        return column.type is ColumnType.TEXT or column.primary or column.id in keys

    # -------------------------------------------------------------- conditions

    def condition(self, node: Node, negated: bool = False) -> exp.Expr:
        """A predicate with NOT at its single conditions."""
        match node:
            case Not():
                return self.condition(node.arg, not negated)
            case And() | Or():
                join = _both if isinstance(node, And) != negated else _either
                parts = [self.condition(arg, negated) for arg in node.args]
                return reduce(join, parts)
            case Compare():
                return self._compare(node, negated)
            case In():
                parts = [self._compare(Compare(op="eq", left=node.of, right=value), negated) for value in node.values]
                return reduce(_both if negated else _either, parts)
        found = self._single(node)
        return exp.Not(this=found) if negated else found

    def _compare(self, node: Compare, negated: bool) -> exp.Expr:
        op = node.op
        if negated:
            op = {**OPPOSITE, "eq": "ne", "ne": "eq"}[op]
        return _COMPARISONS[op](this=self.expression(node.left), expression=self.expression(node.right))

    def _single(self, node: Node) -> exp.Expr:
        match node:
            case Between():
                return exp.Between(this=self.expression(node.of), low=self.expression(node.low), high=self.expression(node.high))
            case InQuery():
                return exp.In(this=self.expression(node.of), query=exp.Subquery(this=_query(node.query, self.schema)))
            case Like():
                return exp.Like(this=self.expression(node.of), expression=exp.Literal.string(_PATTERNS[node.how].format(node.text.value)))
            case IsNull():
                return exp.Is(this=self.expression(node.of), expression=exp.Null())
        _refuse(node)
