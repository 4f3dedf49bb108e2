"""How large the tiles are, for each target and width of a head: a table, since autotuning needs a device and would make results depend on it.

The rows are those that `scripts/compile_kernels.py` compiles without spilling registers; see `reports/kernels_aot.md`.
"""

from __future__ import annotations

from typing import NamedTuple

import torch


class Tile(NamedTuple):
    """rows, columns: of the block of scores that a program holds. warps, stages: of its launch."""

    rows: int
    columns: int
    warps: int
    stages: int


class Tiles(NamedTuple):
    """The tiles of the kernels; `histogram` counts (relations are all in one tile) heads as rows and nodes as columns."""

    forward: Tile
    weights: Tile
    queries: Tile
    keys: Tile
    histogram: Tile


_INTERPRETED = Tile(16, 16, 1, 1)
INTERPRETER = Tiles(_INTERPRETED, _INTERPRETED, _INTERPRETED, _INTERPRETED, _INTERPRETED)


def tiles_for(device: torch.device, width: int, interpreted: bool = False) -> Tiles:
    """The tiles for heads of `width` on a device. Raises `RuntimeError` for a device without an entry."""
    if interpreted:
        return INTERPRETER
    return TABLE[target_of(device)][_fitting(width)]
