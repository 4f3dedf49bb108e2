"""The chart of a version, where its spec asks for one, and of no more rows than can be drawn while somebody waits."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from typing import Any

from microgt.engine.result import ResultTable
from microgt.product.cells import kind_of
from microgt.product.chart import draw_checked
from microgt.product.forecast import answer_in
from microgt.product.run import Ran
from microgt.spec.types import Chart, TableView, View

MOST_MARKS = 1_000  # each with its place or its label takes some milliseconds, and more cannot be told apart
MOST_POINTS = 10_000  # of lines, areas, points and the rows that a histogram counts, on scales of numbers and days
_ON_SCALES = ("line", "area", "scatter", "histogram")


@dataclass(frozen=True)
class Picture:
    """svg: empty without a chart. vega: the same as Vega-Lite's JSON. note: which rows are not drawn."""

    svg: str = ""
    vega: bytes | None = None
    note: str = ""


def picture_of(ran: Ran) -> Picture:
    """Of a chart, a number or a forecast; a listing and a result without rows have none. Raises `ConfigError` for one that would
    mislead."""
    if isinstance(answer_in(ran.spec).view, TableView) or not ran.table.rows:
        return Picture()
    table, note = _few(ran)
    chart = draw_checked(table, ran.view, forecast=ran.forecast)
    drawn = io.StringIO()
    chart.save(drawn, format="svg")
    return Picture(drawn.getvalue(), json.dumps(chart.to_dict(), ensure_ascii=False).encode(), note)


def _few(ran: Ran) -> tuple[ResultTable, str]:
    """The rows that are drawn, and in words which of all they are."""
    table = ran.table
    most = MOST_POINTS if ran.forecast else _most(table, ran.view)
    if len(table.rows) <= most:
        return table, ""
    end, rows = ("last", _in_time(table, ran.forecast.asked.by)[-most:]) if ran.forecast else ("first", table.rows[:most])
    return replace(table, rows=tuple(rows)), f"the chart shows the {end} {len(rows):,} of {len(table.rows):,} rows"


def _in_time(table: ResultTable, by: int) -> list[tuple[Any, ...]]:
    return sorted((row for row in table.rows if row[by] is not None), key=lambda row: row[by])


def _most(table: ResultTable, view: View) -> int:
    if not isinstance(view, Chart) or view.mark not in _ON_SCALES:
        return MOST_MARKS
    places = [min(ref.output, len(table.columns) - 1) for ref in (view.x, view.y, view.color) if ref]
    return MOST_MARKS if any(_labels(table, place) > MOST_MARKS for place in places) else MOST_POINTS


def _labels(table: ResultTable, column: int) -> int:
    """How many values of a column are written beside its axis one by one."""
    return len({str(row[column]) for row in table.rows}) if kind_of(table, column) == "nominal" else 0
