"""What a checkpoint knows of ranking: a ranker, a calibrator of the readings it takes, and for honest figures those learned without a
database each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np

from microgt.errors import CheckpointError, DataError
from microgt.evaluation.calibration import Calibrator, Signs, Thresholds
from microgt.ranking.ranker import Ranker
from microgt.ranking.signs import ranked_signs


class Placed(NamedTuple):
    """place: of a reading among those that the model proposed. confidence: the probability that its answer is right, 0 to 1."""

    place: int
    confidence: float


@dataclass(frozen=True)
class Ranking:
    """ranker, calibrator: learned on all databases. without: database -> those learned on all others."""

    ranker: Ranker
    calibrator: Calibrator
    without: Mapping[str, Ranking] = field(default_factory=dict)

    @property
    def thresholds(self) -> Thresholds:
        """Confidences below which it is better to ask back."""
        return self.calibrator.thresholds

    def unseen(self, db: str) -> Ranking:
        """One that has learned nothing from the questions about a database: what figures about it are taken with."""
        return self.without.get(db, self)

    def place(self, rows: np.ndarray, answers: np.ndarray, signs: Sequence[Signs]) -> list[Placed]:
        """The readings of a question, the best first. rows, answers: as of `Ranker.shares`. signs: the model's own, of each reading."""
        found = ranked_signs(self.ranker, rows, answers, signs)
        return [Placed(i, self.calibrator.confidence(found[i])) for i in self.ranker.order(rows, answers)]

    def to_json(self) -> dict[str, Any]:
        """For the file of a checkpoint."""
        without = {"without": {db: ranking.to_json() for db, ranking in self.without.items()}} if self.without else {}
        return {"ranker": self.ranker.to_json(), "calibration": self.calibrator.to_json(), **without}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Of `to_json`. Raises `CheckpointError` for anything else."""
        keys = {"ranker", "calibration", "without"}
        without = data.get("without", {}) if isinstance(data, Mapping) else None
        if without is None or set(data) | {"without"} != keys or not isinstance(without, Mapping):
            raise CheckpointError("a ranking is an object of ranker, calibration and without, which holds rankings by database")
        try:
            calibrator = Calibrator.from_json(data["calibration"])
        except DataError as error:
            raise CheckpointError(str(error)) from None
        return cls(Ranker.from_json(data["ranker"]), calibrator, {str(db): cls.from_json(ranking) for db, ranking in without.items()})
