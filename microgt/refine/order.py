"""Changes of the order and of the number of rows. They are of set operations too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from microgt.errors import CannotRefine
from microgt.refine.change import ORDER
from microgt.refine.selects import by_output, is_time, measures, nearest, select_of, with_select
from microgt.schema.types import ColumnType, Schema
from microgt.spec.types import Answer, Col, Limit, Ref, Select, Sort, TimeBucket, Value
from microgt.spec.walk import has_measure


@dataclass(frozen=True)
class Top:
    """`top five`, `bottom 3`. direction: of the measure; None (`the first 5`): as the rows are sorted already."""

    n: int
    direction: Any
    turn: ClassVar[int] = ORDER

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        limit = answer.query.limit
        limit = limit.model_copy(update={"n": Value(value=self.n)}) if limit else Limit(n=Value(value=self.n))
        cut = with_select(answer, limit=limit)
        if self.direction is None:
            return [cut]
        select = select_of(answer)
        ranked = [s for s in select.sort if _by_number(s, select, schema)]
        if ranked:
            first = ranked[0].model_copy(update={"direction": self.direction})
            return [with_select(cut, sort=(first, *(s for s in select.sort if s != ranked[0])))]
        numbers = _numbers(select, schema)
        if not numbers:
            raise CannotRefine("no column of the answer is a number by which rows could be ranked")
        return [with_select(cut, sort=by_output(i, self.direction)) for i in numbers]


@dataclass(frozen=True)
class AllRows:
    """`all of them`: without the limit."""

    turn: ClassVar[int] = ORDER

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        if answer.query.limit is None:
            raise CannotRefine("the answer has no limit on its rows")
        return [with_select(answer, limit=None)]


@dataclass(frozen=True)
class Sorted:
    """`in descending order`. What was sorted by stays; else a measure, or the periods: either can be meant."""

    direction: Any
    turn: ClassVar[int] = ORDER

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        if answer.query.sort:
            first, *rest = answer.query.sort
            return [with_select(answer, sort=(first.model_copy(update={"direction": self.direction}), *rest))]
        select = select_of(answer)
        places = [i for i, output in enumerate(select.outputs) if has_measure(output) or isinstance(output, TimeBucket)]
        return [with_select(answer, sort=by_output(i, self.direction)) for i in (places or [0])]


@dataclass(frozen=True)
class SortedBy:
    """`largest first`, `newest first`, `by name`. what: a number, a time, or one of these columns."""

    what: Any
    direction: Any
    columns: tuple[str, ...] = ()
    turn: ClassVar[int] = ORDER

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        places = {"number": _numbers, "time": _times, "column": self._named}[self.what](select, schema)
        if not places:
            raise CannotRefine(
                f"no column of the answer is a {self.what}" if not self.columns else f"{self.columns[0]} is not in the answer"
            )
        return [with_select(answer, sort=by_output(i, self.direction)) for i in places]

    def _named(self, select: Select, schema: Schema) -> list[int]:
        near = nearest(self.columns, select)
        inside = [getattr(output, "of", output) for output in select.outputs]
        return [i for i, node in enumerate(inside) if isinstance(node, Col) and node.column in near]


@dataclass(frozen=True)
class Unsorted:
    """`unsorted`."""

    turn: ClassVar[int] = ORDER

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        return [with_select(answer, sort=())]


def _numbers(select: Select, schema: Schema) -> list[int]:
    shown = [(i, o.column) for i, o in enumerate(select.outputs) if isinstance(o, Col)]
    return measures(select) or [i for i, column in shown if schema.column(column).type is ColumnType.NUMBER]


def _times(select: Select, schema: Schema) -> list[int]:
    shown = enumerate(select.outputs)
    return [i for i, o in shown if is_time(o) or (isinstance(o, Col) and o.column in schema.dated)]


def _by_number(sort: Sort, select: Select, schema: Schema) -> bool:
    if isinstance(sort.by, Ref):
        return sort.by.output in _numbers(select, schema)
    return has_measure(sort.by) or (isinstance(sort.by, Col) and schema.column(sort.by.column).type is ColumnType.NUMBER)
