"""Changes of what is counted: values, periods, numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from microgt.errors import CannotRefine
from microgt.refine.change import FILTERS
from microgt.refine.periods import Span
from microgt.refine.selects import dates_of, measures, nearest, select_of, with_select
from microgt.schema.types import ColumnType, Schema
from microgt.spec.conditions import conjuncts, joined
from microgt.spec.types import Aggregate, And, Answer, Between, Col, Compare, In, InPeriod, Node, Not, Select, Value
from microgt.spec.walk import children, within

Scalars = tuple[Any, ...]


@dataclass(frozen=True)
class OfColumn:
    """Values that a question names, by the columns that hold them."""

    held: tuple[tuple[str, Scalars], ...]

    def chosen(self, select: Select) -> list[tuple[str, Scalars]]:
        """The columns that can be meant."""
        near = nearest([column for column, _ in self.held], select)
        return [(column, values) for column, values in self.held if column in near]


@dataclass(frozen=True)
class Only:
    """`only Berlin`: in place of what was asked of that column before."""

    values: OfColumn
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        return [_where(answer, _without(select, _equals(c)), _one_of(c, values)) for c, values in self.values.chosen(select)]


@dataclass(frozen=True)
class Also:
    """`add Berlin`: beside the values that the column may have already."""

    values: OfColumn
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        return [self._added(answer, select, column, values) for column, values in self.values.chosen(select)]

    def _added(self, answer: Answer, select: Select, column: str, values: Scalars) -> Answer:
        known = [v for node in conjuncts(select.where) if _equals(column)(node) for v in _allowed(node)]
        barred = {v for node in conjuncts(select.where) if _equals(column)(node) for v in _barred(node)}
        if not known and not barred:
            raise CannotRefine(f"all of {column} are in the answer already")
        kept = _without(select, _equals(column))
        left = tuple(v for v in barred if v not in values)
        if known:
            return _where(answer, kept, _one_of(column, (*known, *(v for v in values if v not in known))))
        return _where(answer, kept, *([_none_of(column, left)] if left else []))


@dataclass(frozen=True)
class Without:
    """`without refunds`."""

    values: OfColumn
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        return [self._less(answer, select, column, values) for column, values in self.values.chosen(select)]

    def _less(self, answer: Answer, select: Select, column: str, values: Scalars) -> Answer:
        known = [v for node in conjuncts(select.where) if _equals(column)(node) for v in _allowed(node)]
        left = tuple(v for v in known if v not in values)
        if known and not left:
            raise CannotRefine(f"without that nothing of {column} would be left")
        if left:
            return _where(answer, _without(select, _equals(column)), _one_of(column, left))
        barred = [v for node in conjuncts(select.where) if _equals(column)(node) for v in _barred(node)]
        both = tuple(dict.fromkeys([*barred, *values]))
        return _where(answer, _without(select, _equals(column)), _none_of(column, both))


@dataclass(frozen=True)
class During:
    """`last year`, `2023`, `since March`: in place of the period before. columns: of dates, when they are named."""

    span: Span
    columns: tuple[str, ...] = ()
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        named = [c for c in self.columns if schema.column(c).type is ColumnType.TIME]
        if self.columns and not named:
            raise CannotRefine(f"{self.columns[0]} is no date")
        dates = nearest(named, select) if named else dates_of(select, schema)
        return [_where(answer, _without(select, _bounds(c)), self.span.of(Col(column=c))) for c in dates]


@dataclass(frozen=True)
class Than:
    """`above 100`, `amount below 5`: of rows, or of the groups' measure."""

    op: Any
    number: int | float
    columns: tuple[str, ...] = ()
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        numeric = [c for c in self.columns if schema.column(c).type is ColumnType.NUMBER]
        if self.columns and not numeric:
            raise CannotRefine(f"{self.columns[0]} is no number")
        columns = nearest(numeric, select) if numeric else [] if measures(select) else _shown_numbers(select, schema)
        rows = [_where(answer, _without(select, _compared(c)), self._of(Col(column=c))) for c in columns]
        groups = [self._of_groups(answer, select, m) for m in self._measures(select, columns)]
        if not rows and not groups:
            raise CannotRefine("there is no number to compare: name its column")
        return [*rows, *groups]

    def _of(self, left: Node) -> Compare:
        return Compare.model_validate({"op": self.op, "left": left, "right": Value(value=self.number)})

    def _measures(self, select: Select, columns: list[str]) -> list[Node]:
        """All of them, or those of the column that is named. A single number has no groups."""
        shown = [select.outputs[m] for m in measures(select)]
        if len(shown) == len(select.outputs):
            return []
        if not columns:
            return shown
        return [m for m in shown if isinstance(m, Aggregate) and isinstance(m.of, Col) and m.of.column in columns]

    def _of_groups(self, answer: Answer, select: Select, measure: Node) -> Answer:
        kept = [node for node in conjuncts(select.having) if not (isinstance(node, Compare) and node.left == measure)]
        return with_select(answer, having=joined(And, [*kept, self._of(measure)]))


