"""Colours of series: no two series that can be told apart only by their colour have the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt

from microgt.engine.result import ResultTable
from microgt.product.cells import is_number, kind_of, shown
from microgt.spec.types import Chart

# Okabe and Ito, Color Universal Design (2008): told apart with every kind of colour vision. The last is a grey.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7a7a7a")
_MARKS = ("bar", "barh", "stacked", "grouped", "line", "area", "scatter")  # that have a colour for each series
SHADE = "k"  # the field of a row that says which colour it has


@dataclass(frozen=True)
class Palette:
    """own: series with a colour of their own. others: how many share the grey; none when there are colours for all."""

    own: tuple[str, ...]
    others: int

    @property
    def rest(self) -> str:
        """What the legend calls those that share the grey."""
        return f"{self.others} others"

    def shade(self, name: str) -> str:
        """What the legend calls the series."""
        return name if name in self.own else self.rest

    def channels(self, field: str, title: str) -> dict[str, Any]:
        """Of an encoding: colours, by which series are not told apart any more, and what tells them apart."""
        scale = alt.Scale(domain=[*self.own, self.rest])
        return {"color": alt.Color(f"{SHADE}:N", title=title, scale=scale), "detail": alt.Detail(f"{field}:N")}

    def reason(self, title: str) -> str:
        """Why not all have a colour."""
        own = f"the {len(self.own)} largest of {len(self.own) + self.others}"
        return f"{own} by {title} have colours, the others are grey: more cannot be told apart"


def palette(sizes: Mapping[str, float]) -> Palette | None:
    """Of series by their sizes; None when there are colours for all."""
    if len(sizes) <= len(COLOURS):
        return None
    own = sorted(sizes, key=lambda name: -sizes[name])[: len(COLOURS) - 1]
    return Palette(tuple(own), len(sizes) - len(own))


def colours(table: ResultTable, chart: Chart) -> Palette | None:
    """Of a chart with more series than colours."""
    if not chart.color or chart.mark not in _MARKS or kind_of(table, chart.color.output) != "nominal":
        return None
    sizes: dict[str, float] = {}
    for row in table.rows:
        name, size = series(row[chart.color.output]), row[chart.y.output]
        sizes[name] = sizes.get(name, 0.0) + (abs(float(size)) if is_number(size) else 0.0)
    return palette(sizes)


def series(cell: Any) -> str:
    """The name of a series."""
    return shown(cell) or "null"


def titled(title: str, reasons: tuple[str, ...]) -> Any:
    """A title of a chart, with the reasons why it is not as it was asked for below it."""
    if not reasons:
        return title
    return alt.Title(title or " ", subtitle=wrap("; ".join(reasons), 90))
