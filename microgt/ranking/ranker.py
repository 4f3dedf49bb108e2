"""A linear model over the features of readings: which of several to take. How sure of it to be is for the calibration to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from microgt.errors import CheckpointError
from microgt.ranking.features import NAMES


@dataclass(frozen=True)
class Ranker:
    """A reading's score is features @ weights. weights: float64 [features], by `NAMES`."""

    weights: np.ndarray

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """float64 [readings] of features [readings,features]; their softmax has the probability of each to be the right one."""
        return rows @ self.weights

    def order(self, rows: np.ndarray) -> list[int]:
        """Places of the readings of one question, the best first; of equal ones the first."""
        return np.argsort(-self.scores(rows), kind="stable").tolist()

    def to_json(self) -> dict[str, float]:
        """The weight of each feature by its name."""
        return dict(zip(NAMES, self.weights.tolist(), strict=True))

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Raises `CheckpointError` when it is no ranker, or one of other features."""
        if not isinstance(data, Mapping) or not all(isinstance(w, int | float) and np.isfinite(w) for w in data.values()):
            raise CheckpointError("a ranker is an object with a number for each feature")
        if odd := sorted(set(data) ^ set(NAMES)):
            raise CheckpointError(f"the ranker was made for other features than this version has: {', '.join(odd[:5])}")
        return cls(np.array([data[name] for name in NAMES], dtype=np.float64))
