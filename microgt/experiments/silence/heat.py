"""A measurement as a heat map and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from microgt.experiments.report.charts import svg
from microgt.experiments.report.page import page, table
from microgt.experiments.silence.measure import Measurement
from microgt.files import write_text

if TYPE_CHECKING:
    import altair as alt

SHOWN = 15  # of the parts that matter most


def write_heat_map(found: Measurement, path: Path, *, command: str) -> list[Path]:
    """Write `path` (.md), the picture (.svg) and a page (.html) beside it; return the files."""
    title = f"What is lost without a {found.what}"
    head, lines = ("silent", "lost", "95% interval", "wrong now", "right now"), _rows(found)
    notes = [
        f"Checkpoint {found.checkpoint}: {found.accuracy:.1%} of {found.asked} questions of {found.data} {found.split} right, answered "
        f"greedily. {len(found.parts)} parts were silenced, one at a time, without training again.",
        "lost: percentage points of execution accuracy; 95% interval: when databases are drawn again (paired cluster bootstrap), "
        f"each part by itself. The table has the {min(SHOWN, len(found.parts))} parts that matter most.",
    ]
    picture = svg(heat_map(found))
    image = write_text(path.with_suffix(".svg"), picture)
    text = [
        "# " + title,
        "",
        f"Made by `{command}`.",
        "",
        *(f"{note}\n" for note in notes),
        f"![{title}]({image.name})",
        "",
        *table(head, lines),
    ]
    whole = page(title=title, command=command, head=head, rows=lines, notes=notes, pictures={title: picture})
    return [write_text(path, "\n".join(text) + "\n"), write_text(path.with_suffix(".html"), whole), image]


def _rows(found: Measurement) -> Sequence[tuple[str, ...]]:
    drops = sorted(((*found.drop(part), name, part) for name, part in found.parts.items()), key=lambda row: (-row[0], row[2]))
    return [
        (name, f"{100 * drop:+.1f}", _interval(interval), str(len(part.lost)), str(len(part.won)))
        for drop, interval, name, part in drops[:SHOWN]
    ]


def _interval(interval: tuple[float, float] | None) -> str:
    return f"{100 * interval[0]:+.1f} to {100 * interval[1]:+.1f}" if interval else ""


def heat_map(found: Measurement) -> alt.LayerChart | alt.FacetChart:
    """Rows by columns; the drop in points stands in each cell too, so that nothing hangs on telling colours apart."""
    import altair as alt

    values = [{"row": p.row, "column": p.column, "drop": 100 * found.drop(p)[0]} for p in found.parts.values()]
    most = max((abs(v["drop"]) for v in values), default=0.0) or 1.0
    for value in values:
        value["dark"] = abs(value["drop"]) > 0.6 * most
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("column:N", title=None, sort=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=200)),
        y=alt.Y("row:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
    )
    scale = alt.Scale(scheme="blueorange", domain=[-most, most], domainMid=0)
    cells = base.mark_rect(stroke="white").encode(color=alt.Color("drop:Q", scale=scale, title="points lost"))
    shade = alt.condition("datum.dark", alt.value("white"), alt.value("black"))
    return alt.layer(cells, base.mark_text().encode(text=alt.Text("drop:Q", format="+.1f"), color=shade)).properties(
        width=alt.Step(76), height=alt.Step(22)
    )