@dataclass(frozen=True)
class NoFilter:
    """`drop the filter`, `all regions`, `without the period`. columns: of which; none: all. periods: only those of dates."""

    columns: tuple[str, ...] = ()
    periods: bool = False
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        given = conjuncts(select.where)
        kept = [node for node in given if not self._goes(node, schema)]
        groups = select.having if self.columns or self.periods else None
        if len(kept) == len(given) and groups == select.having:
            raise CannotRefine("there is no such filter in the answer")
        return [with_select(_where(answer, kept), having=groups)]

    def _goes(self, node: Node, schema: Schema) -> bool:
        columns = _columns_of(node)
        if self.columns:
            return bool(columns & set(self.columns))
        return not self.periods or any(schema.column(c).type is ColumnType.TIME for c in columns)


# ------------------------------------------------------------------ conditions


def _where(answer: Answer, kept: list[Node], *new: Node) -> Answer:
    parts = [*kept, *new]
    return with_select(answer, where=joined(And, parts) if parts else None)


def _without(select: Select, goes: Callable[[Node], bool]) -> list[Node]:
    return [node for node in conjuncts(select.where) if not goes(node)]


def _one_of(column: str, values: Scalars) -> Node:
    col, literals = Col(column=column), tuple(Value(value=v) for v in values)
    if len(literals) > 6:
        raise CannotRefine("more than six values at once cannot be asked for")
    return Compare(op="eq", left=col, right=literals[0]) if len(literals) == 1 else In(of=col, values=literals)


def _none_of(column: str, values: Scalars) -> Node:
    found = _one_of(column, values)
    return found.model_copy(update={"op": "ne"}) if isinstance(found, Compare) else Not.model_validate({"arg": found})


def _allowed(node: Node) -> list[Any]:
    match node:
        case Compare(op="eq", right=Value(value=value)):
            return [value]
        case In():
            return [v.value for v in node.values]
    return []


def _barred(node: Node) -> list[Any]:
    match node:
        case Compare(op="ne", right=Value(value=value)):
            return [value]
        case Not(arg=In()):
            return [v.value for v in node.arg.values]
    return []


def _equals(column: str) -> Callable[[Node], bool]:
    return lambda node: _is_of(node, column) and bool(_allowed(node) or _barred(node))


def _bounds(column: str) -> Callable[[Node], bool]:
    return lambda node: isinstance(node, InPeriod | Compare | Between) and _is_of(node, column)


def _compared(column: str) -> Callable[[Node], bool]:
    return lambda node: isinstance(node, Compare | Between) and _is_of(node, column)


def _is_of(node: Node, column: str) -> bool:
    """Is the condition one of that column, and not of what is computed from it?"""
    inner = node.arg if isinstance(node, Not) else node
    first = next((child for _, child in children(inner)), None)
    return isinstance(first, Col) and first.column == column


def _columns_of(node: Node) -> set[str]:
    return {n.column for n in within(node) if isinstance(n, Col)}


def _shown_numbers(select: Select, schema: Schema) -> list[str]:
    shown = [output.column for output in select.outputs if isinstance(output, Col)]
    return [c for c in shown if schema.column(c).type is ColumnType.NUMBER]
