"""Answers of a checkpoint with the signs that its confidence is calibrated by, and the calibration put into the checkpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from microgt.data.example import Example, Source
from microgt.errors import CheckpointError
from microgt.evaluation.calibration import Calibrator, Judged, Signs
from microgt.evaluation.results import Results
from microgt.files import write_text
from microgt.model.checkpoint import inner_folder
from microgt.model.predictor import Candidate, Predictor
from microgt.product.judge import judge
from microgt.product.predict import predict, trained_on


@dataclass(frozen=True)
class Measured:
    """The results on one set, and the signs of each answer by the question's id; none of what came to a dead end."""

    results: Results
    signs: Mapping[str, Signs]

    @property
    def answers(self) -> list[Judged]:
        """The answers with signs, as the calibration takes them."""
        return [Judged(self.signs[i.id], i.right) for i in self.results.items if i.id in self.signs]


def measure(source: Source, split: str, examples: Sequence[Example], predictor: Predictor, *, checkpoint: str) -> Measured:
    """Predict by beam and score, noting the signs of each answer."""
    signs: dict[str, Signs] = {}

    def note(example: Example, candidate: Candidate) -> None:
        if candidate.signs:
            signs[example.id] = candidate.signs

    predictions = list(predict(source, examples, predictor, note))
    results = judge(source, split, examples, predictions, checkpoint=checkpoint, trained_on=trained_on(predictor))
    return Measured(results, signs)


def store(calibrator: Calibrator, checkpoint: Path) -> Path:
    """Write the calibration into the config.json of a checkpoint directory. Raises `CheckpointError` when it is none."""
    file = inner_folder(checkpoint) / "config.json"
    if not file.is_file():
        raise CheckpointError(f"{checkpoint} is no checkpoint directory: it has no config.json")
    config = json.loads(file.read_text(encoding="utf-8"))
    return write_text(file, json.dumps(config | {"calibration": calibrator.to_json()}, indent=1))
