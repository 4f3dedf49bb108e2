"""Two linear models over the features of a reading: which of several to take, and how likely it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np

from microgt.errors import CheckpointError
from microgt.graph import Graph
from microgt.ranking.features import NAMES, Reading, features


class Ranked(NamedTuple):
    """place: of a reading in what the model proposed. probability: that it is right."""

    place: int
    probability: float


@dataclass(frozen=True)
class Ranker:
    """A reading is taken by its score `choice @ z`, z = (features - means) / scales; sigmoid(`trust @ z` + bias) is how likely it is right.

    choice, trust, means, scales: float64 [features], by `NAMES`.
    """

    choice: np.ndarray
    trust: np.ndarray
    bias: float
    means: np.ndarray
    scales: np.ndarray

    def order(self, readings: Sequence[Reading], graph: Graph) -> list[Ranked]:
        """The readings of one question, the best first."""
        return self.order_of(features(readings, graph))

    def order_of(self, rows: np.ndarray) -> list[Ranked]:
        """The same, of features [readings,features]."""
        z = (rows - self.means) / self.scales
        probabilities = 1 / (1 + np.exp(-(z @ self.trust + self.bias)))
        return [Ranked(int(i), float(probabilities[i])) for i in np.argsort(-(z @ self.choice), kind="stable")]

    def to_json(self) -> dict[str, Any]:
        """Four numbers for each feature, by its name."""
        columns = {"choice": self.choice, "trust": self.trust, "mean": self.means, "scale": self.scales}
        return {"bias": self.bias, "features": {n: {k: float(x[i]) for k, x in columns.items()} for i, n in enumerate(NAMES)}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises `CheckpointError` when it is no ranker, or one of other features."""
        try:
            found = data["features"]
            if odd := sorted(set(found) ^ set(NAMES)):
                raise CheckpointError(f"the ranker was made for other features than this version has: {', '.join(odd[:5])}")
            choice, trust, means, scales = (np.array([float(found[n][k]) for n in NAMES]) for k in ("choice", "trust", "mean", "scale"))
            return cls(choice, trust, float(data["bias"]), means, scales)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"the ranker is damaged: {error!r}") from None
