"""The embedded databases as a source: questions to train on, generated and hand-written, and others by hand to choose and to test by."""

from __future__ import annotations

import dataclasses
import json
import random
from functools import cache, cached_property
from pathlib import Path

from microgt.data.demo.build import build_database
from microgt.data.demo.generated import generated
from microgt.data.example import Example
from microgt.data.plain import plain
from microgt.errors import DataError
from microgt.schema.readers import read_duckdb
from microgt.schema.types import Schema
from microgt.spec import check, read_spec

SEEN = ("flights", "retail", "subscriptions")
UNSEEN = ("banking",)


class DemoSource:
    """Splits: `generated`, `other` and `written` (training), `validation`, `test`; `unseen` is about a database of its own.

    `other` has forecasts, questions back and refusals, a sixth as many as `generated`.
    per_database, seed: how many questions are generated for each seen database, and from which seed.
    variants: how often a written training question comes once more, about other values.
    """

    splits = ("generated", "written", "validation", "test", "unseen", "other")

    def __init__(self, name: str = "demo", per_database: int = 4000, seed: int = 0, variants: int = 3):
        self.name, self.per_database, self.seed, self.variants = name, per_database, seed, variants

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        if split not in self.splits:
            raise DataError(f"the embedded data has no split {split!r}; choices: {', '.join(self.splits)}")
        if split not in ("generated", "other", "written"):
            return self._read(split)
        return [e for e in self._training(split) if plain(e.question) not in self.asked]

    def _training(self, split: str) -> list[Example]:
        if split == "generated":
            return generated(SEEN, self.per_database, self.seed)
        if split == "other":
            return generated(SEEN, self.per_database // 6, self.seed, "other")
        written = self._read(split)
        return [*written, *self._varied(written)]

    def _read(self, split: str) -> list[Example]:
        return [example for db in self.databases(split) for example in read_questions(split, db)]

    @cached_property
    def asked(self) -> set[str]:
        """The questions that are asked later: none of them is trained on, not even by chance."""
        return {plain(e.question) for split in ("validation", "test", "unseen") for e in self._read(split)}

    def _varied(self, examples: list[Example]) -> list[Example]:
        """The examples about other values, as far as the checker accepts them, each once."""
        from microgt.data.generator.variation import vary

        rng = random.Random(self.seed)
        found: dict[str, Example] = {}
        for _ in range(self.variants):
            for example in examples:
                varied = vary(example, self.schema(example.db), rng)
                if varied and varied.spec and not check(varied.spec, self.schema(example.db)):
                    found.setdefault(varied.question, dataclasses.replace(varied, id=f"{example.id}_{len(found)}"))
        return list(found.values())

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """Nothing is left out."""
        return []

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return list(UNSEEN if split == "unseen" else SEEN)

    def schema(self, db: str) -> Schema:
        """The schema of an embedded database with all its keys."""
        return _schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return build_database(db)


@cache
def _schema(db: str) -> Schema:
    return read_duckdb(build_database(db))


def _folder() -> Path:
    """Where the written questions are: beside this file in a wheel, in `data/questions` in a checkout."""
    installed = Path(__file__).parent / "questions"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "data" / "questions"


def written_databases(split: str) -> list[str]:
    """The databases, or kinds of them, about which there are hand-written questions of a split."""
    return sorted(file.stem for file in (_folder() / split).glob("*.jsonl"))


def read_questions(split: str, db: str) -> list[Example]:
    """The hand-written questions of a split about one database. Raises `DataError` when they are missing."""
    file = _folder() / split / f"{db}.jsonl"
    if not file.is_file():
        raise DataError(f"the hand-written questions {file.name} are missing from {file.parent}")
    return [_example(json.loads(line), split) for line in file.read_text(encoding="utf-8").splitlines()]


def _example(row: dict, split: str) -> Example:
    spec = read_spec(row["spec"])
    return Example(id=row["id"], question=row["question"], db=row["db"], spec=spec, sql=None, split=split, category=row["category"])
