"""From when to when rows reach, and where there are none."""

from __future__ import annotations

from typing import Any

from microgt.forecast.series import count_from, start_of
from microgt.profile.ask import Questions, of_table
from microgt.profile.facts import Dates
from microgt.schema.catalog import quoted

GRAINS = ("day", "week", "month", "quarter", "year")
MOST_GAPS = 3
_HALF = 0.5


def dates_of(table: str, column: str, ask: Questions) -> Dates | None:
    """Of one column; None when it has no date or cannot be read."""
    name = f"CAST({quoted(column)} AS TIMESTAMP)"
    source = f"{of_table(table)} WHERE {quoted(column)} IS NOT NULL AND isfinite({name})"
    counted = ", ".join(f"count(DISTINCT date_trunc('{grain}', {name}))" for grain in GRAINS)
    row = ask.row(f"SELECT min({name}), max({name}), {counted} FROM {source}", f"dates of {table}.{column}")
    if row is None or row[0] is None:
        return None
    first, last, *counts = row
    periods = [count_from(start_of(first, grain), last, grain) for grain in GRAINS]
    dense = next((i for i, (have, all_) in enumerate(zip(counts, periods, strict=True)) if have >= _HALF * all_), None)
    shown = len(GRAINS) - 1 if dense is None else dense
    return Dates(
        column=column,
        first=_text(first),
        last=_text(last),
        grain=None if dense is None else GRAINS[dense],
        periods=periods[shown],
        covered=int(counts[shown]),
        gaps=_gaps(name, source, GRAINS[shown], f"gaps of {table}.{column}", ask),
    )


def _gaps(name: str, source: str, grain: str, what: str, ask: Questions) -> tuple[tuple[str, str, int], ...]:
    """The longest times without a row that leave out whole periods."""
    bucket = f"date_trunc('{grain}', {name})"
    inner = f"SELECT {bucket} AS b, min({name}) AS since, max({name}) AS until FROM {source} GROUP BY 1"
    pairs = f"SELECT b, until, lead(b) OVER (ORDER BY b) AS following, lead(since) OVER (ORDER BY b) AS again FROM ({inner})"
    sql = (
        f"SELECT CAST(until AS DATE), CAST(again AS DATE), date_diff('day', until, again) FROM ({pairs}) "
        f"WHERE following > b + INTERVAL '1 {grain}' ORDER BY 3 DESC, 1 LIMIT {MOST_GAPS}"
    )
    return tuple((str(begin), str(end), int(days)) for begin, end, days in ask.rows(sql, what) or ())


def _text(moment: Any) -> str:
    return str(moment.date()) if moment == start_of(moment, "day") else str(moment)
