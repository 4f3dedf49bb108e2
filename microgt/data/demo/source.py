"""The embedded databases as a source: generated questions to train on, hand-written ones to choose and to test by."""

from __future__ import annotations

import json
from functools import cache, cached_property
from pathlib import Path

from microgt.data.demo.build import build_database
from microgt.data.demo.generated import generated
from microgt.data.example import Example
from microgt.errors import DataError, did_you_mean
from microgt.schema.readers import read_duckdb
from microgt.schema.types import Schema
from microgt.spec import read_spec

SEEN = ("flights", "retail", "subscriptions")
UNSEEN = ("banking",)


class DemoSource:
    """Splits: `generated` (training, seen databases), `validation` and `test` (seen), `unseen` (a database never trained on).

    per_database, seed: how many questions are generated for each seen database, and from which seed.
    """

    splits = ("generated", "validation", "test", "unseen")

    def __init__(self, name: str = "demo", per_database: int = 4000, seed: int = 0):
        self.name, self.per_database, self.seed = name, per_database, seed

    @cached_property
    def _written(self) -> list[Example]:
        return [example for db in SEEN + UNSEEN for example in read_questions(_folder() / f"{db}.jsonl")]

    @cached_property
    def _generated(self) -> list[Example]:
        return generated(SEEN, self.per_database, self.seed)

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        if split not in self.splits:
            raise DataError(f"the embedded data has no split {split!r}; choices: {', '.join(self.splits)}")
        return self._generated if split == "generated" else [e for e in self._written if e.split == split]

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


def read_questions(file: Path) -> list[Example]:
    """The hand-written questions of one file. Raises `DataError` when it is missing."""
    if not file.is_file():
        raise DataError(f"the hand-written questions {file.name} are missing from {file.parent}{did_you_mean(file.stem, SEEN + UNSEEN)}")
    return [_example(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _example(line: str) -> Example:
    row = json.loads(line)
    spec = read_spec(row["spec"])
    return Example(id=row["id"], question=row["question"], db=row["db"], spec=spec, sql=None, split=row["split"], category=row["category"])
