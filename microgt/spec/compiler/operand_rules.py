"""What must hold for one node and its operands: ids that exist, types that fit, values of the kind wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from microgt.errors import CompileError, SpecError
from microgt.schema.types import ColumnType, Schema
from microgt.spec.compiler.mistakes import error_at, in_short
from microgt.spec.compiler.origins import column_of, grain_of
from microgt.spec.compiler.periods import period_named
from microgt.spec.grains import is_made_of
from microgt.spec.named import parse_period
from microgt.spec.one_row import has_one_row
from microgt.spec.types import (
    Absolute,
    Aggregate,
    Arithmetic,
    At,
    Bin,
    Col,
    Compare,
    DateDiff,
    DatePart,
    Delta,
    Grain,
    InPeriod,
    InQuery,
    Last,
    Link,
    Moving,
    Node,
    PercentChange,
    Percentile,
    Previous,
    Ratio,
    Rows,
    RunningTotal,
    Share,
    This,
    Through,
    TimeBucket,
    ToDate,
    Value,
)
from microgt.spec.walk import Query

KindOf = Callable[[Node], ColumnType]
_QUANTILES = range(2, 11)
_NAMED = {"weekday": "day", "weekday_name": "day", "month_name": "month"}
_PARTS: tuple[str, ...] = get_args(DatePart.model_fields["part"].annotation)
_UNITS = {part: _NAMED.get(part, part) for part in _PARTS}  # what a part is a part of


def unknown_ids(node: Node, place: str, schema: Schema) -> Iterator[SpecError]:
    """Columns and tables that the schema does not have."""
    tables, columns = [], []
    match node:
        case Col():
            columns = [("/column", node.column), *((f"/via/{i}", key) for i, key in enumerate(node.via))]
        case Link():
            columns = [("/left", node.left), ("/right", node.right)]
        case Rows() | Through():
            tables = [("/table", node.table)]
        case Aggregate(at=str()):
            tables = [("/at", str(node.at))]
    for find, named in ((schema.column, columns), (schema.table, tables)):
        for step, name in named:
            try:
                find(name)
            except SpecError as error:
                message = str(error).partition(": ")[2]
                yield error_at(error.code, place + step, message, name, error.choices)


def type_errors(node: Node, place: str, kind: KindOf) -> Iterator[SpecError]:
    """Operations that the types of their operands do not allow, and values that are none of the kind wanted."""
    dates, sums = [], []
    match node:
        case TimeBucket() | DatePart() | InPeriod():
            dates = [("/of", node.of)]
        case DateDiff():
            dates = [("/start", node.start), ("/end", node.end)]
        case Arithmetic():
            sums = [("/left", node.left), ("/right", node.right)]
        case Ratio():
            sums = [("/numerator", node.numerator), ("/denominator", node.denominator)]
        case Aggregate(fn="sum") if not isinstance(node.of, Rows):
            sums = [("/of", node.of)]
        case Bin():
            sums = [("/of", node.of)]
            yield from _bin_errors(node, place)
        case Percentile() if not isinstance(node.of, Rows):
            sums = [("/of", node.of)]
            yield from _percentile_errors(node, place)
        case RunningTotal() | Moving(agg="avg" | "sum") | Delta() | PercentChange() | Share():
            sums = [("/of", node.of)]
        case At():
            yield from _period(node.value, f"{place}/value")
        case Absolute():
            yield from _period(node.start, f"{place}/start")
            yield from _period(node.end, f"{place}/end")
            yield from _backwards(node, place)
        case Last() if isinstance(node.n.value, bool) or not isinstance(node.n.value, int) or node.n.value < 1:
            yield error_at("E_PERIOD", f"{place}/n", f"last needs a whole number of units from 1 on, not {node.n.value!r}", node.n.value)
    for step, of in (*dates, *sums):
        if (step, of) in dates and kind(of) in (ColumnType.NUMBER, ColumnType.BOOLEAN):
            yield error_at("E_TYPE", place + step, f"{type(node).__name__} needs a date, not a {kind(of)}", kind(of), ("time", "text"))
        elif (step, of) in sums and kind(of) is ColumnType.TIME:
            message = f"{type(node).__name__} needs numbers, not dates; for those there is date_diff"
            yield error_at("E_TYPE", place + step, message, kind(of), ("number", "date_diff"))


def row_errors(holder: Node, query: Query, place: str, schema: Schema) -> Iterator[SpecError]:
    """A query that stands for one value of its holder and can have several."""
    listed = isinstance(holder, InQuery) and query is holder.query
    if not listed and not has_one_row(query, schema):
        among = ("in_query",) if isinstance(holder, Compare) and holder.op in ("eq", "ne") else ()
        message = "a query that stands for one value has one row, and this one can have several: aggregate it, or limit it to 1"
        yield error_at("E_ONE_ROW", place, message, query.kind, ("aggregate", "limit", *among))


def grain_errors(node: Node, place: str, source: Query | None, schema: Schema) -> Iterator[SpecError]:
    """Hours of a column of dates, which has none; days or weeks of months that the source has made."""
    units: dict[str, str]
    match node:
        case TimeBucket(grain=given, of=of):
            step, units = "grain", {grain: grain for grain in get_args(Grain)}
        case DatePart(part=given, of=of):
            step, units = "part", _UNITS
        case InPeriod(period=Previous(unit=given) | This(unit=given) | Last(unit=given) | ToDate(unit=given), of=of):
            step, units = "period/unit", {grain: grain for grain in get_args(Grain)}
        case _:
            return
    grain, column = grain_of(of, source), column_of(of, source)
    if grain:
        fit, message = [u for u in units if is_made_of(units[u], grain)], f"{in_short(of)} has {grain}s: a {given} is not made of them"
    elif column is not None and column.column in schema.days:
        fit, message = [u for u in units if units[u] != "hour"], f"{in_short(of)} has dates without a time of day: there are no hours in it"
    else:
        return
    if given not in fit:
        yield error_at("E_GRAIN_FINER_THAN_DATA", f"{place}/{step}", message, given, fit)


def _bin_errors(node: Bin, place: str) -> Iterator[SpecError]:
    n = node.n.value
    if node.by == "width" and (isinstance(n, bool | str) or n <= 0):
        yield error_at("E_BIN", f"{place}/n", f"bins are wider than nothing, and {n!r} is no such number", n)
    elif node.by == "quantiles" and (isinstance(n, bool | str) or n not in _QUANTILES):
        yield error_at("E_BIN", f"{place}/n", f"there are 2 to 10 quantiles, not {n!r}", n, [str(q) for q in _QUANTILES])


def _percentile_errors(node: Percentile, place: str) -> Iterator[SpecError]:
    p = node.p.value
    if isinstance(p, bool | str) or not 0 < p < 100:
        yield error_at("E_PERCENTILE", f"{place}/p", f"a percentile lies between 0 and 100, such as 90; {p!r} does not", p)


def _backwards(node: Absolute, place: str) -> Iterator[SpecError]:
    first, last = (parse_period(side.value) for side in (node.start, node.end))
    if first and last and first.start and last.start and first.start > last.start:
        start, end = node.start.value, node.end.value
        yield error_at("E_EMPTY", place, f"{start} comes after {end}: nothing lies between them", [start, end], (f"{end} to {start}",))


def _period(value: Value, place: str) -> Iterator[SpecError]:
    try:
        period_named(value.value)
    except CompileError as error:
        yield error_at(error.code, place, str(error).partition(": ")[2], error.given, error.choices)
