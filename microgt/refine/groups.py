"""Changes of what is shown: dimensions and measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from microgt.errors import CannotRefine
from microgt.refine.calendars import called, instead_of_dates
from microgt.refine.change import GROUPS, LeftToModel
from microgt.refine.selects import by_output, dates_of, dimensions, is_time, measures, moved, nearest, ref, select_of, with_select
from microgt.schema.types import Schema
from microgt.spec.types import Aggregate, Answer, Chart, Col, DatePart, Node, Rows, Select, SetOperation, Share, Sort, TimeBucket
from microgt.spec.walk import block, rebuilt_block, with_children, within


class Key(Protocol):
    """What is grouped by."""

    def keys(self, select: Select, schema: Schema) -> list[Node]:
        """The expressions that can be meant. Raises `CannotRefine`."""
        ...


@dataclass(frozen=True)
class Grain:
    """`month`. A bucket that is there already keeps its column. Without dates the column of that name."""

    grain: Any
    columns: tuple[str, ...] = ()

    def keys(self, select: Select, schema: Schema) -> list[Node]:
        """Buckets of dates, or columns. Raises `LeftToModel` where there are neither."""
        known = {node.of.column: node for node in block(select) if isinstance(node, TimeBucket) and isinstance(node.of, Col)}
        named = [c for c in nearest(self.columns, select) if c in schema.dated]
        columns = [] if named else _called(self.grain, select, schema)
        if columns:
            return columns
        dates = named or _some_dates(select, schema)
        return [TimeBucket(grain=self.grain, of=Col(column=c), complete=c in known and known[c].complete) for c in dates]


@dataclass(frozen=True)
class Part:
    """`weekday`."""

    part: Any

    def keys(self, select: Select, schema: Schema) -> list[Node]:
        """Parts of dates, or columns. Raises as `Grain.keys`."""
        columns = _called(self.part.removesuffix("_name"), select, schema)
        return columns or [DatePart(part=self.part, of=Col(column=c)) for c in _some_dates(select, schema)]


@dataclass(frozen=True)
class Columns:
    """A column by its name: one of these. Dates by the month."""

    columns: tuple[str, ...]

    def keys(self, select: Select, schema: Schema) -> list[Node]:
        """Columns, or buckets of dates."""
        times = {c for c in self.columns if c in schema.dated}
        return [TimeBucket(grain="month", of=Col(column=c)) if c in times else Col(column=c) for c in nearest(self.columns, select)]


@dataclass(frozen=True)
class By:
    """`by region`: in place of the dimension that is there, of several in place of the one of its kind. also: beside what is there."""

    key: Key
    also: bool = False
    turn: ClassVar[int] = GROUPS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        dims = dimensions(select)
        found = []
        for key in self.key.keys(select, schema):
            places = [] if self.also else _places(select, dims, key)
            found += [answer] if key in select.outputs else [_replaced(answer, i, key) for i in places] or [_inserted(answer, key)]
        return found


@dataclass(frozen=True)
class Ungrouped:
    """`without region`: a dimension goes, and its groups become one."""

    columns: tuple[str, ...]
    turn: ClassVar[int] = GROUPS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        gone = [i for i in dimensions(select) if any(isinstance(n, Col) and n.column in self.columns for n in (_col(select.outputs[i]),))]
        if not gone:
            raise CannotRefine(f"the answer is not by {self.columns[0]}")
        if len(select.outputs) == 1:
            raise CannotRefine("nothing would be left to show")
        return [_removed(answer, i) for i in gone]


@dataclass(frozen=True)
class Instead:
    """`average instead of total`: another function of the same values. was: the function it takes the place of, where it is said."""

    fn: Any
    was: Any = None
    turn: ClassVar[int] = GROUPS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        found = list(dict.fromkeys(n for i in measures(select) for n in within(select.outputs[i])))
        aggregates = [n for n in found if isinstance(n, Aggregate) and self.was in (None, n.fn)]
        if not aggregates:
            raise CannotRefine(f"the answer has no {self.was}" if self.was else "the answer has no measure whose function can be changed")
        return [_exchanged(answer, old, self._new(old)) for old in aggregates]

    def _new(self, old: Aggregate) -> Aggregate:
        if self.fn == "count":
            return Aggregate(fn="count", of=old.of, at=old.at, where=old.where)
        if isinstance(old.of, Rows):
            raise CannotRefine(f"rows are counted, which have no {self.fn}: name a column, as in 'average amount instead'")
        return Aggregate(fn=self.fn, of=old.of, at=old.at, where=old.where)


@dataclass(frozen=True)
class Measure:
    """`average amount instead`, `number of orders instead`, and with `also` beside what is there. of: columns or tables."""

    fn: Any
    of: tuple[Node, ...]
    also: bool = False
    turn: ClassVar[int] = GROUPS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        dimensions(select)
        found = []
        near = nearest([n.column for n in self.of if isinstance(n, Col)], select)
        for of in self.of:
            if isinstance(of, Col) and of.column not in near:
                continue
            new = Aggregate(fn=self.fn, of=of)
            if self.also:
                found.append(with_select(answer, outputs=(*select.outputs, new)))
            else:
                found += [_exchanged(answer, select.outputs[i], new) for i in measures(select)]
        return found


@dataclass(frozen=True)
class AsShare:
    """`as a share of the total`."""

    turn: ClassVar[int] = GROUPS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        if not dimensions(select):
            raise CannotRefine("one number is no share: say by what it is to be divided, as in 'by region'")
        return [_exchanged(answer, select.outputs[i], Share.model_validate({"of": select.outputs[i]})) for i in measures(select)]


def _called(unit: str, select: Select, schema: Schema) -> list[Node]:
    """The columns that say the unit where what is asked about has no dates."""
    return [Col(column=c.id) for c in called(instead_of_dates(select, schema), unit)]


def _some_dates(select: Select, schema: Schema) -> list[str]:
    found = dates_of(select, schema)
    if not found:
        raise LeftToModel(f"{schema.name} has no dates")
    return found


# ------------------------------------------------------------------ outputs


def _places(select: Select, dims: list[int], key: Node) -> list[int]:
    """The dimensions that the key can take the place of."""
    alike = [i for i in dims if is_time(select.outputs[i]) == is_time(key)]
    return alike if len(dims) > 1 and alike else dims


def _replaced(answer: Answer, i: int, key: Node) -> Answer:
    select = select_of(answer)
    old = select.outputs[i]

    def changed_in(_: str, node: Node) -> Node:
        if node == old:
            return key
        if isinstance(node, Select | SetOperation | Aggregate):  # what is aggregated is no dimension
            return node
        return with_children(node, changed_in)

    inside = with_children(select.model_copy(update={"where": None}), changed_in)
    changed = with_select(answer, **{name: getattr(inside, name) for name in ("outputs", "sort", "limit", "having")}, where=select.where)
    return _with_mark(_sorted(changed, select, i), key)


def _sorted(answer: Answer, before: Select, i: int) -> Answer:
    """Periods in their own order and all of them; what takes their place by its measure."""
    select, old = select_of(answer), before.outputs[i]
    new = select.outputs[i]
    if isinstance(new, TimeBucket) and not isinstance(old, TimeBucket):
        return with_select(answer, sort=(), limit=None)
    if is_time(old) and not is_time(new):
        sort = tuple(s for s in select.sort if not _sorts_by(s, i, new))
        return with_select(answer, sort=sort or by_output(measures(select)[0], "desc") if measures(select) else sort)
    return answer


def _sorts_by(sort: Sort, i: int, output: Node) -> bool:
    return sort.by in (ref(i), output)


def _inserted(answer: Answer, key: Node) -> Answer:
    """Behind the dimensions that are there; into the color of a chart that has none."""
    select = select_of(answer)
    at = next((i for i in measures(select)), len(select.outputs))
    dims = dimensions(select)
    at = dims[-1] + 1 if dims else at
    found = moved(answer, lambda i: i + 1 if i >= at else i)
    new = select_of(found)
    found = with_select(found, outputs=(*new.outputs[:at], key, *new.outputs[at:]), by=tuple(k for k in new.by if k != key))
    view = found.view
    if isinstance(view, Chart) and view.color is None and len(dims) == 1:
        return found.model_copy(update={"view": view.model_copy(update={"color": ref(at)})})
    if isinstance(key, TimeBucket) and not dims:
        return with_select(_with_mark(found, key), sort=(), limit=None)
    return found


def _removed(answer: Answer, gone: int) -> Answer:
    found = moved(answer, lambda i: None if i == gone else i - 1 if i > gone else i)
    select = select_of(found)
    left = with_select(found, outputs=(*select.outputs[:gone], *select.outputs[gone + 1 :]))
    return left if dimensions(select_of(left)) else with_select(left, sort=(), limit=None)


def _exchanged(answer: Answer, old: Node, new: Node) -> Answer:
    """The answer with one measure in the place of another, wherever it stands."""
    return answer.model_copy(update={"query": rebuilt_block(select_of(answer), lambda node: new if node == old else node)})


def _with_mark(answer: Answer, key: Node) -> Answer:
    """Lines for periods, bars for the rest."""
    view = answer.view
    if isinstance(view, Chart) and view.mark in ("bar", "barh") and isinstance(key, TimeBucket):
        return answer.model_copy(update={"view": view.model_copy(update={"mark": "line"})})
    if isinstance(view, Chart) and view.mark in ("line", "area") and not is_time(key) and view.color is None:
        return answer.model_copy(update={"view": view.model_copy(update={"mark": "bar"})})
    return answer


def _col(output: Node) -> Node | None:
    return output.of if isinstance(output, TimeBucket | DatePart) else output
