"""An answer in the terminal: the spec in words, the SQL, the table, and a bar chart of characters."""

from __future__ import annotations

import math
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from microgt.engine.result import ResultTable
from microgt.errors import SeveralReadings
from microgt.product.answered import DROPPED, Answered
from microgt.product.cells import days, shown
from microgt.spec.types import Chart

SHOWN_ROWS = 20
BAR_WIDTH = 40  # characters
_EIGHTHS = " ▏▎▍▌▋▊▉"


def answer(answered: Answered) -> RenderableType:
    """All of an answer, in the order in which a careful reader wants it."""
    parts: list[RenderableType] = [
        Text(answered.words, style="bold"),
        *_changes(answered),
        Syntax(answered.sql, "sql", theme="ansi_dark", background_color="default", word_wrap=True),
        result(answered.table),
    ]
    drawn = bars(answered.table, answered.view) if isinstance(answered.view, Chart) else None
    if drawn:
        parts.append(drawn)
    if answered.forecast and answered.forecast.found:
        parts += [Text("forecast", style="bold"), result(answered.forecast.table)]
        parts += [Text(line, style="dim") for line in answered.forecast.told()]
    parts.append(Text(_checked_by(answered), style="dim"))
    parts += [Text(_told(value.value, value.source, value.words, value.columns), style="dim") for value in answered.values]
    parts += [Text(note, style="dim") for note in answered.notes]
    parts += [Text(f"warning: {warning}", style="yellow") for warning in answered.warnings]
    return Group(*parts)


def _checked_by(answered: Answered) -> str:
    """What is needed to get the same answer again."""
    by = f"checkpoint {answered.checkpoint}" if answered.checkpoint else ""
    sure, data, rows = f"confidence {answered.confidence:.0%}", f"data version {answered.data_version}", f"{answered.row_count:,} rows"
    return " · ".join(filter(None, (sure, data, rows, by, at(answered))))


def at(answered: Answered) -> str:
    """When it was answered, to the second."""
    return f"{answered.answered_at:%Y-%m-%d %H:%M:%S} UTC"


def _changes(answered: Answered) -> list[Text]:
    """What an edit did to the previous answer."""
    if answered.intent != "edit":
        return []
    return [Text(str(change), style="cyan") for change in answered.changes] or [Text("nothing changed: it means the same", style="cyan")]


def readings(several: SeveralReadings) -> RenderableType:
    """The readings of a question with their numbers."""
    grid = Table.grid(padding=(0, 1))
    for number, answered in enumerate(several.readings, 1):
        grid.add_row(Text(str(number), style="bold"), Text(answered.words))
    dropped = [Text(f"warning: {DROPPED}: {text}", style="yellow") for text in several.dropped]
    return Group(grid, *dropped)


def result(table: ResultTable) -> RenderableType:
    """The first rows as a table; numbers to the right."""
    table = days(table)
    grid = Table(header_style="bold", box=None, pad_edge=False)
    for i, name in enumerate(table.columns):
        grid.add_column(Text(name), justify="right" if _numeric(table, i) else "left", overflow="fold")
    for row in table.rows[:SHOWN_ROWS]:
        grid.add_row(*(Text(shown(cell, table.written_as(i))) for i, cell in enumerate(row)))
    rest = len(table.rows) - SHOWN_ROWS
    more = f"... {rest:,} more rows" + (" and beyond, cut at the row cap" if table.truncated else "")
    return Group(grid, Text(more, style="dim")) if rest > 0 else grid


def bars(table: ResultTable, view: Chart) -> RenderableType | None:
    """One bar a row: label, bar, number. None where bars say nothing: no row, or y is no number or is negative somewhere."""
    table = days(table)
    last = len(table.columns) - 1
    x, y = min(view.x.output, last), min(view.y.output, last)
    numbers = [row[y] for row in table.rows[:SHOWN_ROWS]]
    if x == y or not _numeric(table, y) or any(n is not None and (n < 0 or not math.isfinite(n)) for n in numbers):
        return None
    top = max((float(n) for n in numbers if n is not None), default=0.0)
    grid = Table.grid(padding=(0, 1))
    for justify in ("left", "left", "right"):
        grid.add_column(justify=justify)
    for row, number in zip(table.rows, numbers, strict=False):
        of = [x, *([view.color.output] if view.color and view.color.output <= last else [])]
        label = " · ".join(shown(row[i], table.written_as(i)) for i in of)
        grid.add_row(Text(label), Text(bar(float(number or 0), top), style="cyan"), Text(shown(number, table.written_as(y))))
    return grid if top else None


def bar(number: float, top: float, width: int = BAR_WIDTH) -> str:
    """A bar of eighth blocks, `width` characters at `top`."""
    eighths = round(number / top * width * 8) if top else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _numeric(table: ResultTable, index: int) -> bool:
    cells = [row[index] for row in table.rows if row[index] is not None]
    return bool(cells) and all(isinstance(c, int | float | Decimal) and not isinstance(c, bool) for c in cells)


def _told(value: object, source: str, words: str, columns: tuple[str, ...]) -> str:
    read = f' from "{words}"' if words else ""
    held = f", in {', '.join(columns[:3])}" if columns else ""
    return f"value {value!r}: {source}{read}{held}"
