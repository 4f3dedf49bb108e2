"""SQL -> the clauses that exact set match compares.

Read is what Spider's SQL has: SELECT of columns, aggregates and one arithmetic operator, inner joins, flat conditions, nested queries, set
operations. Other SQL (functions, windows, CASE, names of outputs) cannot match any gold and is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn, cast

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from microgt.errors import DataError
from microgt.evaluation.exact.clauses import ALL, Clauses, Condition, Conditions, SetOp, Shown, Term, Unit
from microgt.schema.types import Schema

_AGGREGATES: dict[Any, str] = {exp.Count: "count", exp.Max: "max", exp.Min: "min", exp.Sum: "sum", exp.Avg: "avg"}
_ARITHMETIC: dict[Any, str] = {exp.Sub: "-", exp.Add: "+", exp.Mul: "*", exp.Div: "/"}
_OPS: dict[Any, str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.GT: ">",
    exp.LT: "<",
    exp.GTE: ">=",
    exp.LTE: "<=",
    exp.Like: "like",
    exp.ILike: "like",
    exp.Is: "is",
}
_NEGATED = (exp.In, exp.Like, exp.ILike, exp.Between, exp.Is)  # with NOT; of a comparison Spider has the opposite


class Unreadable(DataError):
    """SQL that exact set match has no clauses for."""


def read_clauses(sql: str | exp.Expr, schema: Schema, dialect: str = "sqlite") -> Clauses:
    """The clauses of one query. Raises `Unreadable`."""
    try:
        tree = parse_one(sql, read=dialect) if isinstance(sql, str) else sql
        return _Reader(schema).query(tree)
    except (SqlglotError, RecursionError) as error:
        raise Unreadable(f"it cannot be parsed: {error}") from None


def _refuse(node: exp.Expr) -> NoReturn:
    raise Unreadable(f"exact set match has no clause for {node.sql()!r}")


class _Reader:
    """Reads queries over one schema."""

    def __init__(self, schema: Schema):
        self.columns = {table.name.lower(): {column.name.lower() for column in table.columns} for table in schema.tables}

    def query(self, node: exp.Expr | None) -> Clauses:
        """A SELECT, or a set operation as its first SELECT with the rest beside it."""
        node = node.unnest() if isinstance(node, exp.Subquery) else node
        if isinstance(node, exp.SetOperation):
            return self._beside(node)
        if not isinstance(node, exp.Select) or node.args.get("with_") or node.args.get("offset"):
            _refuse(node or exp.Null())
        return _Block(self, node).read()

    def _beside(self, node: exp.SetOperation) -> Clauses:
        """Operations in a row stand to the right of each other, as they are written."""
        sides, ops = [], []
        at: exp.Expr = node
        while isinstance(at, exp.SetOperation):
            if not at.args.get("distinct"):
                _refuse(at)
            ops.append(cast(SetOp, type(at).__name__.lower()))
            sides.append(at.expression)
            at = at.left
        found = self.query(sides[0])
        order = [] if node.args.get("order") is None else node.args["order"].expressions
        if order or node.args.get("limit"):
            last = _Block(self, _first(sides[0]))
            found = replace(found, order=last.order(order), direction=_direction(order), limited=_limited(node))
        for side, op in zip([*sides[1:], at], ops, strict=True):
            found = replace(self.query(side), beside=(op, found))
        return found


def _first(node: exp.Expr) -> exp.Select:
    while not isinstance(node, exp.Select):
        node = node.left if isinstance(node, exp.SetOperation) else node.this
    return node


class _Block:
    """Reads one SELECT."""

    def __init__(self, reader: _Reader, node: exp.Select):
        self.reader, self.node = reader, node
        self.names: dict[str, str] = {}  # what a table is called -> the table
        self.tables = tuple(self._from())

    def read(self) -> Clauses:
        """All clauses."""
        parts = self.node.args
        if parts.get("having") and not parts.get("group"):
            _refuse(parts["having"])
        group, order = parts.get("group"), parts.get("order")
        orderings = order.expressions if order else []
        return Clauses(
            shown=tuple(self._shown(node) for node in self.node.expressions),
            distinct=bool(parts.get("distinct")),
            tables=self.tables,
            joined=self._all([on for join in parts.get("joins") or () if (on := join.args.get("on")) and not isinstance(on, exp.Boolean)]),
            where=self._all([parts["where"].this] if parts.get("where") else []),
            group=tuple(self._unit(node) for node in (group.expressions if group else ())),
            having=self._all([parts["having"].this] if parts.get("having") else []),
            order=self.order(orderings),
            direction=_direction(orderings),
            limited=_limited(self.node),
        )

    def order(self, orderings: list[exp.Ordered]) -> tuple[Term, ...]:
        """The terms of ORDER BY."""
        return tuple(self._term(ordered.this) for ordered in orderings)

    def _from(self) -> Iterator[str | Clauses]:
        origin = self.node.args.get("from_")
        for node in [*([origin.this] if origin else []), *(join.this for join in self.node.args.get("joins") or ())]:
            if isinstance(node, exp.Subquery):
                yield self.reader.query(node.this)
                continue
            if not isinstance(node, exp.Table) or node.name.lower() not in self.reader.columns:
                _refuse(node)
            self.names[node.alias_or_name.lower()] = node.name.lower()
            yield node.name.lower()

    # -------------------------------------------------------------- what is shown or sorted by

    def _shown(self, node: exp.Expr) -> Shown:
        node = _plain(node)
        if type(node) not in _AGGREGATES:
            return Shown(self._term(node))
        inner, distinct = _argument(node)
        term = self._term(inner)
        return Shown(Term(Unit(term.left.column, "", distinct)) if distinct else term, _AGGREGATES[type(node)])

    def _term(self, node: exp.Expr) -> Term:
        node = _plain(node)
        if type(node) in _ARITHMETIC:
            return Term(self._unit(node.this), _ARITHMETIC[type(node)], self._unit(node.expression))
        return Term(self._unit(node))

    def _unit(self, node: exp.Expr) -> Unit:
        node = _plain(node)
        if type(node) in _AGGREGATES:
            inner, distinct = _argument(node)
            return Unit(self._column(inner), _AGGREGATES[type(node)], distinct)
        return Unit(self._column(node))

    def _column(self, node: exp.Expr) -> str:
        node = _plain(node)
        if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
            return ALL
        if not isinstance(node, exp.Column):
            _refuse(node)
        name = node.name.lower()
        candidates = [self.names.get(node.table.lower())] if node.table else list(self.names.values())
        table = next((t for t in candidates if t and name in self.reader.columns[t]), None)
        return f"{table}.{name}" if table else _refuse(node)

    # -------------------------------------------------------------- conditions

    def _all(self, nodes: list[exp.Expr]) -> Conditions:
        items: list[Condition] = []
        connectors: list[str] = []
        for node in nodes:
            if items:
                connectors.append("and")
            self._flatten(node, items, connectors)
        return Conditions(tuple(items), tuple(connectors))

    def _flatten(self, node: exp.Expr, items: list[Condition], connectors: list[str]) -> None:
        node = node.unnest()
        if isinstance(node, exp.And | exp.Or):
            self._flatten(node.left, items, connectors)
            connectors.append(type(node).__name__.lower())
            self._flatten(node.right, items, connectors)
        else:
            items.append(self._condition(node))

    def _condition(self, node: exp.Expr, negated: bool = False) -> Condition:
        node = node.unnest()
        if isinstance(node, exp.Not):
            inner = node.this.unnest()
            return self._condition(inner, True) if isinstance(inner, _NEGATED) else _refuse(node)
        negated = negated or bool(node.args.get("negate"))
        if isinstance(node, exp.Between):
            nested = self._value(node.args["low"]), self._value(node.args["high"])
            return Condition(self._term(node.this), "between", negated, nested)
        if isinstance(node, exp.In):
            query = node.args.get("query")
            return Condition(self._term(node.this), "in", negated, (self._value(query) if query else None, None))
        if type(node) not in _OPS:
            _refuse(node)
        return Condition(self._term(node.this), _OPS[type(node)], negated, (self._value(node.expression), None))

    def _value(self, node: exp.Expr) -> Clauses | None:
        node = node.unnest()
        return self.reader.query(node) if isinstance(node, exp.Query) else None


def _plain(node: exp.Expr) -> exp.Expr:
    """Without brackets, AS, and the ANY_VALUE that DuckDB wants around a column beside aggregates."""
    while isinstance(node, exp.Paren | exp.Alias | exp.AnyValue | exp.IgnoreNulls):
        node = node.this
    return node


def _argument(node: exp.Expr) -> tuple[exp.Expr, bool]:
    """What is aggregated, and whether its different values are."""
    inner = node.this
    if isinstance(inner, exp.Distinct):
        return (inner.expressions[0], True) if len(inner.expressions) == 1 else _refuse(node)
    return inner, False


def _direction(orderings: list[exp.Ordered]) -> str:
    """The last that is named."""
    named = [ordered.args["desc"] for ordered in orderings if ordered.args.get("desc") is not None]
    return "desc" if named and named[-1] else "asc"


def _limited(node: exp.Query) -> bool:
    """Its number is a value like any other."""
    limit = node.args.get("limit")
    if limit is None:
        return False
    rows = limit.expression if isinstance(limit, exp.Limit) else None
    return True if isinstance(rows, exp.Literal) and rows.is_int else _refuse(limit)
