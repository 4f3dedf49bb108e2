"""Weights as safetensors: one file, or several with an index, as Hugging Face writes them; whole, or smaller and not quite the same.

model.safetensors
model-00001-of-00002.safetensors ... model.safetensors.index.json     above a size
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from microgt.errors import CheckpointError
from microgt.model.making import plain_names

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
MOST_BYTES = 2_000_000_000  # of one file
_SCALE = ".scale"


def write_weights(folder: Path, weights: dict[str, Tensor], most: int = MOST_BYTES) -> list[str]:
    """Write the files and return their names. most: bytes of a file, if its tensors let it be so small."""
    stored = {name: value.detach().contiguous().cpu().clone() for name, value in weights.items()}
    total = sum(_bytes(value) for value in stored.values())
    if total <= most:
        save_file(stored, folder / WEIGHTS, metadata={"format": "pt"})
        return [WEIGHTS]
    shards = _shards(stored, most)
    names = [f"model-{i:05d}-of-{len(shards):05d}.safetensors" for i in range(1, len(shards) + 1)]
    for name, shard in zip(names, shards, strict=True):
        save_file({key: stored[key] for key in shard}, folder / name, metadata={"format": "pt"})
    places = {key: name for name, shard in zip(names, shards, strict=True) for key in shard}
    (folder / INDEX).write_text(json.dumps({"metadata": {"total_size": total}, "weight_map": places}, indent=1), encoding="utf-8")
    return [*names, INDEX]


def _bytes(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def _shards(weights: dict[str, Tensor], most: int) -> list[list[str]]:
    """Names in their order, as many in a shard as fit; a tensor that is larger has one to itself."""
    shards: list[list[str]] = []
    size = most
    for name, value in weights.items():
        if size + _bytes(value) > most:
            shards.append([])
            size = 0
        shards[-1].append(name)
        size += _bytes(value)
    return shards


def read_weights(folder: Path, origin: Path) -> dict[str, Tensor]:
    """All weights, those in 8 bits restored. origin: how errors name the folder. Raises `CheckpointError`."""
    names = [WEIGHTS] if (folder / WEIGHTS).is_file() else _of_index(folder, origin)
    weights: dict[str, Tensor] = {}
    for name in names:
        try:
            weights |= load_file(folder / name)
        except (SafetensorError, OSError, ValueError) as error:
            raise CheckpointError(f"{origin} is damaged: {name}: {error}") from error
    _check_scales(weights, origin)
    return restored(weights)


def _check_scales(weights: dict[str, Tensor], origin: Path) -> None:
    for name in sorted(_scaled(weights)):
        w, scale = weights[name], weights[name + _SCALE]
        if w.ndim != 2 or tuple(scale.shape) != (w.shape[0], 1):
            raise CheckpointError(f"{origin} is damaged: {name}{_SCALE} has shape {list(scale.shape)}, its weights {list(w.shape)}")


def _of_index(folder: Path, origin: Path) -> list[str]:
    try:
        places: Any = json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"]
        return plain_names(origin, places.values())
    except (ValueError, LookupError, TypeError, AttributeError, OSError) as error:
        raise CheckpointError(f"{origin} is damaged: {INDEX} cannot be read: {error}") from error


def in_bfloat16(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Half the bytes: floating numbers with 8 bits of precision."""
    return {name: w.to(torch.bfloat16) if w.is_floating_point() else w for name, w in weights.items()}


def in_int8(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """A quarter of the bytes: each row of a matrix as whole numbers from -127 to 127 and a scale (absolute maximum, symmetric)."""
    stored: dict[str, Tensor] = {}
    for name, w in weights.items():
        if w.is_floating_point() and w.ndim == 2:
            scale = w.float().abs().amax(1, keepdim=True).clamp(min=torch.finfo(torch.float32).tiny) / 127
            stored[name], stored[name + _SCALE] = (w.float() / scale).round().to(torch.int8), scale
        else:
            stored[name] = w
    return stored


def restored(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """What `in_int8` stored as floating numbers again; others as they are."""
    scaled = _scaled(weights)
    kept = {name: w for name, w in weights.items() if name.removesuffix(_SCALE) not in scaled}
    return {**kept, **{name: weights[name].float() * weights[name + _SCALE] for name in scaled}}


def _scaled(weights: dict[str, Tensor]) -> set[str]:
    return {name for name, w in weights.items() if w.dtype == torch.int8 and name + _SCALE in weights}
