"""A forecast drawn on from its past: a dashed line in its band."""

from __future__ import annotations

from typing import Any

import altair as alt

from microgt.engine.result import ResultTable
from microgt.product.cells import plain
from microgt.product.forecast import Forecasted
from microgt.product.palette import SHADE, palette, titled
from microgt.product.written import D3

PAST, COMING, LOW, HIGH = "past", "forecast", "low", "high"


def layers(base: alt.Chart, past: ResultTable, forecast: Forecasted) -> alt.LayerChart:
    """Past and future of each series. base: a chart with a title and a size, whose data are replaced.

    past: the rows that were continued. The future begins at the last known value, so that the line is one.
    """
    asked = forecast.asked
    rows = [_row(row[asked.by], tuple(row[i] for i in asked.series), row[asked.of]) for row in past.rows if row[asked.by] is not None]
    rows.sort(key=lambda row: row["t"])
    rows += _coming(forecast, rows)
    found = palette(_sizes(rows))
    named = ", ".join(past.heading(i) for i in asked.series)
    color: dict[str, Any] = {"color": alt.Color("s:N", title=named)} if asked.series else {}
    if found:
        rows = [row | {SHADE: found.shade(row["s"])} for row in rows]
        color = found.channels("s", named)
        base = base.properties(title=titled(base.title, (found.reason(named),)))
    exact = any(isinstance(row["v"], str) for row in rows)  # a double cannot hold all values
    parse = {"format": alt.DataFormat(parse=dict.fromkeys(("v", LOW, HIGH), "number"))} if exact else {}
    data = base.properties(data=alt.Data(values=[row | {"exact": row["v"]} for row in rows] if exact else rows, **parse))
    x = alt.X("t:T", title=past.heading(asked.by))
    scale = alt.Scale(domain=[PAST, COMING], range=[[1, 0], [5, 4]])
    form: dict[str, Any] = {"format": D3[written]} if (written := past.written_as(asked.of)) in D3 else {}
    numbers = [alt.Tooltip(f"{of}:Q", title=title, **form) for of, title in (("v", "value"), (LOW, LOW), (HIGH, HIGH))]
    if exact:
        numbers[0] = alt.Tooltip("exact:N", title="value")
    line = data.mark_line(point=len(rows) <= 60).encode(
        x=x,
        y=alt.Y("v:Q", title=past.heading(asked.of), axis=alt.Axis(**form)),
        strokeDash=alt.StrokeDash("part:N", scale=scale, title=None),
        tooltip=[alt.Tooltip("t:T", title="period"), *numbers],
        **color,
    )
    band = data.transform_filter(f"isValid(datum.{LOW})").mark_area(opacity=0.2).encode(x=x, y=f"{LOW}:Q", y2=f"{HIGH}:Q", **color)
    return alt.LayerChart(layer=[band, line])


def _sizes(rows: list[dict[str, Any]]) -> dict[str, float]:
    """How large each series is."""
    sizes: dict[str, float] = {}
    for row in rows:
        sizes[row["s"]] = sizes.get(row["s"], 0.0) + abs(float(row["v"] or 0))
    return sizes


def _row(period: Any, name: tuple[Any, ...], value: Any, part: str = PAST, low: Any = None, high: Any = None) -> dict[str, Any]:
    moment = plain(period)
    return {
        "t": moment if "T" in moment else f"{moment}T00:00:00",  # a bare date would be read as UTC
        "s": ", ".join(str(plain(cell)) for cell in name),
        "v": plain(value),
        "part": part,
        LOW: low,
        HIGH: high,
    }


def _coming(forecast: Forecasted, past: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for one in forecast.found:
        low, high = (side or (None,) * len(one.points) for side in (one.low, one.high))
        coming = [
            _row(*row)
            for row in zip(one.periods, (one.name,) * len(one.points), one.points, (COMING,) * len(one.points), low, high, strict=True)
        ]
        known = [row for row in past if row["s"] == coming[0]["s"] and row["t"] < coming[0]["t"]]
        if known:
            joint = known[-1] | {"part": COMING}
            found.append(joint | {LOW: joint["v"], HIGH: joint["v"]} if one.low else joint)
        found += coming
    return found
