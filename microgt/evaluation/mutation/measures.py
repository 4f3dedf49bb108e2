"""Mistakes in what is measured: another aggregate, grain, window, part of a date or arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.evaluation.mutation.tree import Alternatives
from microgt.schema.types import ColumnType, Schema
from microgt.spec.types import (
    Aggregate,
    Arithmetic,
    Bin,
    Col,
    DatePart,
    Delta,
    Moving,
    Node,
    Overall,
    PercentChange,
    Percentile,
    Prior,
    Rank,
    Ratio,
    Rows,
    RunningTotal,
    Share,
    TimeBucket,
    Value,
)

_SWAPPED = {
    "count": ("count_distinct",),
    "count_distinct": ("count",),
    "sum": ("avg", "max"),
    "avg": ("sum", "median"),
    "min": ("max",),
    "max": ("min", "sum"),
    "median": ("avg",),
}
_GRAINS = ("day", "week", "month", "quarter", "year")
_ARITHMETIC = {"add": "sub", "sub": "add", "mul": "div", "div": "mul"}
_SHIFTED = Prior | Delta | PercentChange


def swap_aggregate(schema: Schema) -> Alternatives:
    """Another aggregate; a column counted instead of rows, and rows instead of a column; a ratio upside down."""

    def swapped(node: Node) -> Iterator[Node]:
        match node:
            case Percentile():
                yield node.model_copy(update={"p": Value(value=100 - float(node.p.value))})
            case Aggregate(of=Rows()):
                for column in schema.table(node.of.table).columns:
                    if not column.primary:
                        yield from (node.model_copy(update={"of": Col(column=column.id), "fn": fn}) for fn in ("count", "count_distinct"))
                        break
            case Aggregate(of=Col()):
                yield from (node.model_copy(update={"fn": fn}) for fn in _SWAPPED.get(node.fn, ()))
                if node.fn in ("count", "count_distinct"):
                    yield Aggregate(fn="count", of=Rows(table=schema.column(node.of.column).table), at=node.at, where=node.where)
            case Aggregate():
                yield from (node.model_copy(update={"fn": fn}) for fn in _SWAPPED.get(node.fn, ()))
            case Ratio():
                yield node.model_copy(update={"numerator": node.denominator, "denominator": node.numerator})
            case Arithmetic():
                yield node.model_copy(update={"op": _ARITHMETIC[node.op]})

    return swapped


def change_grain(node: Node) -> Iterator[Node]:
    """Another unit of time, or another width of bins."""
    match node:
        case TimeBucket(grain=grain) if grain in _GRAINS:
            place = _GRAINS.index(grain)
            yield from (node.model_copy(update={"grain": g}) for g in _GRAINS[max(0, place - 1) : place + 2] if g != grain)
        case TimeBucket():
            yield node.model_copy(update={"grain": "day"})
        case DatePart():
            yield node.model_copy(update={"part": "quarter" if node.part in ("month", "month_name") else "month"})
        case Bin():
            yield node.model_copy(update={"n": Value(value=float(node.n.value) + 1)})


def shift_window(node: Node) -> Iterator[Node]:
    """A window that is longer, starts elsewhere, or compares with another period."""
    match node:
        case RunningTotal():
            yield node.model_copy(update={"reset": "year" if node.reset == "never" else "never"})
        case Moving():
            yield node.model_copy(update={"periods": Value(value=int(node.periods.value) + 1)})
            yield node.model_copy(update={"agg": "sum" if node.agg != "sum" else "avg"})
        case Prior() | Delta() | PercentChange():
            yield node.model_copy(update={"n": Value(value=int(node.n.value) + 1)})
            others = [t for t in (Prior, Delta, PercentChange) if not isinstance(node, t)]
            yield from (t(of=node.of, n=node.n, unit=node.unit) for t in others)
        case Share() | Overall():
            if node.within:
                yield node.model_copy(update={"within": ()})
        case Rank():
            yield from (node.model_copy(update={"method": m}) for m in ("row_number", "rank", "dense_rank") if m != node.method)
            yield node.model_copy(update={"order": "asc" if node.order == "desc" else "desc"})


def swap_column(schema: Schema) -> Alternatives:
    """Another column of the table with the same type, the next one."""

    def swapped(node: Node) -> Iterator[Node]:
        if isinstance(node, Col):
            column = schema.column(node.column)
            alike = [c for c in schema.table(column.table).columns if c.type is column.type and c.type is not ColumnType.OTHER]
            if len(alike) > 1:
                yield node.model_copy(update={"column": alike[(alike.index(column) + 1) % len(alike)].id})

    return swapped
