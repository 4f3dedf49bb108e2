"""A database of one's own as a source: questions generated over it to train on, others in sentences that are not trained on, and a user's.

Each way of generating has a process of its own: `python -m microgt.data.own PATH COUNT SEED WAY`.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from microgt.data.demo.source import DemoSource
from microgt.data.example import Example
from microgt.data.folder import read_questions_file
from microgt.data.makers import code_hash, read_examples, run_makers, write_examples
from microgt.data.one import OneDatabase
from microgt.data.plain import plain
from microgt.data.templates import held_out, names_of, template
from microgt.engine.database import Database, open_database
from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import DataError
from microgt.paths import cache_dir
from microgt.schema import store
from microgt.spec import write_spec

Way = Literal["business", "benchmark"]  # microgt.data.generator.generate, microgt.data.generator.sql
FEWEST = 20  # questions to learn from


class OwnSource(OneDatabase):
    """Splits: `train` and `held_out`, generated; `asked`, the user's own, where there is a file of them.

    All generated questions run and have an answer. Those of `held_out` are of templates (`microgt.data.templates`), and mean what, no
    question of `train` has. None is a question of `asked`, nor one that the embedded data tests with.

    path: as of `open_database`. count: generated in each of the two ways. seed: of them and of what is held out. share: of the templates
    that are held out. questions: JSON lines as of `FolderSource`, whose `db` is the name of this database.
    """

    def __init__(
        self, path: str | Path, name: str = "own", count: int = 1200, seed: int = 0, share: float = 0.1, questions: str | Path | None = None
    ):
        super().__init__(path, name)
        self.count, self.seed, self.share = count, seed, share
        self.questions = Path(questions) if questions else None

    @property
    def splits(self) -> tuple[str, ...]:
        """`asked` only where there is a file."""
        return ("train", "held_out", "asked") if self.questions else ("train", "held_out")

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` when there are too few, or the user's are about another database."""
        self.refuse_unknown(split)
        return self._asked if split == "asked" else self._generated[split]

    @cached_property
    def _asked(self) -> list[Example]:
        if self.questions is None:
            return []
        own, read = self._database.schema.name, read_questions_file(self.questions)
        known = {own, self.path.name, self.path.stem}
        found = [dataclasses.replace(e, db=own, split="asked") for e in read if e.db in known]
        if not found:
            others = ", ".join(sorted({e.db for e in read})[:5])
            raise DataError(f"{self.questions} asks nothing of {self.path.name}: the `db` of its lines is {others}")
        return found

    @cached_property
    def _generated(self) -> dict[str, list[Example]]:
        schema, tested = self._database.schema, {plain(e.question) for e in self._asked} | DemoSource().asked
        names, kept = names_of(schema), {plain(e.question): e for e in reversed(self._all())}
        parts: dict[str, list[Example]] = {"train": [], "held_out": []}
        for words, example in sorted(kept.items(), key=lambda item: item[1].id):
            if words not in tested:
                split = "held_out" if held_out(template(example, names), self.share, self.seed) else "train"
                parts[split].append(dataclasses.replace(example, split=split))
        trained = set(map(_meaning, parts["train"]))
        parts["held_out"] = [e for e in parts["held_out"] if _meaning(e) not in trained]
        if len(parts["train"]) < FEWEST or not parts["held_out"]:
            raise DataError(
                f"{len(kept)} questions could be generated over {self.path}, too few to learn from: "
                f"it needs tables with rows, texts, numbers or dates, and a larger count"
            )
        return parts

    def _all(self) -> list[Example]:
        ways = get_args(Way)
        files = {way: _file(self._database, self.count, self.seed, way) for way in ways}
        given = (str(self.path), str(self.count), str(self.seed))
        run_makers(__name__, {f"{self.path.name} ({way})": (*given, way) for way in ways if not files[way].is_file()})
        return [e for file in files.values() for e in read_examples(file, "train")]


def _meaning(example: Example) -> str:
    assert example.spec is not None
    return json.dumps(write_spec(example.spec), sort_keys=True)


def _file(database: Database, count: int, seed: int, way: Way) -> Path:
    """Under a hash of the schema, of the state of the data, of what was asked for and of the code that makes questions."""
    import microgt.data.generator as generator
    import microgt.spec as spec

    key = code_hash(f"{count}:{seed}:{database.version}:{json.dumps(store.to_json(database.schema))}", generator, spec)
    return cache_dir() / "own" / f"{database.schema.name}-{way}-{key}.jsonl"


def make(path: str, count: int, seed: int, way: Way) -> None:
    """The questions of one way, into the cache."""
    database = open_database(path)
    write_examples(_file(database, count, seed, way), _generate(database, count, seed, way))


def _generate(database: Database, count: int, seed: int, way: Way) -> Iterator[Example]:
    from microgt.data.generator import generate
    from microgt.data.generator.sql import generate_sql

    with DuckDBEngine(database.path) as engine:
        maker = generate_sql if way == "benchmark" else generate
        yield from maker(database.schema, lambda sql: engine.run(sql).rows, count, seed=seed)


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), "benchmark" if sys.argv[4] == "benchmark" else "business")
