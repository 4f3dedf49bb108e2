"""How large the tiles are, for each target and width of a head: a table, since autotuning needs a device and changes results.

Every entry compiles without spilling registers; `scripts/compile_kernels.py` proves it and writes `reports/kernels_aot.md`.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

WIDTHS = (16, 32, 64, 128)  # of a head, padded up


class Tile(NamedTuple):
    """rows, columns: of the block of scores that a program holds (of a histogram: heads, nodes). warps, stages: of its launch."""

    rows: int
    columns: int
    warps: int
    stages: int


class Tiles(NamedTuple):
    """The tiles of the kernels."""

    forward: Tile
    weights: Tile
    queries: Tile
    keys: Tile
    histogram: Tile


INTERPRETER = Tiles(*[Tile(16, 16, 1, 1)] * 5)
_HISTOGRAM, _WEIGHTS = Tile(16, 64, 4, 2), Tile(64, 64, 4, 1)


def _tiles(forward: Tile, queries: Tile, keys: Tile) -> Tiles:
    return Tiles(forward, _WEIGHTS, queries, keys, _HISTOGRAM)


_HOPPER_HALF = _tiles(Tile(128, 64, 8, 3), Tile(128, 64, 8, 2), Tile(64, 64, 8, 2))

# Target -> bytes of an element -> width of a head.
TABLE: dict[str, dict[int, dict[int, Tiles]]] = {
    "sm_90": {
        2: {
            16: _HOPPER_HALF,
            32: _HOPPER_HALF,
            64: _HOPPER_HALF,
            128: _tiles(Tile(64, 32, 4, 2), Tile(64, 64, 8, 2), Tile(32, 32, 4, 2)),
        },
    },
}


def tiles_for(target: str, width: int, itemsize: int) -> Tiles:
    """The tiles for heads of `width` and elements of so many bytes. Raises `ValueError` for heads wider than 128."""
    fitting = next((w for w in WIDTHS if width <= w), None)
    if fitting is None:
        raise ValueError(f"heads of at most {WIDTHS[-1]} columns are possible; these have {width}")
    return TABLE[target][itemsize][fitting]


def target_of(device: torch.device) -> str:
    """The entry of the table for a device: its own, else the nearest older one."""
    properties = torch.cuda.get_device_properties(device)
    if torch.version.hip:
        return "gfx942"
    major = properties.major * 10
    return f"sm_{max((n for n in (80, 90, 100) if n <= major), default=80)}"
