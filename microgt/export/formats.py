"""What a checkpoint can be written as. Each format writes its files into a folder and loads them back to be compared.

To be kept, an export must choose the same actions along the specs of the embedded questions, and its log-probabilities of what is not
unlikely must be near those of its origin: `Tolerance` says how near, format by format.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from microgt.model.checkpoint import Checkpoint
from microgt.model.predictor import Predictor
from microgt.model.proposer import Proposer
from microgt.model.weights import in_bfloat16, in_int8, write_weights


@dataclass(frozen=True)
class Tolerance:
    """nats: the greatest difference of a log-probability. same: the least share of questions with the same greedy spec."""

    nats: float
    same: float = 1.0


class Format(ABC):
    """One of the forms."""

    def __init__(self, tolerance: Tolerance, about: str):
        self.tolerance, self.about = tolerance, about

    @abstractmethod
    def write(self, folder: Path, checkpoint: Checkpoint, most: int) -> list[str]:
        """Write the model's files and return their names. most: bytes of a file of weights."""

    @abstractmethod
    def load(self, folder: Path, checkpoint: Checkpoint) -> Proposer:
        """What was written, ready to be compared; the folder has config.json and tokenizer.json by now. checkpoint: its origin."""


class Weights(Format):
    """safetensors. smaller: what is done to weights first."""

    def __init__(self, tolerance: Tolerance, about: str, smaller: Callable[[dict[str, Tensor]], dict[str, Tensor]] = dict):
        super().__init__(tolerance, about)
        self._smaller = smaller

    def write(self, folder: Path, checkpoint: Checkpoint, most: int) -> list[str]:
        """One file, or shards with an index."""
        return write_weights(folder, self._smaller(checkpoint.model.state_dict()), most)

    def load(self, folder: Path, checkpoint: Checkpoint) -> Proposer:
        """As anybody would."""
        return Predictor.load(folder)


FORMATS: dict[str, Format] = {
    "hf": Weights(Tolerance(0.0), "safetensors, all weights as they are"),
    "bf16": Weights(Tolerance(0.5, 0.95), "safetensors, floating numbers in 16 bits (bfloat16)", in_bfloat16),
    "int8": Weights(Tolerance(0.5, 0.95), "safetensors, matrices in 8 bits with a scale for each row", in_int8),
}
