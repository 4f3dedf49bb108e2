"""People's questions told again, for training: about other values of the same columns, and in other words."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from microgt.data.example import Example, Source
from microgt.data.gold import gold_spec
from microgt.data.makers import code_hash, read_examples, settings_of, write_examples
from microgt.data.plain import plain
from microgt.data.robustness.reworded import Wording
from microgt.data.without import HasTested
from microgt.errors import DataError, SpecError
from microgt.paths import cache_dir
from microgt.schema import store
from microgt.schema.catalog import connect
from microgt.schema.types import Schema
from microgt.spec import check, compile_spec
from microgt.spec.types import Spec


class RetoldSource:
    """Split `train`: the questions of `source`'s split `of`, `times` each, from `seed`. Made once and kept in the cache.

    With probability `swap` an example is about other values (`microgt.data.generator.variation`), if these have an answer too. Then each of
    `changes` rewords it. What stays as it was, and what is asked already, is left out, and what `unlike` has to be judged by.
    """

    splits = ("train",)

    def __init__(
        self,
        source: Source,
        changes: Sequence[Wording] = (),
        *,
        name: str = "retold",
        of: str = "train",
        times: int = 1,
        swap: float = 0.5,
        seed: int = 0,
        unlike: HasTested | None = None,
    ):
        self.source, self.changes, self.name = source, tuple(changes), name
        self.of, self.times, self.swap, self.seed = of, times, swap, seed
        self.unlike = unlike

    def examples(self, split: str) -> list[Example]:
        """The questions. Raises `DataError` for another split."""
        self._check(split)
        by_db: dict[str, list[Example]] = {}
        for example in self.source.examples(self.of):
            by_db.setdefault(example.db, []).append(example)
        told: list[Example] = []
        for db, originals in by_db.items():
            file = self._file(db, originals)
            if not file.is_file():
                write_examples(file, self._retell(db, originals))
            told += read_examples(file, split)
        tested = self.unlike.tested if self.unlike else set()
        return [e for e in told if plain(e.question) not in tested]

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """Nothing is left out."""
        return []

    def databases(self, split: str) -> list[str]:
        """Those of the questions."""
        self._check(split)
        return self.source.databases(self.of)

    def schema(self, db: str) -> Schema:
        """The source's schema of a database."""
        return self.source.schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self.source.database(db)

    def _check(self, split: str) -> None:
        if split not in self.splits:
            raise DataError(f"questions told again have no split {split!r}; choices: {', '.join(self.splits)}")

    def _retell(self, db: str, originals: Sequence[Example]) -> Iterator[Example]:
        schema, rng, asked = self.schema(db), random.Random(f"{db}/{self.seed}"), {plain(e.question) for e in originals}
        with connect(self.database(db)) as connection:
            for original in originals:
                try:
                    example = dataclasses.replace(original, spec=gold_spec(original, schema), sql=None)
                except SpecError:
                    continue
                for i in range(self.times):
                    told = self._told(example, schema, rng, connection)
                    if plain(told.question) not in asked:
                        asked.add(plain(told.question))
                        yield dataclasses.replace(told, id=f"{original.id}_{self.name}_{self.seed}_{i}")

    def _told(self, example: Example, schema: Schema, rng: random.Random, connection: duckdb.DuckDBPyConnection) -> Example:
        from microgt.data.generator.variation import vary

        if rng.random() < self.swap:
            varied = vary(example, schema, rng)
            if varied and _answers(varied.spec, schema, connection):
                example = varied
        for change in self.changes:
            example = change(example, schema, rng)
        return example

    def _file(self, db: str, originals: Sequence[Example]) -> Path:
        """Under a hash of the schema with its values, of the questions, of what was asked for and of the code that tells them again."""
        import microgt.data.generator as generator
        import microgt.data.robustness as robustness
        import microgt.schema.roles as roles
        import microgt.spec as spec

        given = [self.name, self.times, self.swap, self.seed, settings_of(self.changes)]
        read = [json.dumps(store.to_json(self.schema(db))), *(f"{e.id} {e.question} {e.sql}" for e in originals)]
        digest = hashlib.sha256("\0".join(read).encode()).hexdigest()
        return cache_dir() / "retold" / f"{db}-{code_hash(digest + json.dumps(given), generator, robustness, roles, spec)}.jsonl"


def _answers(spec: Spec | None, schema: Schema, connection: duckdb.DuckDBPyConnection) -> bool:
    if spec is None or check(spec, schema):
        return False
    try:
        rows = connection.execute(compile_spec(spec, schema)).fetchmany(50)
    except (SpecError, duckdb.Error):
        return False
    return any(value not in (None, 0) for row in rows for value in row)
