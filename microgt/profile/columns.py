"""The figures of columns: forty a query, so that a table of thousands takes dozens."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Any

from microgt.profile.ask import Questions, of_table
from microgt.profile.facts import Column
from microgt.schema.catalog import quoted
from microgt.schema.roles import Role, role_of
from microgt.schema.types import Column as SchemaColumn
from microgt.schema.types import ColumnType, Table

AT_ONCE = 40
EXACT_ROWS = 200_000  # in more, different values are estimated
_FENCE = 3.0  # Tukey's outer fence, in widths of the middle half
_PLAIN = (ColumnType.NUMBER, ColumnType.TEXT, ColumnType.TIME, ColumnType.BOOLEAN)

# Name of a figure -> its SQL; {c} is the column.
_ANY = {"count": "count({c})", "type": "any_value(typeof({c}))"}
_ORDERED = {"low": "left(CAST(min({c}) AS VARCHAR), 60)", "high": "left(CAST(max({c}) AS VARCHAR), 60)"}
_QUARTILES = "(quantile_cont(CAST({c} AS DOUBLE), [0.25, 0.5, 0.75]) FILTER (isfinite(CAST({c} AS DOUBLE))))"  # computed once
_NUMBER = {
    "mean": "avg(CAST({c} AS DOUBLE)) FILTER (isfinite(CAST({c} AS DOUBLE)))",
    **{name: f"{_QUARTILES}[{i}]" for i, name in enumerate(("q25", "q50", "q75"), 1)},
}
_CURRENCY = r"(\p{Sc}|USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|kr|zł)"
_APART = (r"\d{1,3}(,\d{3})+(\.\d+)?", r"\d{1,3}([.''’]\d{3})+([.,]\d+)?", r"\d{1,3}([ \x{a0}\x{202f}]\d{3})+,\d+", r"\d+([.,]\d+)?")
_DECORATED = rf"\(?[-+−]?\s*{_CURRENCY}?\s*[-+−]?({'|'.join(_APART)})\s*({_CURRENCY}|%)?\)?"  # as in $1,234.50, 1.234,50 € and (20%)
_PLAIN_NUMBER = "TRY_CAST(CAST({c} AS VARCHAR) AS DOUBLE) IS NOT NULL"
_DATED = r"\d{1,2}[/.]\d{1,2}[/.]\d{4}( \d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?)?"  # as in 02/03/2024 5:07 PM; others can be cast
_TEXT = {
    "empty": "count(*) FILTER (trim(CAST({c} AS VARCHAR)) = '')",
    "plain": f"count(*) FILTER ({_PLAIN_NUMBER})",
    "decorated": f"count(*) FILTER (NOT {_PLAIN_NUMBER} AND regexp_full_match(trim(CAST({{c}} AS VARCHAR)), '{_DECORATED}'))",
    "dated": (
        "count(*) FILTER (TRY_CAST(CAST({c} AS VARCHAR) AS TIMESTAMP) IS NOT NULL "
        f"OR regexp_full_match(trim(CAST({{c}} AS VARCHAR)), '{_DATED}'))"
    ),
}
Found = dict[str, Any]


def columns_of(table: Table, ends: Container[str], rows: int, ask: Questions) -> tuple[Column, ...]:
    """All columns of a table, in its order. ends: ids of columns that refer to others, or are referred to."""
    found: list[Found] = []
    for begin in range(0, len(table.columns), AT_ONCE):
        found += _figures(table.columns[begin : begin + AT_ONCE], table.name, rows, ask)
    roles = (role_of(column.words, column.primary or column.id in ends) for column in table.columns)
    return tuple(_column(*parts, rows) for parts in zip(table.columns, roles, found, strict=True))


def _figures(columns: Sequence[SchemaColumn], table: str, rows: int, ask: Questions) -> list[Found]:
    """Of several columns at once; one by one where that fails, so that one column of a strange type costs only itself."""
    wanted = [_wanted(column, rows) for column in columns]
    selected = [
        sql.replace("{c}", quoted(column.name)) for column, figures in zip(columns, wanted, strict=True) for sql in figures.values()
    ]
    what = columns[0].id if len(columns) == 1 else f"{columns[0].id} to {columns[-1].name}"
    failed = len(ask.skipped)
    row = ask.row(f"SELECT {', '.join(selected)} FROM {of_table(table)}", f"figures of {what}")
    if row is None and len(columns) > 1:
        del ask.skipped[failed:]
        return [_figures([column], table, rows, ask)[0] for column in columns]
    cells = iter(row or ())
    found = [{name: next(cells, None) for name in figures} for figures in wanted]
    _add_outliers(columns, table, found, ask)
    return found


def _wanted(column: SchemaColumn, rows: int) -> dict[str, str]:
    wanted = dict(_ANY)
    if column.type in _PLAIN:
        wanted |= {"distinct": "count(DISTINCT {c})" if rows <= EXACT_ROWS else "approx_count_distinct({c})", **_ORDERED}
    if column.type is ColumnType.NUMBER:
        wanted |= _NUMBER
    return wanted | _TEXT if column.type is ColumnType.TEXT else wanted


def _add_outliers(columns: Sequence[SchemaColumn], table: str, found: list[Found], ask: Questions) -> None:
    fenced = []
    for column, figures in zip(columns, found, strict=True):
        low, high = figures.get("q25"), figures.get("q75")
        if low is not None and high is not None and high > low:
            width = _FENCE * (high - low)
            number = f"CAST({quoted(column.name)} AS DOUBLE)"
            fenced.append((figures, f"count(*) FILTER ({number} < {low - width!r} OR {number} > {high + width!r})"))
    if fenced:
        sql = f"SELECT {', '.join(sql for _, sql in fenced)} FROM {of_table(table)}"
        for (figures, _), count in zip(fenced, ask.row(sql, f"outliers of {table}") or [None] * len(fenced), strict=True):
            figures["outliers"] = count


def _column(column: SchemaColumn, role: Role, found: Found, rows: int) -> Column:
    count = found["count"]
    decorated = found.get("decorated") or 0
    made = Column(
        name=column.name,
        kind=str(column.type),
        type=found["type"] or "",
        nulls=rows - count if count is not None else 0,
        distinct=found.get("distinct"),
        low=found.get("low"),
        high=found.get("high"),
        mean=found.get("mean"),
        median=found.get("q50"),
        outliers=found.get("outliers"),
        empty=found.get("empty") or 0,
        numeric=(found.get("plain") or 0) + decorated,
        decorated=decorated,
        dated=found.get("dated") or 0,
        role=role,
    )
    return replace(made, notes=tuple(_notes(made, rows)))


def _notes(column: Column, rows: int) -> Iterator[str]:
    known = rows - column.nulls
    if rows and not known:
        yield "empty: NULL in every row"
        return
    if rows > 1 and column.distinct == 1:
        yield "one value in all rows" if not column.nulls else "one value, or none"
    if column.nulls > rows / 5:
        yield f"{column.nulls / rows:.0%} are NULL"
    if column.empty:
        yield f"{column.empty:,} are blank text"
    words = known - column.empty
    if column.texts_are(column.numeric, rows) and column.role is not Role.LABEL:
        how = ", with signs of currencies, separators of thousands or decimal commas" if column.decorated else ""
        yield f"text, though {column.numeric / words:.0%} are numbers{how}"
    elif column.texts_are(column.dated, rows):
        yield f"text, though {column.dated / words:.0%} are dates"
    if column.outliers:
        yield f"{column.outliers:,} far from the others"
