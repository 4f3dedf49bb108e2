"""A linear model over the features of readings: which of several to take. How sure of it to be is for the calibration to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from microgt.errors import CheckpointError
from microgt.ranking.features import NAMES

_FAILED, _LOG_PROB = NAMES.index("failed"), NAMES.index("log_prob")


@dataclass(frozen=True)
class Ranker:
    """A reading's score is features @ weights. weights: float64 [features], by `NAMES`."""

    weights: np.ndarray

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """float64 [readings] of features [readings,features]."""
        return rows @ self.weights

    def shares(self, rows: np.ndarray, answers: np.ndarray) -> np.ndarray:
        """float64 [readings]: the probability that the answer of each is right, the sum of those of all readings that give it.

        answers: int [readings], the same number for the same answer, from `same_answers`.
        """
        scores = self.scores(rows)
        own = np.exp(scores - scores.max(initial=-np.inf))
        return (answers[:, None] == answers) @ (own / max(own.sum(), 1e-300))

    def order(self, rows: np.ndarray, answers: np.ndarray) -> list[int]:
        """Places of the readings of one question: those of the answer with the highest score first, failures last.

        Of one answer the reading that the model finds likeliest comes first: it is said as people say it.
        """
        scores = self.scores(rows)
        best = np.where(answers[:, None] == answers, scores, -np.inf).max(1, initial=-np.inf)
        return np.lexsort((-rows[:, _LOG_PROB], answers, -best, rows[:, _FAILED])).tolist()

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
