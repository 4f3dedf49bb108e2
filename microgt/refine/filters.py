"""Changes of what is counted: values, periods, numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from microgt.errors import CannotRefine
from microgt.refine.calendars import instead_of_dates, is_calendar, spelled
from microgt.refine.change import FILTERS, LeftToModel
from microgt.refine.conditions import (
    Condition,
    InPlace,
    Scalars,
    allowed,
    barred,
    bounds,
    columns_of,
    equals,
    none_of,
    one_of,
    where,
    without,
)
from microgt.refine.periods import AllOf, When
from microgt.refine.selects import dates_of, measures, nearest, select_of, with_select
from microgt.schema.types import Column, ColumnType, Schema
from microgt.spec.conditions import conjuncts, joined
from microgt.spec.types import Aggregate, And, Answer, Col, Compare, Node, Select, Value


@dataclass(frozen=True)
class OfColumn:
    """Values that a question names, by the columns that hold them."""

    held: tuple[tuple[str, Scalars], ...]

    def chosen(self, select: Select) -> list[tuple[str, Scalars]]:
        """The columns that can be meant."""
        near = nearest([column for column, _ in self.held], select)
        return [(column, values) for column, values in self.held if column in near]


@dataclass(frozen=True)
class Only(Condition):
    """`only Berlin`: in place of what was asked of that column before."""

    values: OfColumn

    def conditions(self, select: Select, schema: Schema) -> list[InPlace]:
        """Of each column that holds the values."""
        return [InPlace("where", equals(c), one_of(c, values)) for c, values in self.values.chosen(select)]


@dataclass(frozen=True)
class Also:
    """`add Berlin`: beside the values that the column may have already."""

    values: OfColumn
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        return [self._added(answer, select, column, values) for column, values in self.values.chosen(select)]

    def _added(self, answer: Answer, select: Select, column: str, values: Scalars) -> Answer:
        known = [v for node in conjuncts(select.where) if equals(column)(node) for v in allowed(node)]
        out = {v for node in conjuncts(select.where) if equals(column)(node) for v in barred(node)}
        if not known and not out:
            raise CannotRefine(f"all of {column} are in the answer already")
        kept = without(select, equals(column))
        left = tuple(v for v in out if v not in values)
        if known:
            return where(answer, kept, one_of(column, (*known, *(v for v in values if v not in known))))
        return where(answer, kept, *([none_of(column, left)] if left else []))


@dataclass(frozen=True)
class Without:
    """`without refunds`."""

    values: OfColumn
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        return [self._less(answer, select, column, values) for column, values in self.values.chosen(select)]

    def _less(self, answer: Answer, select: Select, column: str, values: Scalars) -> Answer:
        known = [v for node in conjuncts(select.where) if equals(column)(node) for v in allowed(node)]
        left = tuple(v for v in known if v not in values)
        if known and not left:
            raise CannotRefine(f"without that nothing of {column} would be left")
        if left:
            return where(answer, without(select, equals(column)), one_of(column, left))
        out = [v for node in conjuncts(select.where) if equals(column)(node) for v in barred(node)]
        both = tuple(dict.fromkeys([*out, *values]))
        return where(answer, without(select, equals(column)), none_of(column, both))


@dataclass(frozen=True)
class During(Condition):
    """`last year`, `2023`, `since March`: in place of the period before. columns: of dates, or of years and months, when they are named."""

    span: When
    columns: tuple[str, ...] = ()

    def conditions(self, select: Select, schema: Schema) -> list[InPlace]:
        """Of each date, or where there is none of the columns that say years and months. Raises `LeftToModel`."""
        if isinstance(self.span, AllOf) and not self.span.has_days:
            raise LeftToModel("no day is in all of these periods for sure")
        named = [schema.column(c) for c in nearest(self.columns, select)]
        dates = [c.id for c in named if c.id in schema.dated]
        parts = [] if dates else self._parts(named, select, schema)
        if parts:
            found = [self._of(node, parts) for node in spelled(self.span.of(Col(column=parts[0].id)), parts, schema)]
        else:
            dates = dates if named else dates_of(select, schema)
            found = [self._of(self.span.of(Col(column=c)), [schema.column(c)]) for c in dates]
        if not found:
            raise LeftToModel(f"{self.columns[0]} is no date" if named else f"{schema.name} has no dates")
        return found

    def and_also(self, later: Condition) -> Self | None:
        if not isinstance(later, During) or later.columns not in ((), self.columns):
            return None
        spans = self.span.spans if isinstance(self.span, AllOf) else (self.span,)
        return replace(self, span=AllOf((*spans, later.span)))

    @staticmethod
    def _parts(named: list[Column], select: Select, schema: Schema) -> list[Column]:
        if named:
            return [c for c in named if is_calendar(c)]
        return [c for c in instead_of_dates(select, schema) if len(c.words) == 1]

    @staticmethod
    def _of(node: Node, columns: list[Column]) -> InPlace:
        asked, about = columns_of(node), bounds(*(c.id for c in columns))
        return InPlace("where", lambda old: about(old) and bool(columns_of(old) & asked), node)


@dataclass(frozen=True)
class Than(Condition):
    """`above 100`, `amount below 5`: of rows, or of the groups' measure. others: further operators and numbers."""

    op: Any
    number: int | float
    columns: tuple[str, ...] = ()
    others: tuple[tuple[Any, int | float], ...] = ()

    def conditions(self, select: Select, schema: Schema) -> list[InPlace]:
        """Of rows, then of groups. Raises `CannotRefine`."""
        if self._holds_nothing:
            raise LeftToModel("no number is on all of these sides")
        numeric = [c for c in self.columns if schema.column(c).type is ColumnType.NUMBER]
        if self.columns and not numeric:
            raise CannotRefine(f"{self.columns[0]} is no number")
        columns = nearest(numeric, select) if numeric else [] if measures(select) else _shown_numbers(select, schema)
        rows = [InPlace("where", bounds(c), self._of(Col(column=c))) for c in columns]
        groups = [InPlace("having", _compares(m), self._of(m)) for m in self._measures(select, columns)]
        if not rows and not groups:
            raise CannotRefine("there is no number to compare: name its column")
        return [*rows, *groups]

    def and_also(self, later: Condition) -> Self | None:
        if not isinstance(later, Than) or later.columns not in ((), self.columns):
            return None
        return replace(self, others=(*self.others, (later.op, later.number), *later.others))

    @property
    def _tests(self) -> tuple[tuple[Any, int | float], ...]:
        return ((self.op, self.number), *self.others)

    @property
    def _holds_nothing(self) -> bool:
        """Is a lower bound above an upper one?"""
        low = max(((n, op == "gt") for op, n in self._tests if op in ("gt", "ge", "eq")), default=None)
        high = min(((n, op != "lt") for op, n in self._tests if op in ("lt", "le", "eq")), default=None)
        return bool(low and high and (low[0] > high[0] or (low[0] == high[0] and (low[1] or not high[1]))))

    def _of(self, left: Node) -> Node:
        tests = [Compare.model_validate({"op": op, "left": left, "right": Value(value=number)}) for op, number in self._tests]
        return joined(And, tests)

    def _measures(self, select: Select, columns: list[str]) -> list[Node]:
        """All of them, or those of the column that is named. A single number has no groups."""
        shown = [select.outputs[m] for m in measures(select)]
        if len(shown) == len(select.outputs):
            return []
        if not columns:
            return shown
        return [m for m in shown if isinstance(m, Aggregate) and isinstance(m.of, Col) and m.of.column in columns]


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
        return [with_select(where(answer, kept), having=groups)]

    def _goes(self, node: Node, schema: Schema) -> bool:
        columns = columns_of(node)
        if self.columns:
            return bool(columns & set(self.columns))
        return not self.periods or any(c in schema.dated or is_calendar(schema.column(c)) for c in columns)


def _compares(measure: Node) -> Callable[[Node], bool]:
    return lambda node: isinstance(node, Compare) and node.left == measure


def _shown_numbers(select: Select, schema: Schema) -> list[str]:
    shown = [output.column for output in select.outputs if isinstance(output, Col)]
    return [c for c in shown if schema.column(c).type is ColumnType.NUMBER]
