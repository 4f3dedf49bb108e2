"""One's own questions: a folder with `questions.jsonl` and the database files it names.

Each line: {"id", "question", "db": a file in the folder, "query": SQL or "spec": an object, optional "split" and "category"}.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from microgt.data.example import Example
from microgt.engine.database import Database, open_database
from microgt.errors import DataError, SpecError
from microgt.schema.types import Schema
from microgt.spec import read_spec


class Row(BaseModel):
    """One line of questions.jsonl; further keys are ignored."""

    id: Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value), Field(min_length=1)]
    question: str = Field(min_length=1)
    db: str = Field(min_length=1)
    query: str | None = None
    spec: dict[str, Any] | None = None
    split: str | None = None
    category: str | None = None


UNNAMED = ""  # the split of a line that names none


class FolderSource:
    """Questions of `path/questions.jsonl`. Lines without a split are in `train`, and in every other split when no line names one."""

    name = "folder"

    def __init__(self, path: str | Path, name: str = "folder"):
        self.path, self.name = Path(path), name
        if not (self.path / "questions.jsonl").is_file():
            raise DataError(f"no questions.jsonl in {self.path}; each line needs id, question, db and query or spec")
        self._open: dict[str, Database] = {}

    @cached_property
    def _examples(self) -> list[Example]:
        return read_questions_file(self.path / "questions.jsonl")

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that the questions name."""
        return tuple(sorted({e.split or "train" for e in self._examples}))

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        named = any(e.split != UNNAMED for e in self._examples)
        read = [dataclasses.replace(e, split=e.split or "train") for e in self._examples]
        found = [e for e in read if e.split == split] if named else read
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


def read_questions_file(file: Path) -> list[Example]:
    """The questions of a file of JSON lines; of the split `UNNAMED` where a line names none.

    Raises `DataError` with the line that is wrong, or when there are none.
    """
    try:
        lines = file.read_text(encoding="utf-8").split("\n")  # not splitlines: a question may hold other separators of lines
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from None
    except OSError as error:
        raise DataError(f"cannot read the questions {file}: {error.strerror}") from None
    found = [_example(line, f"{file}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise DataError(f"{file} holds no questions")
    ids = [e.id for e in found]
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise DataError(f"{file}: the id {twice!r} stands on several lines")
    return found


def _example(line: str, place: str) -> Example:
    try:
        row = Row.model_validate_json(line)
        spec = read_spec(row.spec) if row.spec else None
    except ValidationError as error:
        first = error.errors()[0]
        raise DataError(f"{place}: {' '.join([*map(str, first['loc']), first['msg']])}") from None
    except SpecError as error:
        raise DataError(f"{place}: {error}") from None
    if spec is None and not row.query:
        raise DataError(f"{place}: query or spec missing")
    return Example(
        id=row.id,
        question=row.question,
        db=row.db,
        spec=spec,
        sql=None if spec is not None else row.query,
        split=row.split or UNNAMED,
        category=row.category,
    )
