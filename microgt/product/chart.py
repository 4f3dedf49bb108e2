"""A result drawn as its chart: one HTML file that needs no network, or a PNG.

Every number in a chart is a cell of the result; the spec only says which output goes where.
"""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import altair as alt

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.files import write_bytes, write_text
from microgt.product.cells import days, kind_of, plain, shown
from microgt.product.drawable import drawable, places
from microgt.product.forecast import Forecasted
from microgt.product.forecast_chart import layers as forecast_layers
from microgt.product.palette import COLOURS, SHADE, Palette, colours, series, titled
from microgt.product.written import D3
from microgt.spec.types import Chart, Ref, View

FORMATS = (".html", ".svg", ".png")
WIDTH, HEIGHT = 640, 360  # pixels, without axes and legend
TOO_MANY_BARS = 60
PARTS = ("donut", "pie", "stacked")  # marks that show the parts of a whole
SLICES, MOST_SLICES = ("donut", "pie"), len(COLOURS)  # more cannot be told apart
CONTINUOUS = ("line", "area", "scatter")  # marks along an axis of numbers or dates


class _InScript(json.JSONEncoder):
    """JSON that cannot end the script element it stands in, whatever a cell or a title says."""

    def encode(self, o: Any) -> str:
        return super().encode(o).replace("<", "\\u003c")


def write_chart(table: ResultTable, view: View, path: str | Path, *, title: str = "", forecast: Forecasted | None = None) -> Path:
    """Draw `table` as `view` says into an .html, .svg or .png file, replaced only when it is complete.

    forecast: of the rows of `table`, drawn on from them.
    Raises `ConfigError` when the ending is another, the result has no rows, or a part of a whole is negative.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise ConfigError(f"cannot draw a chart into {path}: the name must end in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    chart = draw_checked(table, view, title=title, forecast=forecast)
    if path.suffix.lower() == ".html":
        page = io.StringIO()
        chart.save(page, format="html", inline=True, json_kwds={"cls": _InScript})
        return write_text(path, page.getvalue())
    if path.suffix.lower() == ".svg":
        drawing = io.StringIO()
        chart.save(drawing, format="svg")
        return write_text(path, drawing.getvalue())
    picture = io.BytesIO()
    chart.save(picture, format="png", scale_factor=2)
    return write_bytes(path, picture.getvalue())


def vega_lite(table: ResultTable, view: View, *, title: str = "", forecast: Forecasted | None = None) -> dict[str, Any]:
    """The chart as Vega-Lite's JSON. Raises `ConfigError` as `write_chart`."""
    return draw_checked(table, view, title=title, forecast=forecast).to_dict()


def draw_checked(table: ResultTable, view: View, *, title: str = "", forecast: Forecasted | None = None) -> alt.Chart | alt.LayerChart:
    """As `draw`. Raises `ConfigError` where the rows would mislead: parts below zero, many slices, hidden cells; and without rows."""
    if not table.rows:
        raise ConfigError("nothing to draw: the result has no rows")
    if isinstance(view, Chart) and view.mark in PARTS:
        _refuse_negative(table, _placed(view, len(table.columns)))
    if isinstance(view, Chart) and view.mark in SLICES and len(table.rows) > MOST_SLICES:
        slices = f"it would have {len(table.rows)} slices, and more than {MOST_SLICES} cannot be told apart"
        raise ConfigError(f"cannot draw a {view.mark}: {slices}; draw bars instead, or keep the largest")
    if isinstance(view, Chart) and view.mark == "heatmap":
        _refuse_hidden_cells(table, _placed(view, len(table.columns)))
    return draw(table, view, title=title, forecast=forecast)


def _refuse_negative(table: ResultTable, chart: Chart) -> None:
    """The checker refuses parts that the spec shows to be negative; this is what only the data can show."""
    x, y = chart.x.output, chart.y.output
    for row in table.rows if kind_of(table, y) == "quantitative" else ():
        if row[y] is not None and row[y] < 0:
            name, part, of = table.heading(y), shown(row[y]), shown(row[x]) or "what is not known"
            raise ConfigError(f"cannot draw a {chart.mark}: its parts are not negative, and {name} is {part} for {of}; draw bars instead")


def _refuse_hidden_cells(table: ResultTable, chart: Chart) -> None:
    across, down = chart.x.output, _shade(table, chart)[1].output
    if chart.color and places(table, across, down) < len(table.rows):
        same = f"several rows have the same {table.heading(across)} and {table.heading(down)}"
        raise ConfigError(f"cannot draw a heatmap: {same}, and a cell shows one; draw points instead")


def draw(table: ResultTable, view: View, *, title: str = "", forecast: Forecasted | None = None) -> alt.Chart | alt.LayerChart:
    """The Altair chart of a result. A view that is no chart gets the one that fits its columns."""
    chart = _drawn(table, view, title, forecast)
    return chart.configure(range=alt.RangeConfig(category=list(COLOURS)), mark=alt.MarkConfig(color=COLOURS[0]))


