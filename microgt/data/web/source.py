"""WikiSQL's questions, each table of which becomes a database of one table."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections import defaultdict
from functools import cache, cached_property
from pathlib import Path

import duckdb

from microgt.data.example import Example
from microgt.data.web.asked import Asked, read_asked
from microgt.data.web.table import WebTable, table_of
from microgt.engine.database import Database, open_database
from microgt.errors import DataError
from microgt.files import write_text
from microgt.paths import cache_dir
from microgt.schema.catalog import connect
from microgt.schema.types import Schema

_SPLITS = {"train": "train", "validation": "dev", "test": "test"}  # ours and WikiSQL's, which share no table
_TABLE = "entries"


class WebTablesSource:
    """The folder `wikisql/` under `root` ($MICROGT_BENCHMARKS): questions about tables of which at least `least` are kept."""

    name = "wikisql"
    splits = tuple(_SPLITS)

    def __init__(self, root: str | Path | None = None, least: int = 5):
        given = root or os.environ.get("MICROGT_BENCHMARKS")
        if not given:
            raise DataError("data=wikisql needs data.root=DIR or the environment variable MICROGT_BENCHMARKS: what holds wikisql/")
        self.file, self.least = Path(given) / "wikisql" / "questions.jsonl.gz", least
        if not self.file.is_file():
            raise DataError(f"WikiSQL is missing: looked for {self.file}")

    @cached_property
    def _read(self) -> dict[str, dict[str, list[Asked]]]:
        """By split and table."""
        found: dict[str, dict[str, list[Asked]]] = {split: defaultdict(list) for split in _SPLITS.values()}
        with gzip.open(self.file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if asked := read_asked(row["id"], row["question"], row["query"]):
                    found[row["split"]][row["table_id"]].append(asked)
        return {split: {db: asked for db, asked in tables.items() if len(asked) >= self.least} for split, tables in found.items()}

    def _of(self, split: str) -> dict[str, list[Asked]]:
        if split not in _SPLITS:
            raise DataError(f"{self.name} has no split {split!r}; choices: {', '.join(_SPLITS)}")
        return self._read[_SPLITS[split]]

    def examples(self, split: str) -> list[Example]:
        """The questions of a split whose gold runs and finds something. Raises `DataError` with the splits there are."""
        return self._judged(split)[0]

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of the others about the same tables."""
        return self._judged(split)[1]

    def databases(self, split: str) -> list[str]:
        """The tables that a split asks about."""
        return sorted(self._of(split))

    def schema(self, db: str) -> Schema:
        """As read from the table."""
        return self._database(db).schema

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self._database(db).path

    @cache  # noqa: B019  (one source lives as long as the process)
    def _judged(self, split: str) -> tuple[list[Example], list[tuple[str, str]]]:
        kept, left_out = [], []
        for db, asked in self._of(split).items():
            with connect(self.database(db)) as connection:
                for a in asked:
                    sql = a.sql(_TABLE, self._table(db).numbers)
                    if _finds(sql, connection):
                        kept.append(Example(a.id, a.question, db, None, sql, split))
                    else:
                        left_out.append((a.id, "gold does not run on DuckDB, or finds nothing"))
        return kept, left_out

    @cache  # noqa: B019
    def _table(self, db: str) -> WebTable:
        for tables in self._read.values():
            if db in tables:
                return table_of(tables[db], db)
        raise DataError(f"{self.name} has no database {db!r}")

    @cache  # noqa: B019
    def _database(self, db: str) -> Database:
        text = self._table(db).csv()
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        file = cache_dir() / "wikisql" / f"{db}-{key}" / f"{_TABLE}.csv"
        return open_database(file if file.is_file() else write_text(file, text))


def _finds(sql: str, connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        return any(value is not None for row in connection.execute(sql).fetchall() for value in row)
    except duckdb.Error:
        return False
