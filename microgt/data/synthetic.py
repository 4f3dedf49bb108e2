"""Generated questions over Spider's train databases, made once and kept in the cache.

Several processes make them, each a part of the databases: `python -m microgt.data.synthetic MANNER ROOT COUNT SEED DB...`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal, cast

import duckdb

from microgt.data.example import Example
from microgt.data.makers import code_hash, read_examples, run_makers, write_examples
from microgt.data.plain import plain
from microgt.data.spider import SpiderSource
from microgt.errors import DataError, EngineError
from microgt.paths import cache_dir
from microgt.schema import store
from microgt.schema.catalog import connect
from microgt.schema.types import Schema

Manner = Literal["sql", "business", "time"]
_ROWS = 50  # read of an answer to see whether it has one


class SyntheticSource:
    """One split, `train`: up to `per_database` questions over each of Spider's train databases, from `seed`.

    Never over those of validation and dev, and none that is asked there word by word. manner: as text-to-SQL benchmarks ask (`sql`), as
    people ask of their own data (`business`: through time, shares, ranks), or of these only what asks by periods of databases that have
    dates (`time`). root: as of `SpiderSource`. processes: that make them, by default one for each CPU.
    """

    splits = ("train",)

    def __init__(
        self,
        root: str | Path | None = None,
        name: str = "synthetic",
        per_database: int = 150,
        seed: int = 0,
        processes: int = 0,
        manner: Manner = "sql",
    ):
        self.name, self.per_database, self.seed = name, per_database, seed
        self.manner: Manner = manner
        self.processes = processes or len(os.sched_getaffinity(0))
        self._spider = SpiderSource(root)

    def examples(self, split: str) -> list[Example]:
        """The questions. Raises `DataError` when they could not be made."""
        files = {db: self.file(db) for db in self.databases(split)}
        missing = [db for db, file in files.items() if not file.is_file()]
        parts = [part for i in range(self.processes) if (part := missing[i :: self.processes])]
        given = (self.manner, str(self._spider.root), str(self.per_database), str(self.seed))
        run_makers(__name__, {f"{part[0]} and others": (*given, *part) for part in parts})
        return [e for file in files.values() for e in read_examples(file, split) if plain(e.question) not in self._spider.tested]

    def file(self, db: str) -> Path:
        """Where the questions over a database are kept."""
        return _file(self.manner, self.schema(db), self.per_database, self.seed)

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """Nothing is left out."""
        return []

    def databases(self, split: str) -> list[str]:
        """Spider's train databases."""
        if split not in self.splits:
            raise DataError(f"synthetic questions have no split {split!r}; choices: {', '.join(self.splits)}")
        found = self._spider.databases("train")
        return [db for db in found if self.schema(db).dated] if self.manner == "time" else found

    def schema(self, db: str) -> Schema:
        """Spider's schema of a database."""
        return self._spider.schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self._spider.database(db)


def make(manner: Manner, root: str, count: int, seed: int, dbs: Sequence[str]) -> None:
    """The questions of some databases, into the cache."""
    from microgt.data.generator import OF_TIME, generate
    from microgt.data.generator.sql import generate_sql

    asked = {"sql": generate_sql, "business": generate, "time": partial(generate, kinds=OF_TIME)}[manner]
    source = SpiderSource(root)
    for db in dbs:
        schema = source.schema(db)
        with connect(source.database(db)) as connection:
            write_examples(_file(manner, schema, count, seed), asked(schema, lambda sql, c=connection: _rows(c, sql), count, seed=seed))


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    try:
        return connection.execute(sql).fetchmany(_ROWS)
    except duckdb.Error as error:
        raise EngineError(str(error)) from None


def _file(manner: Manner, schema: Schema, count: int, seed: int) -> Path:
    """Under a hash of the schema with its values, of what was asked for and of the code that makes questions."""
    import microgt.data.generator as generator
    import microgt.spec as spec

    key = code_hash(f"{manner}:{count}:{seed}:{json.dumps(store.to_json(schema))}", generator, spec)
    return cache_dir() / "synthetic" / f"{schema.name}-{key}.jsonl"


if __name__ == "__main__":
    make(cast(Manner, sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
