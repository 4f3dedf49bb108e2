"""What is done to a model's layers before training, beside their weights: `machine.wrap`. Checkpoints are the same with and without."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from microgt.blocks.decoder_layer import DecoderLayer
from microgt.blocks.encoder_layer import EncoderLayer
from microgt.model.parser import Parser


class Plain:
    """Nothing."""

    def __call__(self, model: Parser) -> None:
        """Leave the model as it is."""


class Recompute:
    """The activations inside of a layer are not kept but computed again in the backward pass (Chen et al. 2016)."""

    def __call__(self, model: Parser) -> None:
        """Do so in the encoder's layers, where nearly all activations are."""
        for layer in model.encoder.modules():
            if isinstance(layer, EncoderLayer):
                layer.forward = functools.partial(checkpoint, layer.forward, use_reentrant=False)


class Compile:
    """Each layer is compiled by `torch.compile` for any size; where that is not possible it says so, and nothing is compiled.

    backend: of torch.compile: "inductor", "aot_eager", "eager" and so on.
    """

    def __init__(self, *, backend: str = "inductor"):
        self.backend = backend

    def __call__(self, model: Parser) -> None:
        """Compile when first called."""
        if reason := self._refusal():
            print(f"torch.compile by {self.backend!r} is not possible here, training goes on without: {reason}", file=sys.stderr)
            return
        for layer in _layers(model):
            layer.compile(backend=self.backend, dynamic=True)

    def _refusal(self) -> str:
        """Why a line of code cannot be compiled; '' when it can."""
        try:
            torch.compile(lambda x: (2 * x).relu(), backend=self.backend)(torch.ones(3))
        except Exception as error:  # whatever compilers raise
            return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no reason given'}"
        return ""


class Both:
    """Layers that are compiled and recompute their activations."""

    def __init__(self, *, backend: str = "inductor"):
        self.parts = (Compile(backend=backend), Recompute())

    def __call__(self, model: Parser) -> None:
        """One after the other."""
        for part in self.parts:
            part(model)


def _layers(model: nn.Module) -> Iterator[nn.Module]:
    return (part for part in model.modules() if isinstance(part, EncoderLayer | DecoderLayer))
