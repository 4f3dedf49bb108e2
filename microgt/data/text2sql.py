"""Geography and restaurants: questions over two databases of another make than Spider's (Finegan-Dollak et al., ACL 2018).

Spider's train_others holds questions of both, so that only a model trained without it is measured here.
"""

from __future__ import annotations

import gzip
import json
import os
from functools import cached_property
from pathlib import Path

import duckdb

from microgt.data.example import Example
from microgt.data.sqlite_sql import for_duckdb
from microgt.engine.database import Database, open_database
from microgt.errors import DataError
from microgt.schema.catalog import connect
from microgt.schema.types import Schema

NAMES = ("geography", "restaurants")
SPLIT = "test"


class Text2SqlSource:
    """One of `NAMES` in the folder `text2sql_data/` under `root` ($MICROGT_BENCHMARKS). All its questions are the split `test`.

    The schema is read from the database itself, with inferred keys, as of anybody's file.
    """

    splits = (SPLIT,)

    def __init__(self, name: str, root: str | Path | None = None):
        given = root or os.environ.get("MICROGT_BENCHMARKS")
        if not given:
            raise DataError(f"data={name} needs data.root=DIR or the environment variable MICROGT_BENCHMARKS: what holds text2sql_data/")
        if name not in NAMES:
            raise DataError(f"no database {name!r} with its questions; choices: {', '.join(NAMES)}")
        self.name, self.folder = name, Path(given) / "text2sql_data"
        if not self._questions.is_file():
            raise DataError(f"{name} is missing: looked for {self._questions}")

    @property
    def _questions(self) -> Path:
        return self.folder / f"{self.name}.jsonl.gz"

    @cached_property
    def _opened(self) -> Database:
        return open_database(self.folder / "database" / f"{self.name}.sqlite.gz")

    @cached_property
    def _judged(self) -> tuple[list[Example], list[tuple[str, str]]]:
        """The questions whose gold runs on DuckDB, and (id, reason) of the others."""
        kept, left_out = [], []
        with gzip.open(self._questions, "rt", encoding="utf-8") as lines, connect(self._opened.path) as connection:
            for row in map(json.loads, lines):
                sql = for_duckdb(row["query"].strip().rstrip(";"), self._opened.schema)
                if sql is None or not _runs(sql, connection):
                    left_out.append((row["id"], "gold does not run on DuckDB"))
                else:
                    kept.append(Example(row["id"], row["question"], self.name, None, sql, SPLIT))
        return kept, left_out

    def examples(self, split: str) -> list[Example]:
        """The questions whose gold runs on DuckDB. Raises `DataError` for another split than `test`."""
        if split != SPLIT:
            raise DataError(f"{self.name} has no split {split!r}; choices: {SPLIT}")
        return self._judged[0]

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of the others."""
        return self._judged[1]

    def databases(self, split: str) -> list[str]:
        """The one database."""
        return [self.name]

    def schema(self, db: str) -> Schema:
        """As read from the database."""
        return self._known(db).schema

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self._known(db).path

    def _known(self, db: str) -> Database:
        if db != self.name:
            raise DataError(f"{self.name} has no database {db!r}")
        return self._opened


def _runs(sql: str, connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        connection.execute(sql)
    except duckdb.Error:
        return False
    return True
