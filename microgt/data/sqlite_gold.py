"""Gold that SQLite alone runs, as what it answers there: text that is added up as numbers, columns compared with values of another kind."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_PLACE = "place"


def answer_as_sql(sql: str, file: Path) -> str | None:
    """DuckDB's SQL for the rows that SQLite answers with, in their order where the query asks for one.

    None when SQLite cannot run it, or answers with no row. file: the database, packed by gzip or not.
    """
    try:
        with opened(file) as connection:
            rows = connection.execute(sql).fetchall()
        ordered = sqlglot.parse_one(sql, read="sqlite").args.get("order")
    except (sqlite3.Error, SqlglotError):
        return None
    return _values(rows, bool(ordered)) if rows else None


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A SQLite file for reading, packed or not."""
    with tempfile.TemporaryDirectory() as folder:
        plain = file
        if file.suffix == ".gz":
            plain = Path(folder) / file.stem
            with gzip.open(file, "rb") as packed, plain.open("wb") as target:
                shutil.copyfileobj(packed, target)
        with closing(sqlite3.connect(f"{plain.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            yield connection


def _values(rows: list[tuple], ordered: bool) -> str:
    names = [f"c{i}" for i in range(len(rows[0]))]
    tuples = [exp.Tuple(expressions=[exp.convert(cell) for cell in (place, *row)]) for place, row in enumerate(rows)]
    answer = exp.select(*names).from_(exp.values(tuples, alias="answer", columns=[_PLACE, *names]))
    return (answer.order_by(_PLACE) if ordered else answer).sql("duckdb")
