"""Charts that say what the rows say. One that would mislead becomes one that does not, and the reason is told.

Bars and areas with a color are put on each other, which is right for what adds up and is not negative. A line, an area and a bar stand for
one row: several rows in the same place hide each other, or make the line go to and fro.
"""

from __future__ import annotations

from dataclasses import dataclass

from microgt.engine.result import ResultTable
from microgt.product.cells import kind_of
from microgt.spec.types import Answer, Chart, Ref, SetOperation, View
from microgt.spec.views import adds_up
from microgt.spec.walk import without_refs

_STACKED = ("bar", "barh", "area")  # marks that are put on each other
_ONE_ROW = ("bar", "barh", "area", "line", "grouped")  # marks that stand for one row each
_OUTPUTS = 8  # that a chart can name


class NotAdded(Chart):
    """A chart whose colours would be put on each other, of values that do not add up: averages, ratios, distinct counts."""


def view_in(answer: Answer) -> View:
    """The view of an answer; a `NotAdded` where it is one."""
    view, query = answer.view, answer.query
    while isinstance(query, SetOperation):
        query = query.left
    if not isinstance(view, Chart) or not view.color or view.mark not in _STACKED or adds_up(without_refs(query).outputs[view.y.output]):
        return view
    return NotAdded(mark=view.mark, x=view.x, y=view.y, color=view.color)


@dataclass(frozen=True)
class Drawable:
    """apart: its colours are beside each other, or lines. reasons: why it is not as it was asked for."""

    chart: Chart
    apart: bool = False
    reasons: tuple[str, ...] = ()


def drawable(table: ResultTable, chart: Chart) -> Drawable:
    """The chart, or the nearest one that does not mislead. chart: with outputs that the table has."""
    chart, reasons = _without_measured_color(table, chart)
    why = _why_apart(table, chart)
    if _adds_rows(chart, why) or not _hides(table, chart):
        return Drawable(chart, bool(why), (*reasons, *([f"drawn as {_beside(chart)}: {why}"] if why else [])))
    same = f"several rows have the same {' and '.join(table.heading(i) for i in _keys(chart))}"
    color = _telling_apart(table, chart)
    if color is None:
        return Drawable(chart.model_copy(update={"mark": "scatter"}), reasons=(*reasons, f"drawn as points: {same}"))
    drawn = f"drawn as {_beside(chart)} in a colour for each {table.heading(color)}: {same}"
    return Drawable(chart.model_copy(update={"color": Ref.model_validate({"output": color})}), apart=True, reasons=(*reasons, drawn))


def _without_measured_color(table: ResultTable, chart: Chart) -> tuple[Chart, list[str]]:
    """A line with a color that is a second measure would be a point for each of its values."""
    measured = chart.mark in ("line", "area") and chart.color is not None and _is_measured(table, chart.color.output)
    if not chart.color or not measured or places(table, chart.x.output) < len(table.rows):
        return chart, []
    return chart.model_copy(update={"color": None}), [f"drawn without colours: {table.heading(chart.color.output)} is a number"]


def _is_measured(table: ResultTable, column: int) -> bool:
    return kind_of(table, column) == "quantitative" and table.written_as(column) != "label"


def _why_apart(table: ResultTable, chart: Chart) -> str:
    """Why the colours of a chart are not put on each other, in words; else nothing."""
    if not chart.color or chart.mark not in _STACKED or kind_of(table, chart.y.output) != "quantitative":
        return ""
    name, cells = table.heading(chart.y.output), [row[chart.y.output] for row in table.rows]
    if isinstance(chart, NotAdded):
        return f"the values of {name} do not add up"
    return f"{name} is negative in some rows" if any(cell is not None and cell < 0 for cell in cells) else ""


def _adds_rows(chart: Chart, why_apart: str) -> bool:
    """Does it bear several rows in a place? Points do, and bars that are put on each other."""
    return chart.mark not in _ONE_ROW or (chart.color is not None and chart.mark in ("bar", "barh") and not why_apart)


def _hides(table: ResultTable, chart: Chart) -> bool:
    """Have several rows the same place and color?"""
    return places(table, *_keys(chart)) < len(table.rows)


def _keys(chart: Chart) -> tuple[int, ...]:
    return (chart.x.output, *([chart.color.output] if chart.color else []))


def places(table: ResultTable, *columns: int) -> int:
    """How many rows the columns tell apart."""
    return len({tuple(repr(row[i]) for i in columns) for row in table.rows})


def _telling_apart(table: ResultTable, chart: Chart) -> int | None:
    """An output that can be the color of a chart without one: then each series has one row in a place, and some have several."""
    free = [i for i in range(min(len(table.columns), _OUTPUTS)) if i not in (chart.x.output, chart.y.output) and not _is_measured(table, i)]
    rows = len(table.rows)
    found = (i for i in free if places(table, i) < rows == places(table, chart.x.output, i))
    return None if chart.color else next(found, None)


def _beside(chart: Chart) -> str:
    return "lines" if chart.mark in ("line", "area") else "bars beside each other"
