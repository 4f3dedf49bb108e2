"""Invented databases as a source of questions, generated and written ones, made once and kept in the cache.

Several processes make them, each a part of the databases: `python -m microgt.data.invented.source SPLIT COUNT SEED DB...`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from microgt.data.demo import chance, load
from microgt.data.demo.load import write
from microgt.data.example import Example
from microgt.data.generator.generate import Run, generate
from microgt.data.invented import design, domain, fill, places, written
from microgt.data.invented.design import Design
from microgt.data.invented.domain import domains, read_domain
from microgt.data.invented.fill import contents
from microgt.data.invented.written import asked, retold
from microgt.data.makers import code_hash, read_examples, run_makers, write_examples
from microgt.engine.database import Database, open_database
from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import DataError
from microgt.paths import cache_dir
from microgt.schema.types import Schema

HELD_OUT = ("hotel", "payroll", "wholesale")  # kinds of organisation to judge by
_SQL, _OTHER = 3, 10  # one question in so many more is as benchmarks ask, or has no table for an answer


class InventedSource:
    """`train`: generated questions about `per_domain` databases of each kind of organisation, `per_database` and a few more about each;
    `written`: those written one by one about such an organisation, told about each database that can answer them; `validation`: the same
    of the kinds in `HELD_OUT`, of which nothing is trained on.

    All run and have an answer, or are answered by a forecast, a question back or a refusal. only: kinds of organisation, by default all.
    processes: that make them, by default one for each CPU.
    """

    splits = ("train", "written", "validation")

    def __init__(
        self,
        name: str = "invented",
        per_domain: int = 8,
        per_database: int = 150,
        seed: int = 0,
        only: Sequence[str] = (),
        processes: int = 0,
    ):
        self.domains = tuple(only) or tuple(domains())
        self.name, self.per_domain, self.per_database, self.seed = name, per_domain, per_database, seed
        self.processes = processes or len(os.sched_getaffinity(0))

    def examples(self, split: str) -> list[Example]:
        """The questions. Raises `DataError` when they could not be made."""
        dbs = self.databases(split)
        missing = [db for db in dbs if not self._file(db, split).is_file()]
        parts = [part for i in range(self.processes) if (part := missing[i :: self.processes])]
        given = (split, str(self.per_database), str(self.seed))
        run_makers(__name__, {f"{part[0]} and others": (*given, *part) for part in parts})
        return [e for db in dbs for e in read_examples(self._file(db, split), split)]

    def _file(self, db: str, split: str) -> Path:
        return _questions(db, split, self.per_database, self.seed)

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """Nothing is left out."""
        return []

    def databases(self, split: str) -> list[str]:
        """Those that a split asks about. Raises `DataError` with the splits there are."""
        if split not in self.splits:
            raise DataError(f"{self.name} has no split {split!r}; choices: {', '.join(self.splits)}")
        held = split == "validation"
        return [f"{kind}_{number}" for kind in self.domains if (kind in HELD_OUT) == held for number in range(self.per_domain)]

    def schema(self, db: str) -> Schema:
        """As read from the file, with the keys that it says or that are inferred. Raises `DataError` for another database."""
        return _opened(db, self.seed).schema

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return _opened(db, self.seed).path


def designed(db: str, seed: int) -> Design:
    """The design of a database. Raises `DataError` where there is none of this name."""
    kind, _, number = db.rpartition("_")
    if kind not in domains() or not number.isdecimal():
        raise DataError(f"no invented database {db!r}; they are named after {', '.join(domains())}, and numbered: {domains()[0]}_0")
    return design.design(read_domain(kind), int(number), seed)


@cache
def _opened(db: str, seed: int) -> Database:
    made = designed(db, seed)
    file = cache_dir() / "invented" / _version(db, seed) / f"{db}.duckdb"
    if not file.is_file():
        write(contents(made, seed), file)
    return open_database(file)


@cache
def _version(db: str, seed: int) -> str:
    """Changes with the code and the description that a database is made of."""
    return code_hash(f"{seed}:{read_domain(db.rpartition('_')[0])}", chance, load, design, domain, fill, places)


def _questions(db: str, split: str, count: int, seed: int) -> Path:
    import microgt.data.generator as generator
    import microgt.spec as spec

    given = str(count) if split == "train" else code_hash(str(asked(db)), written)
    return cache_dir() / "invented" / f"{db}-{split}-{code_hash(f'{_version(db, seed)}:{given}:{seed}', generator, spec)}.jsonl"


def make(split: str, count: int, seed: int, dbs: Sequence[str]) -> None:
    """The questions of a split about some databases, into the cache."""
    for db in dbs:
        made, database = designed(db, seed), _opened(db, seed)
        with DuckDBEngine(database.path) as engine:

            def run(sql: str, engine: DuckDBEngine = engine) -> Sequence:
                return engine.run(sql).rows

            generated = split == "train"
            found = _generate(made, database.schema, run, count, seed) if generated else retold(made, database.schema, run, seed, split)
            write_examples(_questions(db, split, count, seed), found)


def _generate(made: Design, schema: Schema, run: Run, count: int, seed: int) -> Iterator[Example]:
    from microgt.data.generator.other import generate_other
    from microgt.data.generator.sql import generate_sql

    words = made.words()
    yield from generate(schema, run, count, seed=seed, words=words)
    yield from generate_sql(schema, run, count // _SQL, seed=seed)
    yield from generate_other(schema, run, count // _OTHER, seed=seed, words=words)


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
