"""Which analyses a table bears, and which it does not, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from microgt.errors import InsufficientData
from microgt.forecast import Series, season_of
from microgt.forecast.rules import LONGEST, refuse_too_short, season_in, seasonal_from
from microgt.forecast.series import as_period
from microgt.profile.ask import Questions, of_table
from microgt.profile.dates import GRAINS
from microgt.profile.facts import Column, Dates, Table
from microgt.schema.catalog import quoted
from microgt.schema.roles import Role

MOST_GROUPS, FEW_ROWS, MOST_NAMED, MOST_DATES = 50, 5, 6, 3
MOST_NUMBERS = 12  # different ones that are groups


def bears(table: Table, ask: Questions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What it bears, and what it does not."""
    found: list[tuple[bool, str]] = [*_totals(table), *_groups(table, ask), *_time(table, ask), *_rows(table)]
    return tuple(text for good, text in found if good), tuple(text for good, text in found if not good)


def _totals(table: Table) -> Iterator[tuple[bool, str]]:
    numbers = [c for c in table.columns if c.kind == "number" and (c.distinct or 0) > 1]
    summed, averaged = ([c for c in numbers if c.role is role] for role in (Role.QUANTITY, Role.GRADE))
    if summed:
        yield True, f"totals and averages of {_named(c.name for c in summed)}"
    if averaged:
        yield True, f"averages of {_named(c.name for c in averaged)}, whose totals mean nothing"
    if not summed and not averaged:
        yield False, "no totals or averages but counts of rows: no column holds quantities"
    holes = [c for c in (*summed, *averaged) if c.nulls > table.rows / 5]
    if holes:
        yield False, f"averages of all rows: of {_named(f'{c.name} {c.nulls / table.rows:.0%}' for c in holes)} is NULL and left out"
    texts = [c for c in table.columns if c.role in (Role.QUANTITY, Role.GRADE) and c.texts_are(c.numeric, table.rows)]
    if texts:
        yield False, f"totals of {_named(c.name for c in texts)}: these numbers are text"


def _is_group(column: Column, table: Table) -> bool:
    """Words, and whole numbers that name something or are few: those stand in several rows each."""
    if not column.distinct or not 2 <= column.distinct <= MOST_GROUPS:
        return False
    if column.kind == "boolean" or (column.kind == "text" and not column.texts_are(column.numeric, table.rows)):
        return True
    whole = not column.decorated if column.kind == "text" else "INT" in column.type
    few = column.role is Role.LABEL or (column.role is not Role.KEY and column.distinct <= MOST_NUMBERS)
    rows = FEW_ROWS if column.role is Role.QUANTITY else 2
    return whole and few and rows * column.distinct <= table.rows - column.nulls


def _groups(table: Table, ask: Questions) -> Iterator[tuple[bool, str]]:
    groups = [c for c in table.columns if _is_group(c, table)]
    if not groups:
        yield False, f"no comparison of groups: no column of words or of few whole numbers has 2 to {MOST_GROUPS} different values"
        return
    yield True, f"comparison by {_named(f'{c.name} ({c.distinct} groups)' for c in groups)}"
    if len(groups) > MOST_NAMED:
        ask.skipped.append(f"sizes of groups of {table.name}: of {len(groups):,} columns only the first {MOST_NAMED} were looked at")
    for column in groups[:MOST_NAMED]:
        name = quoted(column.name)
        groups_of = f"SELECT {name} FROM {of_table(table.name)} WHERE {name} IS NOT NULL GROUP BY 1 HAVING count(*) < {FEW_ROWS}"
        sql = f"SELECT count(*) FROM ({groups_of})"
        few = ask.number(sql, f"groups of {table.name}.{column.name}")
        if few:
            yield (
                False,
                f"averages by {column.name}: in {few} of its {column.distinct} groups there are fewer than {FEW_ROWS} rows",
            )


def _time(table: Table, ask: Questions) -> Iterator[tuple[bool, str]]:
    if not table.dates:
        yield False, "no trend, no forecast, nothing about last year: there is no column of dates"
    if len(table.dates) > MOST_DATES:
        ask.skipped.append(f"trends of {table.name}: of {len(table.dates)} columns of dates only the first {MOST_DATES} were looked at")
    for dates in table.dates[:MOST_DATES]:
        if dates.covered >= 2 and dates.grain:
            yield True, f"a trend by {dates.grain} of {dates.column}, {dates.first} to {dates.last}"
        yield _forecast(table, dates, ask)


def _forecast(table: Table, dates: Dates, ask: Questions) -> tuple[bool, str]:
    """The finest grain with periods enough; otherwise why the coarsest that comes nearest has too few."""
    why = ""
    for grain in GRAINS[1:]:
        series = _counts(table.name, dates, grain, ask)
        if series is None:
            continue
        try:
            refuse_too_short(series, 1)
        except InsufficientData as error:
            why = f"by {grain} {error}"
            continue
        return True, f"a forecast by {grain} of {dates.column}: at most {len(series) // LONGEST} of them ahead{_seasons(series)}"
    rate = f"{table.rows:,} rows in {dates.periods} {dates.grain or 'year'}s" if dates.periods else "no row"
    return False, f"no forecast along {dates.column} ({rate}): {why or 'its periods cannot be counted'}"


def _seasons(series: Series) -> str:
    if season_of(series.unit) == 1:
        return ""
    if season_in(series) > 1:
        return f", with its seasons of {season_of(series.unit)} {series.unit}s"
    return f", without seasons: these need {seasonal_from(series.unit)} {series.unit}s, and there are {len(series)}"


def _counts(table: str, dates: Dates, grain: str, ask: Questions) -> Series | None:
    """Rows a period, without the first and the last, which may not be whole."""
    name = f"CAST({quoted(dates.column)} AS TIMESTAMP)"
    sql = (
        f"SELECT date_trunc('{grain}', {name}), count(*) FROM {of_table(table)} "
        f"WHERE {quoted(dates.column)} IS NOT NULL AND isfinite({name}) GROUP BY 1 ORDER BY 1"
    )
    rows = ask.rows(sql, f"{grain}s of {table}.{dates.column}")
    if not rows:
        return None
    cells: dict[date, float | None] = {as_period(start, grain): count for start, count in rows}
    series = Series.regular(cells, grain, first=min(cells), last=max(cells), fill=0.0)
    return Series(grain, series.first, series.values[1:-1])


def _rows(table: Table) -> Iterator[tuple[bool, str]]:
    if table.rows < FEW_ROWS:
        yield False, f"nothing that needs numbers: it has {table.rows} row{'' if table.rows == 1 else 's'}"
    if table.duplicates:
        plural = "s" if table.duplicates > 1 else ""
        yield False, f"counts and totals without a look at its {table.duplicates:,} duplicate row{plural}"


def _named(names: Iterable[str]) -> str:
    listed = list(names)
    more = len(listed) - MOST_NAMED
    return ", ".join(listed[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
