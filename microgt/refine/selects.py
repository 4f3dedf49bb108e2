"""What changes of a query share: its dimensions and measures, which column is meant, outputs that move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from microgt.errors import CannotRefine
from microgt.schema.types import Schema
from microgt.spec.types import Answer, Chart, Col, DatePart, Forecast, InPeriod, Node, Ref, Rows, Select, Sort, Through, TimeBucket
from microgt.spec.walk import block, has_measure, is_grouped, rebuilt_block, within

Direction = Any  # "asc" or "desc"


def select_of(answer: Answer) -> Select:
    """The query block that can be changed. Raises `CannotRefine` for a query that is made of others."""
    query = answer.query
    if not isinstance(query, Select) or query.source is not None:
        raise CannotRefine("the answer is made of several queries, of which only the view, the order and the number of rows can be changed")
    return query


def with_select(answer: Answer, **changes: Any) -> Answer:
    """The answer with other clauses."""
    return answer.model_copy(update={"query": answer.query.model_copy(update=changes)})


def measures(select: Select) -> list[int]:
    """The outputs that are measures."""
    return [i for i, output in enumerate(select.outputs) if has_measure(output)]


def dimensions(select: Select) -> list[int]:
    """The outputs that are not. Raises `CannotRefine` where rows are listed: nothing is grouped there."""
    if not is_grouped(select):
        raise CannotRefine("the answer lists rows, which have no groups: ask for a number, a total or an average first")
    return [i for i, output in enumerate(select.outputs) if not has_measure(output)]


def first_measure(select: Select) -> int:
    """Raises `CannotRefine` when there is none."""
    found = measures(select)
    if not found:
        raise CannotRefine("the answer has no measure: ask for a number, a total or an average first")
    return found[0]


def is_time(node: Node) -> bool:
    """Is it a period?"""
    return isinstance(node, TimeBucket | DatePart)


def by_output(output: int, direction: Direction) -> tuple[Sort, ...]:
    """Sorted by one output."""
    return (Sort(direction=direction, by=ref(output)),)


def ref(output: int) -> Ref:
    """The n-th output. Raises `CannotRefine` beyond the eighth."""
    if output > 7:
        raise CannotRefine("the answer has too many columns")
    return Ref.model_validate({"output": output})


# ------------------------------------------------------------------ which column is meant


def nearest(columns: Sequence[str], select: Select) -> list[str]:
    """Of several columns those that the query uses, else those of its tables, else all."""
    used = {node.column for node in block(select) if isinstance(node, Col)}
    tables = tables_of(block(select))
    for fits in (lambda c: c in used, lambda c: c.rpartition(".")[0] in tables):
        found = [column for column in columns if fits(column)]
        if found:
            return found
    return list(columns)


def periods_of(select: Select) -> list[str]:
    """The columns of dates that the query asks about."""
    nodes = [n.of for n in block(select) if isinstance(n, TimeBucket | InPeriod | DatePart)]
    return list(dict.fromkeys(of.column for of in nodes if isinstance(of, Col)))


def dates_of(select: Select, schema: Schema) -> list[str]:
    """The columns of dates that a period can be of: those of what is measured before others."""
    dates = [c.id for c in schema.columns if c.id in schema.dated]
    measured = tables_of(node for i in measures(select) for node in within(select.outputs[i]))
    return periods_of(select) or [c for c in dates if c.rpartition(".")[0] in measured] or nearest(dates, select)


def needed_dates(select: Select, schema: Schema) -> list[str]:
    """As `dates_of`. Raises `CannotRefine` when there is none."""
    found = dates_of(select, schema)
    if not found:
        raise CannotRefine(f"{schema.name} has no dates")
    return found


def tables_of(found: Iterable[Node]) -> set[str]:
    """The tables of columns and rows among nodes."""
    nodes = list(found)
    columns = {n.column.rpartition(".")[0] for n in nodes if isinstance(n, Col)}
    return columns | {n.table for n in nodes if isinstance(n, Rows | Through)}


# ------------------------------------------------------------------ outputs that move


def moved(answer: Answer, place: Callable[[int], int | None]) -> Answer:
    """The answer whose references follow outputs to their new places; what names one that is gone (None) goes too."""
    select = select_of(answer)

    def follow(node: Node) -> Node:
        new = place(node.output) if isinstance(node, Ref) else None
        return node if new is None else ref(new)

    def stays(node: Node) -> bool:
        return not any(isinstance(n, Ref) and place(n.output) is None for n in within(node))

    sort = tuple(s for s in select.sort if stays(s))
    limit = select.limit and select.limit.model_copy(update={"per": tuple(k for k in select.limit.per if stays(k))})
    having = select.having if select.having is None or stays(select.having) else None
    changed = rebuilt_block(select.model_copy(update={"sort": sort, "limit": limit, "having": having}), follow)
    return Answer(query=changed, view=_view(answer, place))


def _view(answer: Answer, place: Callable[[int], int | None]) -> Any:
    """Where an axis is gone, `fitted` chooses another."""
    view = answer.view
    if isinstance(view, Forecast):
        of = place(view.of.output)
        return view if of is None else view.model_copy(update={"of": ref(of)})
    if not isinstance(view, Chart):
        return view
    x, y = (place(axis.output) for axis in (view.x, view.y))
    color = place(view.color.output) if view.color else None
    return view.model_copy(
        update={"x": view.x if x is None else ref(x), "y": view.y if y is None else ref(y), "color": None if color is None else ref(color)}
    )
