"""A linear model over the features of readings: which of several to take. How sure of it to be is for the calibration to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from microgt.errors import CheckpointError
from microgt.graph import Graph
from microgt.ranking.features import NAMES, Reading, features


@dataclass(frozen=True)
class Ranker:
    """A reading's score is weights @ (features - means) / scales. weights, means, scales: float64 [features], by `NAMES`."""

    weights: np.ndarray
    means: np.ndarray
    scales: np.ndarray

    def order(self, readings: Sequence[Reading], graph: Graph) -> list[int]:
        """Places of the readings of one question, the best first."""
        return self.order_of(features(readings, graph))

    def order_of(self, rows: np.ndarray) -> list[int]:
        """The same, of features [readings,features]."""
        scores = (rows - self.means) / self.scales @ self.weights
        return np.argsort(-scores, kind="stable").tolist()

    def to_json(self) -> dict[str, Any]:
        """Three numbers for each feature, by its name."""
        columns = {"weight": self.weights, "mean": self.means, "scale": self.scales}
        return {name: {key: float(x[i]) for key, x in columns.items()} for i, name in enumerate(NAMES)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises `CheckpointError` when it is no ranker, or one of other features."""
        try:
            if odd := sorted(set(data) ^ set(NAMES)):
                raise CheckpointError(f"the ranker was made for other features than this version has: {', '.join(odd[:5])}")
            weights, means, scales = (np.array([float(data[name][key]) for name in NAMES]) for key in ("weight", "mean", "scale"))
            return cls(weights, means, scales)
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"the ranker is damaged: {error!r}") from None
