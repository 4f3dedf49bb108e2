"""The linear model over features."""

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
    """P(right) = 1 / (1 + exp(-(bias + sum of weight * (feature - mean) / scale))). weights, means, scales: float64 [features]."""

    weights: np.ndarray
    means: np.ndarray
    scales: np.ndarray
    bias: float

    def probabilities(self, readings: Sequence[Reading], graph: Graph) -> np.ndarray:
        """float64 [readings]: how likely each is right."""
        return self.of_features(features(readings, graph))

    def of_features(self, rows: np.ndarray) -> np.ndarray:
        """The same, of features [...,len(NAMES)]."""
        return 1 / (1 + np.exp(-((rows - self.means) / self.scales @ self.weights + self.bias)))

    def to_json(self) -> dict[str, Any]:
        """Numbers by the feature's name."""
        table = zip(NAMES, self.weights, self.means, self.scales, strict=True)
        return {"bias": self.bias, "features": {n: {"weight": float(w), "mean": float(m), "scale": float(s)} for n, w, m, s in table}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises `CheckpointError` when the features are not those of this version."""
        try:
            found = data["features"]
            if set(found) != set(NAMES):
                odd = sorted(set(found) ^ set(NAMES))
                raise CheckpointError(f"the ranker was made for other features: {', '.join(odd[:5])}")
            weights, means, scales = (np.array([float(found[n][key]) for n in NAMES]) for key in ("weight", "mean", "scale"))
            return cls(weights, means, scales, float(data["bias"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"the ranker is damaged: {error!r}") from None