def _drawn(table: ResultTable, view: View, title: str, forecast: Forecasted | None) -> alt.Chart | alt.LayerChart:
    table = days(table)
    if forecast and forecast.found:
        return forecast_layers(alt.Chart(title=title, width=WIDTH, height=HEIGHT), table, forecast)
    if len(table.columns) == 1 and len(table.rows) == 1:
        return _number(table, title)
    found = drawable(table, _placed(view if isinstance(view, Chart) else suggest(table), len(table.columns)))
    chart, palette, reasons = found.chart, colours(table, found.chart), found.reasons
    encoding: dict[str, Any] = {"tooltip": _tooltips(table, chart)}
    if palette and chart.color:
        reasons = (*reasons, palette.reason(table.heading(chart.color.output)))
        encoding |= palette.channels(f"c{chart.color.output}", table.heading(chart.color.output))
    names = map(table.heading, range(len(table.columns)))
    if any(_in_expression(name) != name for name in names):  # else Vega-Lite describes a mark by an expression of its titles
        encoding["description"] = alt.value("a row of the result")
    base = alt.Chart(_data(table, chart, palette), title=titled(title, reasons), width=WIDTH, height=HEIGHT)
    mark = _APART.get(chart.mark, _MARKS[chart.mark]) if found.apart else _MARKS[chart.mark]
    return mark(base, table, chart).encode(**encoding)


def _data(table: ResultTable, chart: Chart, palette: Palette | None) -> alt.Data:
    """The rows: columns c0, c1, ...; of those whose numbers a double cannot hold t0, t1, ... as people read them; and their colours."""
    inexact, continuous = _inexact(table), chart.mark in CONTINUOUS
    rows = []
    for cells in table.rows:
        row = {f"c{i}": _cell(cell, continuous) for i, cell in enumerate(cells)}
        row |= {f"t{i}": shown(cells[i], table.written_as(i)) for i in inexact}
        if palette and chart.color:
            row[SHADE] = palette.shade(series(cells[chart.color.output]))
        rows.append(row)
    named = () if continuous or chart.mark == "histogram" else (chart.x.output,)  # along x stand names, and they stay as they are
    parse = {f"c{i}": "number" for i in inexact if i not in named}
    return alt.Data(values=rows, **({"format": alt.DataFormat(parse=parse)} if parse else {}))


def _tooltips(table: ResultTable, chart: Chart) -> list[alt.Tooltip]:
    inexact, found = _inexact(table), []
    for i in range(len(table.columns)):
        kind, title = kind_of(table, i), _in_expression(table.heading(i))
        kind = kind if chart.mark in CONTINUOUS or kind == "quantitative" else "nominal"
        exact = alt.Tooltip(f"t{i}", type="nominal", title=title)
        found.append(exact if i in inexact else alt.Tooltip(f"c{i}", type=kind, title=title, **_format(table, i)))
    return found


def _inexact(table: ResultTable) -> list[int]:
    """Columns of numbers of which a double cannot hold some."""
    numbers = [i for i in range(len(table.columns)) if kind_of(table, i) == "quantitative"]
    return [i for i in numbers if any(isinstance(plain(row[i]), str) for row in table.rows)]


def suggest(table: ResultTable) -> Chart:
    """The chart that fits a result: a line over time, points for two numbers, else bars, lying when there are many."""
    kinds = [kind_of(table, i) for i in range(len(table.columns))]
    numbers = [i for i, kind in enumerate(kinds) if kind == "quantitative"]
    if not numbers:
        return Chart(mark="histogram", x=Ref(output=0), y=Ref(output=0))
    y = numbers[-1]
    x = next((i for i in range(len(kinds)) if i != y), y)
    if x == y:
        return Chart(mark="histogram", x=Ref(output=_output(x)), y=Ref(output=_output(y)))
    mark = {"temporal": "line", "quantitative": "scatter"}.get(kinds[x], "bar" if len(table.rows) <= 12 else "barh")
    return Chart.model_validate({"mark": mark, "x": {"output": x, "kind": "ref"}, "y": {"output": y, "kind": "ref"}})


def _cell(cell: Any, continuous: bool) -> Any:
    # Vega reads a bare date as UTC and draws it in local time, a day early west of Greenwich; with a time of day it is local.
    is_day = isinstance(cell, date) and not isinstance(cell, datetime)
    return f"{cell.isoformat()}T00:00:00" if continuous and is_day else plain(cell)


def _in_expression(name: str) -> str:
    """A title of a tooltip, which Vega-Lite puts into an expression: it escapes quotes but neither backslashes nor line breaks."""
    return '"'.join(json.dumps(part, ensure_ascii=False)[1:-1] for part in name.split('"'))


def _output(index: int) -> Any:
    return min(index, 7)


