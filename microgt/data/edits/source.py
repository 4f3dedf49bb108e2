"""Other sources' golds, changed in words."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from microgt.data.edits.draw import Draw, Drawn
from microgt.data.edits.wordings import Half
from microgt.data.example import Example, Source
from microgt.data.gold import gold_spec
from microgt.data.makers import code_hash, read_examples, write_examples
from microgt.errors import CannotRefine, DataError, SpecError
from microgt.paths import cache_dir
from microgt.refine.refine import after
from microgt.refine.spoken import spoken
from microgt.schema import store
from microgt.schema.types import Schema
from microgt.spec import write_spec
from microgt.spec.canonical import canonical
from microgt.spec.types import Answer, Edit, Select, Spec

_TRIES = 6


class EditsSource:
    """Each gold of `source` changed `times` times, from `seed`; made once and kept in the cache.

    A question is the answer before in words, then the change (`microgt.refine.spoken`); its gold is an `Edit` of what comes out, where the
    change means one thing. With probability `anew` the question is a new one, and the answer before is another of the same database.
    of: split -> splits of the source. All but `train` are worded in ways that are not trained on.
    """

    def __init__(
        self,
        source: Source,
        *,
        name: str = "edits",
        of: dict[str, Sequence[str]] | None = None,
        times: int = 1,
        anew: float = 0.15,
        seed: int = 0,
    ):
        self.source, self.name, self.times, self.anew, self.seed = source, name, times, anew, seed
        self.of = {split: tuple(parts) for split, parts in (of or {"train": ["train"], "validation": ["validation"]}).items()}

    @property
    def splits(self) -> tuple[str, ...]:
        """Those of `of`."""
        return tuple(self.of)

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        originals = [e for part in self._parts(split) for e in self.source.examples(part)]
        file = self._file(split, originals)
        if not file.is_file():
            write_examples(file, self._changed(originals, "train" if split == "train" else "held_out"))
        return read_examples(file, split)

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """Nothing is left out."""
        self._parts(split)
        return []

    def databases(self, split: str) -> list[str]:
        """Those of the golds."""
        return sorted({db for part in self._parts(split) for db in self.source.databases(part)})

    def schema(self, db: str) -> Schema:
        """The source's schema of a database."""
        return self.source.schema(db)

    def database(self, db: str) -> Path:
        """Its DuckDB file."""
        return self.source.database(db)

    def _parts(self, split: str) -> tuple[str, ...]:
        if split not in self.of:
            raise DataError(f"{self.name} has no split {split!r}; choices: {', '.join(self.splits)}")
        return self.of[split]

    def _changed(self, originals: Sequence[Example], half: Half) -> Iterator[Example]:
        answers: dict[str, list[tuple[Example, Answer]]] = {}
        for example in originals:
            answer = _answer(example, self.schema(example.db))
            if answer:
                answers.setdefault(example.db, []).append((example, answer))
        for db, found in answers.items():
            schema, rng = self.schema(db), random.Random(f"{self.name}/{db}/{self.seed}")
            for example, answer in found:
                for i in range(self.times):
                    made = (
                        self._anew(example, answer, found, schema, rng) if rng.random() < self.anew else edited(answer, schema, half, rng)
                    )
                    if made:
                        id = f"{example.id}_{self.name}_{self.seed}_{i}"
                        yield dataclasses.replace(example, id=id, question=made[0], spec=made[1], sql=None, written=None)

    @staticmethod
    def _anew(
        example: Example, answer: Answer, others: Sequence[tuple[Example, Answer]], schema: Schema, rng: random.Random
    ) -> tuple[str, Spec]:
        return spoken(rng.choice(others)[1], example.question, schema), answer

    def _file(self, split: str, originals: Sequence[Example]) -> Path:
        """Under a hash of the schemas with their values, of the golds, of what was asked for and of the code that changes them."""
        from microgt import refine, spec
        from microgt.data import edits

        golds = "\n".join(f"{e.id}\0{e.question}\0{e.sql or json.dumps(write_spec(e.spec) if e.spec else None)}" for e in originals)
        schemas = [store.to_json(self.schema(db)) for db in sorted({e.db for e in originals})]
        given = json.dumps([self.name, self.times, self.anew, self.seed, split, schemas])
        return cache_dir() / "edits" / f"{self.name}-{split}-{code_hash(golds + given, edits, refine, spec)}.jsonl"


def edited(answer: Answer, schema: Schema, half: Half, rng: random.Random) -> tuple[str, Edit] | None:
    """The answer in words with a change, now and then two, and what it is then; `None` when none of a few drawn ones fits."""
    draw = Draw(answer.query, schema, half, rng) if isinstance(answer.query, Select) else None
    for _ in range(_TRIES if draw else 0):
        assert draw
        drawn = [one for one in (draw.one() for _ in range(1 + (rng.random() < 0.2))) if one]
        new = _only_meaning(answer, drawn, schema)
        if new:
            words = rng.choice((", ", " and ")).join(one.words for one in drawn)
            return spoken(answer, words, schema), Edit(answer=new)
    return None


def _only_meaning(answer: Answer, drawn: Sequence[Drawn], schema: Schema) -> Answer | None:
    """What the changes make of the answer, when it is one thing, and another than before."""
    if not drawn or len({one.change.turn for one in drawn}) < len(drawn):
        return None
    try:
        found = after(answer, [one.change for one in drawn], schema)
        return found[0] if len(found) == 1 and canonical(found[0], schema) != canonical(answer, schema) else None
    except (CannotRefine, SpecError):
        return None


def _answer(example: Example, schema: Schema) -> Answer | None:
    try:
        spec = gold_spec(example, schema)
    except SpecError:
        return None
    return spec if isinstance(spec, Answer) else None
