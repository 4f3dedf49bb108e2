"""What a checkpoint can be written as. Each format writes its files into a folder and loads them back to be compared.

To be kept, an export must choose the same actions along the specs of the embedded questions, and its log-probabilities of what is not
unlikely must be near those of its origin: `Tolerance` says how near, format by format.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.export import ExportedProgram

from microgt.export.programs import programs_of
from microgt.model.checkpoint import Checkpoint
from microgt.model.exported.names import ENCODER, READ, STEP, STEP_INPUTS
from microgt.model.exported.proposer import ExportedProposer, allowed_rules
from microgt.model.exported.stepper import Arrays, Function, Functions, empty
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


class Onnx(Format):
    """ONNX with operators of its own set alone. quantized: matrices in 8 bits, products with 8-bit activations."""

    def __init__(self, tolerance: Tolerance, about: str, *, quantized: bool = False):
        super().__init__(tolerance, about)
        self.quantized = quantized

    def write(self, folder: Path, checkpoint: Checkpoint, most: int) -> list[str]:
        """encoder.onnx and decoder_step.onnx."""
        from microgt.export.onnx import write_onnx

        return write_onnx(folder, programs_of(checkpoint), quantized=self.quantized)

    def load(self, folder: Path, checkpoint: Checkpoint) -> Proposer:
        """In onnxruntime, as the runtime does."""
        from microgt.model.exported.onnx import load_onnx

        return load_onnx(folder)


class TorchExport(Format):
    """`torch.export` programs, for AOTInductor, ExecuTorch and whatever else reads them. microgt never loads one that it has not just made.

    `torch.export.load` may unpickle: read only files that you trust.
    """

    def write(self, folder: Path, checkpoint: Checkpoint, most: int) -> list[str]:
        """encoder.pt2 and decoder_step.pt2."""
        programs = programs_of(checkpoint)
        for name, program in ((ENCODER, programs.encoder), (STEP, programs.step)):
            torch.export.save(program, folder / f"{name}.pt2")
        return [f"{ENCODER}.pt2", f"{STEP}.pt2"]

    def load(self, folder: Path, checkpoint: Checkpoint) -> Proposer:
        """The files just written, in torch."""
        encoder, step = (torch.export.load(folder / f"{name}.pt2") for name in (ENCODER, STEP))
        (past,) = (n.meta["val"].shape for n in step.graph.nodes if n.op == "placeholder" and n.name == "past")
        functions = Functions(_caller(encoder, READ), _caller(step, STEP_INPUTS), empty(past), allowed_rules(checkpoint.config))
        return ExportedProposer(functions, checkpoint.lexicon, checkpoint.config)


def _caller(program: ExportedProgram, names: Any) -> Function:
    module = program.module(check_guards=False)  # the first step has none before it, which tracing takes for a special size

    @torch.no_grad()
    def call(arrays: Arrays) -> list[Any]:
        return [x.numpy() for x in module(*(torch.from_numpy(np.ascontiguousarray(arrays[name])) for name in names))]

    return call


FORMATS: dict[str, Format] = {
    "hf": Weights(Tolerance(0.0), "safetensors, all weights as they are"),
    "bf16": Weights(Tolerance(0.5, 0.95), "safetensors, floating numbers in 16 bits (bfloat16)", in_bfloat16),
    "int8": Weights(Tolerance(0.5, 0.95), "safetensors, matrices in 8 bits with a scale for each row", in_int8),
    "onnx": Onnx(Tolerance(1e-4), "ONNX, encoder and decoder step"),
    "onnx_int8": Onnx(Tolerance(1.0, 0.9), "ONNX, encoder and decoder step, matrices in 8 bits", quantized=True),
    "export": TorchExport(Tolerance(1e-4), "torch.export programs, encoder and decoder step"),
}
