"""What a checkpoint knows of ranking: a ranker, and for honest figures those that were learned without one of its databases each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from microgt.errors import CheckpointError, DataError
from microgt.ranking.fit import fit
from microgt.ranking.ranker import Ranker


@dataclass(frozen=True)
class Ranking:
    """ranker: learned on all databases. without: database -> the ranker learned on all others."""

    ranker: Ranker
    without: Mapping[str, Ranker] = field(default_factory=dict)

    def unseen(self, db: str) -> Ranking:
        """One that has learned nothing from the questions about a database: what figures about it are taken with."""
        return Ranking(self.without[db]) if db in self.without else self

    def to_json(self) -> dict[str, Any]:
        """For the file of a checkpoint."""
        return {"ranker": self.ranker.to_json(), "without": {db: ranker.to_json() for db, ranker in self.without.items()}}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Of `to_json`. Raises `CheckpointError` for anything else."""
        if not isinstance(data, Mapping) or set(data) != {"ranker", "without"} or not isinstance(data["without"], Mapping):
            raise CheckpointError("a ranking has the keys ranker and without, and under without an object")
        without = {str(db): Ranker.from_json(ranker) for db, ranker in data["without"].items()}
        return cls(Ranker.from_json(data["ranker"]), without)


@dataclass(frozen=True)
class Marked:
    """A question that was asked. rows: float64 [readings,features]. right: bool [readings], whether the answer is right."""

    db: str
    rows: np.ndarray
    right: np.ndarray


def learn(marked: Sequence[Marked], *, ridge: float = 0.01) -> Ranking:
    """A ranking from questions about two or more databases. Raises `DataError` when they do not suffice; see `fit`."""

    def fitted(kept: Sequence[Marked]) -> Ranker:
        return fit([m.rows for m in kept], [m.right for m in kept], ridge=ridge)

    databases = sorted({m.db for m in marked})
    if len(databases) < 2:
        raise DataError(f"a ranking learns from questions about two or more databases; it was given {', '.join(databases) or 'none'}")
    return Ranking(fitted(marked), {db: fitted([m for m in marked if m.db != db]) for db in databases})
