"""One's own questions: a folder with `questions.jsonl` and the database files it names.

Each line: {"id", "question", "db": a file in the folder, "query": SQL or "spec": an object, optional "split" and "category"}.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from microgt.data.example import Example
from microgt.engine.database import Database, open_database
from microgt.errors import DataError, SpecError
from microgt.schema.types import Schema
from microgt.spec import read_spec


class FolderSource:
    """Questions of `path/questions.jsonl`. Lines without a split are in `train`, and in every other split when none is named at all."""

    name = "folder"

    def __init__(self, path: str | Path, name: str = "folder"):
        self.path, self.name = Path(path), name
        if not (self.path / "questions.jsonl").is_file():
            raise DataError(f"no questions.jsonl in {self.path}; each line needs id, question, db and query or spec")
        self._open: dict[str, Database] = {}

    @cached_property
    def _examples(self) -> list[Example]:
        file = self.path / "questions.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines()
        found = [_example(line, f"{file}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
        if not found:
            raise DataError(f"{file} holds no questions")
        ids = [e.id for e in found]
        if len(set(ids)) < len(ids):
            twice = next(i for i in ids if ids.count(i) > 1)
            raise DataError(f"{file}: the id {twice!r} stands on several lines")
        return found

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that the questions name."""
        return tuple(sorted({e.split for e in self._examples}))

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        if self.splits == ("train",):
            return self._examples
        found = [e for e in self._examples if e.split == split]
        if not found:
            raise DataError(f"{self.path} has no questions in split {split!r}; choices: {', '.join(self.splits)}")
        return found

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """Nothing is left out."""
        return []

    def databases(self, split: str) -> list[str]:
        """The databases that a split asks about."""
        return sorted({e.db for e in self.examples(split)})

    def _database(self, db: str) -> Database:
        if db not in self._open:
            self._open[db] = open_database(self.path / db)
        return self._open[db]

    def schema(self, db: str) -> Schema:
        """The schema of a database file of the folder."""
        return self._database(db).schema

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self._database(db).path


def _example(line: str, place: str) -> Example:
    try:
        row: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"{place}: not JSON: {error.msg}") from None
    missing = [key for key in ("id", "question", "db") if not row.get(key)]
    if missing or not (row.get("query") or row.get("spec")):
        raise DataError(f"{place}: {', '.join(missing) or 'query or spec'} missing")
    try:
        spec = read_spec(row["spec"]) if row.get("spec") else None
    except SpecError as error:
        raise DataError(f"{place}: {error}") from None
    return Example(
        id=str(row["id"]),
        question=row["question"],
        db=row["db"],
        spec=spec,
        sql=None if spec is not None else row["query"],
        split=row.get("split") or "train",
        category=row.get("category"),
    )
