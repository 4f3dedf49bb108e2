"""Programs as ONNX files."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch.export import ExportedProgram

from microgt.errors import ConfigError
from microgt.export.programs import Programs
from microgt.model.exported.names import ENCODED, ENCODER, READ, STEP, STEP_INPUTS, STEP_OUTPUTS

OPSET = 20
_MOST_BYTES = 1_900_000_000  # protobuf ends at 2 GiB


def write_onnx(folder: Path, programs: Programs, *, quantized: bool) -> list[str]:
    """Write encoder.onnx and decoder_step.onnx; return their names. Raises `ConfigError` for a model that is too large."""
    names = {
        ENCODER: (programs.encoder, READ, ENCODED),
        STEP: (programs.step, STEP_INPUTS, STEP_OUTPUTS),
    }
    for name, (program, inputs, outputs) in names.items():
        _write(folder / f"{name}.onnx", program, inputs, outputs)
        if quantized:
            _quantize(folder / f"{name}.onnx")
    return [f"{name}.onnx" for name in names]


def _write(path: Path, program: ExportedProgram, inputs: Sequence[str], outputs: Sequence[str]) -> None:
    size = sum(w.numel() * w.element_size() for w in program.state_dict.values())
    if size > _MOST_BYTES:
        raise ConfigError(f"{path.name} would have {size / 1e9:.1f} GB, and ONNX files end at 2 GB; use format=hf or format=export")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = torch.onnx.export(program, input_names=inputs, output_names=outputs, opset_version=OPSET, dynamo=True, verbose=False)
    assert made is not None
    made.save(path, external_data=False)
    foreign = {node.domain for node in onnx.load(path).graph.node} - {"", "ai.onnx"}
    if foreign:
        raise ConfigError(f"{path.name} would need operators of {', '.join(sorted(foreign))}")


def _quantize(path: Path) -> None:
    """Matrices in 8 bits, row by row; the activations of their products too, when they come.

    Of the 8 bits 7 are used: processors with AVX2 but without VNNI add products of 8 bits in 16, which overflow.
    """
    logging.getLogger().disabled, before = True, logging.getLogger().disabled  # it advises preprocessing, which the exporter has done
    try:
        quantize_dynamic(path, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    finally:
        logging.getLogger().disabled = before