def _placed(chart: Chart, columns: int) -> Chart:
    """The chart with references that exist: the spec's own when they do, else the nearest column."""
    last = columns - 1
    x, y = min(chart.x.output, last), min(chart.y.output, last)
    color = chart.color if chart.color and chart.color.output <= last else None
    return chart.model_copy(update={"x": Ref(output=_output(x)), "y": Ref(output=_output(y)), "color": color})


def _axis(channel: Any, table: ResultTable, ref: Ref, **more: Any) -> Any:
    name, written = table.heading(ref.output), _format(table, ref.output)
    if channel in (alt.X, alt.Y) and written:
        more["axis"] = alt.Axis(**written)
    if channel is alt.Color and written:
        more["legend"] = alt.Legend(**written)
    return channel(f"c{ref.output}", type=kind_of(table, ref.output), title=name, **more)


def _format(table: ResultTable, column: int) -> dict[str, Any]:
    """d3's format of a column's numbers, where it is not the usual one."""
    written = D3.get(table.written_as(column))
    return {"format": written} if written and kind_of(table, column) == "quantitative" else {}


def _color(table: ResultTable, chart: Chart) -> dict[str, Any]:
    return {"color": _axis(alt.Color, table, chart.color)} if chart.color else {}


def _x(table: ResultTable, chart: Chart) -> Any:
    # Bars and lines keep the order of the result, which is the order the question asked for.
    kind = kind_of(table, chart.x.output)
    return _axis(alt.X, table, chart.x, sort=None) if kind == "nominal" else _axis(alt.X, table, chart.x)


def _bar(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    x = alt.X(f"c{chart.x.output}", type="ordinal", sort=None, title=table.heading(chart.x.output))
    return base.mark_bar().encode(x=x, y=_axis(alt.Y, table, chart.y), **_color(table, chart))


def _grouped(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    bars, y = _bar(base, table, chart), _axis(alt.Y, table, chart.y, stack=None)
    return bars.encode(y=y, xOffset=alt.XOffset(f"c{chart.color.output}", type="nominal")) if chart.color else bars


def _barh(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    y = alt.Y(f"c{chart.x.output}", type="ordinal", sort=None, title=table.heading(chart.x.output))
    return base.mark_bar().encode(y=y, x=_axis(alt.X, table, chart.y), **_color(table, chart))


def _grouped_h(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    bars, x = _barh(base, table, chart), _axis(alt.X, table, chart.y, stack=None)
    return bars.encode(x=x, yOffset=alt.YOffset(f"c{chart.color.output}", type="nominal")) if chart.color else bars


def _line(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    return base.mark_line(point=len(table.rows) <= TOO_MANY_BARS).encode(
        x=_x(table, chart), y=_axis(alt.Y, table, chart.y), **_color(table, chart)
    )


def _area(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    return base.mark_area(opacity=0.7).encode(x=_x(table, chart), y=_axis(alt.Y, table, chart.y), **_color(table, chart))


def _scatter(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    return base.mark_point().encode(x=_x(table, chart), y=_axis(alt.Y, table, chart.y), **_color(table, chart))


def _arc(inner: int):
    def pie(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
        color = alt.Color(f"c{chart.x.output}", type="nominal", sort=None, title=table.heading(chart.x.output))
        return base.mark_arc(innerRadius=inner).encode(theta=_axis(alt.Theta, table, chart.y, stack=True), color=color)

    return pie


def _histogram(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    numeric = kind_of(table, chart.x.output) == "quantitative"
    x = _axis(alt.X, table, chart.x, bin=True) if numeric else _axis(alt.X, table, chart.x, sort="-y")
    return base.mark_bar().encode(x=x, y=alt.Y("count()", title="rows"))


def _shade(table: ResultTable, chart: Chart) -> tuple[Ref, Ref]:
    """The number of a heatmap, which may stand at y or at color, and the other of the two."""
    shade, other = chart.color or chart.y, chart.y
    return (shade, other) if kind_of(table, shade.output) == "quantitative" else (other, shade)


def _heatmap(base: alt.Chart, table: ResultTable, chart: Chart) -> alt.Chart:
    shade, other = _shade(table, chart)
    return base.mark_rect().encode(
        x=alt.X(f"c{chart.x.output}", type="ordinal", sort=None, title=table.heading(chart.x.output)),
        y=alt.Y(f"c{other.output}", type="ordinal", sort=None, title=table.heading(other.output)),
        color=_axis(alt.Color, table, shade),
    )


def _number(table: ResultTable, title: str) -> alt.Chart:
    data = alt.Data(values=[{"text": shown(table.rows[0][0], table.written_as(0))}])
    return alt.Chart(data, title=title or table.heading(0), width=WIDTH, height=120).mark_text(size=64).encode(text="text:N")


_MARKS = {
    "bar": _bar,
    "stacked": _bar,
    "grouped": _grouped,
    "barh": _barh,
    "line": _line,
    "area": _area,
    "scatter": _scatter,
    "pie": _arc(0),
    "donut": _arc(90),
    "histogram": _histogram,
    "heatmap": _heatmap,
}
_APART = {"bar": _grouped, "barh": _grouped_h, "area": _line}
