"""A source whose questions are reworded; gold and databases stay."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from typing import Protocol

from microgt.data.example import Example, Source
from microgt.data.gold import gold_spec
from microgt.data.robustness.source import Derived
from microgt.errors import SpecError
from microgt.schema.types import Schema


class Wording(Protocol):
    """A change of an example's question that keeps its meaning. The example has its spec."""

    def __call__(self, example: Example, schema: Schema, rng: random.Random) -> Example: ...


class Reworded(Derived):
    """The questions of `source` changed by each of `changes` in turn. What has no spec stays as it is.

    seed: of all choices; those for a question depend on it and on the question's id alone.
    """

    def __init__(self, source: Source, changes: Sequence[Wording], seed: int = 0):
        super().__init__(source, "reworded")
        self.changes, self.seed = tuple(changes), seed

    def examples(self, split: str) -> list[Example]:
        """The reworded questions of a split. Raises `DataError` with the splits there are."""
        return [self.reworded(e) for e in self.source.examples(split)]

    def reworded(self, example: Example) -> Example:
        """The example with its question changed, and the gold it had."""
        schema = self.source.schema(example.db)
        try:
            changed = dataclasses.replace(example, spec=gold_spec(example, schema))
        except SpecError:
            return example
        rng = random.Random(f"{self.seed}:{example.id}")
        for change in self.changes:
            changed = change(changed, schema, rng)
        return dataclasses.replace(example, question=changed.question)
