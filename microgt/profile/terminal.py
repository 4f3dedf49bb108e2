"""A profile in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from microgt.profile.facts import Profile, Table
from microgt.profile.words import about, joined

SHOWN_COLUMNS = 60


def shown(profile: Profile) -> RenderableType:
    """All tables, then how they hang together, then what could not be found out."""
    parts: list[RenderableType] = [part for table in profile.tables for part in _table(table)]
    if profile.joins:
        parts += [Text("joins", style="bold"), *(Text(f"  {joined(join)}") for join in profile.joins)]
    parts += [Text(f"not found out: {line}", style="dim") for line in profile.skipped]
    parts.append(Text(f"data version {profile.data_version}", style="dim"))
    return Group(*parts)


def _table(table: Table) -> Iterator[RenderableType]:
    yield Text(f"{table.name}: {table.rows:,} rows, {len(table.columns):,} columns", style="bold")
    yield _columns(table)
    rest = len(table.columns) - SHOWN_COLUMNS
    if rest > 0:
        yield Text(f"... {rest:,} more columns: --json and --html have all", style="dim")
    yield from (Text(line) for line in about(table))
    yield from (Text(f"can bear: {line}", style="green") for line in table.bears)
    yield from (Text(f"cannot bear: {line}", style="yellow") for line in table.lacks)
    yield Text("")


def _columns(table: Table) -> Grid:
    grid = Grid(header_style="bold", box=None, pad_edge=False)
    for name, justify in (
        ("column", "left"),
        ("type", "left"),
        ("NULL", "right"),
        ("distinct", "right"),
        ("least", "left"),
        ("greatest", "left"),
    ):
        grid.add_column(name, justify=justify, overflow="fold")  # pyright: ignore[reportArgumentType]
    grid.add_column("beware", overflow="fold")
    for column in table.columns[:SHOWN_COLUMNS]:
        distinct = "" if column.distinct is None else f"{column.distinct:,}"
        cells = (column.name, column.type, f"{column.nulls:,}", distinct, column.low or "", column.high or "", "; ".join(column.notes))
        grid.add_row(*map(Text, cells))
    return grid
