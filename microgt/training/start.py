"""Where training begins: new weights, or those of a checkpoint, of which a copy is trained further (fine-tuning)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from microgt.errors import CheckpointError
from microgt.model.checkpoint import read_checkpoint


class Start:
    """A checkpoint that training goes on from: its model, its vocabulary, its weights, the databases it knows."""

    def __init__(self, path: str, allow: Sequence[str] = ()):
        self.checkpoint = read_checkpoint(path, allow=allow)

    @property
    def model(self) -> dict[str, Any]:
        """The configuration of its model."""
        return self.checkpoint.config["model"]

    @property
    def weights(self) -> dict[str, Tensor]:
        """As `load_grown` takes them."""
        return self.checkpoint.model.state_dict()

    @property
    def databases(self) -> list[str]:
        """Those that it was trained on, as far as it says so."""
        return self.checkpoint.config.get("training", {}).get("databases", [])

    @property
    def training(self) -> dict[str, Any]:
        """What is known of its training, without the databases."""
        return {name: value for name, value in self.checkpoint.config.get("training", {}).items() if name != "databases"}

    def untrained(self, unused: Sequence[str]) -> list[str]:
        """The rules that neither its training nor this one has questions for. unused: those without questions in this one."""
        before = set(self.checkpoint.untrained)
        return [name for name in unused if name in before]


def load_grown(model: torch.nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Load weights into a model whose vocabulary may have grown: words that are new begin as the unknown word, row 0, is.

    So a word without a row answers as before until it is trained on: by its spelling, and where the model has vectors of meaning, by
    those that its own vocabulary had. Raises `CheckpointError` for weights of another model.
    """
    wanted = model.state_dict()
    grown = {name: _grown(value, wanted[name]) if name in wanted else value for name, value in weights.items()}
    try:
        model.load_state_dict(grown)
    except RuntimeError as error:
        raise CheckpointError(f"the weights to start from do not fit: {str(error).splitlines()[-1].strip()}") from error


def _grown(value: Tensor, wanted: Tensor) -> Tensor:
    more = len(wanted) - len(value) if value.ndim == wanted.ndim == 2 and value.shape[1:] == wanted.shape[1:] else 0
    return torch.cat([value, value[:1].expand(more, -1)]) if more > 0 else value
