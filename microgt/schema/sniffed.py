"""How DuckDB reads a CSV file: from which line on, under which names, in which formats of dates."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import TextIO

import duckdb

_SHOWN = 60  # characters of a line, and names
_FIELDS = "SkipRows, HasHeader, Delimiter, Quote, DateFormat, TimestampFormat"


@dataclass(frozen=True)
class Sniffed:
    """skipped: lines before the one with the names. quote: one character, or a word for none. dates, times: formats of strptime; None
    where the file has none."""

    skipped: int
    header: bool
    delimiter: str
    quote: str
    dates: str | None
    times: str | None

    def lines(self, file: Path, columns: Sequence[str]) -> Iterator[str]:
        """What is to be known of the lines that are left out, and of the names of columns that are not the file's."""
        with _opened(file) as content:
            above = list(islice(content, self.skipped))
            names = self._names(content, columns) if self.header else []
        said = [line.strip() for line in above if line.strip()]
        if said:
            yield f"left out above the table: {len(above):,} line{'s' * (len(above) > 1)}, from {_short(said[0])!r}"
        made_up = [column for column, name in zip_longest(columns, names[: len(columns)], fillvalue="") if column.strip() != name.strip()]
        if made_up and self.header:
            yield f"made-up names, as the file has none or has them twice: {_short(', '.join(made_up))}"
        elif made_up:
            yield f"made-up names, as no line was taken for the names of the columns: {_short(', '.join(made_up))}"

    def _names(self, content: TextIO, columns: Sequence[str]) -> Sequence[str]:
        """As the file has them; the columns' own when its line cannot be taken apart."""
        quote = self.quote if len(self.quote) == 1 else '"'
        try:
            return next(csv.reader(content, delimiter=self.delimiter, quotechar=quote), [])
        except csv.Error:
            return columns


def sniffed(connection: duckdb.DuckDBPyConnection, path: str, rows: int) -> Sniffed | None:
    """By the first rows of a file (-1: by all); None when they say nothing. path: as it stands between quotes in SQL."""
    try:
        found = connection.execute(f"SELECT {_FIELDS} FROM sniff_csv('{path}', sample_size = {rows})").fetchone()
    except duckdb.Error:  # what the whole file is good for, a part of it may not be
        return None
    return Sniffed(*found) if found else None


def _opened(file: Path) -> TextIO:
    """The text of a CSV file, unpacked."""
    open_ = gzip.open if file.name.lower().endswith(".gz") else open
    return open_(file, "rt", newline="", encoding="utf-8-sig", errors="replace")  # pyright: ignore[reportReturnType]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
