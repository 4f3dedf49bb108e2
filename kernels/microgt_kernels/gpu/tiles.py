"""How large the tiles are, for each target and width of a head: a table, since autotuning needs a device and results would depend on it.

Every entry compiles without spilling registers; `scripts/compile_kernels.py` proves it and writes `reports/kernels_aot.md`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import torch

WIDTHS = (16, 32, 64, 128)  # of a head, padded up
ALIGNED = 16  # a number of nodes that is a multiple of it lets Triton load several pairs at once, which takes fewer registers


class Tile(NamedTuple):
    """rows, columns: of the block of scores that a program holds (of a histogram: heads, nodes). warps, stages: of its launch."""

    rows: int
    columns: int
    warps: int
    stages: int

    @classmethod
    def read(cls, text: str) -> Tile:
        """From "64x32w4s2"."""
        return cls(*map(int, re.split("[xws]", text)))

    def __str__(self) -> str:
        return f"{self.rows}x{self.columns}w{self.warps}s{self.stages}"


class Tiles(NamedTuple):
    """The tiles of the kernels."""

    forward: Tile
    weights: Tile
    queries: Tile
    keys: Tile
    histogram: Tile


INTERPRETER = Tiles(*[Tile(16, 16, 1, 1)] * 5)
_HISTOGRAM = Tile(16, 64, 4, 2)

# Target and bytes of an element -> for each width the tiles of forward, weights, queries and keys.
# Where there are two, the first is for numbers of nodes that are multiples of 16. One entry fits both arithmetics of its size.
_TABLE = {
    ("sm_80", 2): """
         16  128x64w8s2|64x32w4s2  64x64w4s1             128x64w8s2|32x32w4s2  32x64w8s2|64x64w8s2
         32  128x64w8s2|64x32w4s2  64x64w4s1             128x64w8s2|64x32w4s2  64x64w8s2|32x64w8s2
         64  128x64w8s2|64x32w4s2  64x64w4s1             64x32w4s2|32x32w4s2   32x32w4s2
        128  64x32w4s2|32x32w4s2   64x64w4s1             64x64w8s2|32x32w4s2   32x64w8s2
    """,
    ("sm_80", 4): """
         16  128x64w8s2|64x32w4s2  64x64w4s1             64x64w8s2|32x32w4s2   64x64w8s2
         32  64x32w4s2|32x32w4s2   64x64w4s1             64x64w8s2|32x32w4s2   32x64w8s1
         64  32x32w4s2             64x32w4s1|32x32w4s1   32x32w4s2|32x32w4s1   32x64w8s2|32x64w8s1
        128  32x32w4s2|16x32w4s1   16x32w4s1             32x32w4s2|16x32w4s1   32x32w4s1|16x32w4s1
    """,
    ("sm_90", 2): """
         16  128x64w8s3|64x32w4s2  64x64w4s1             128x64w8s2|32x32w4s2  64x64w8s2
         32  128x64w8s3|64x32w4s2  64x64w4s1             128x64w8s2|64x32w4s2  64x64w8s2
         64  128x64w8s3            64x64w4s1             128x64w8s2|64x64w8s2  64x64w8s2
        128  64x32w4s2             64x64w4s1             64x64w8s2|32x32w4s2   32x64w8s2
    """,
    ("sm_90", 4): """
         16  128x64w8s3|32x32w4s2  64x64w4s1             64x32w4s2|32x32w4s2   32x64w8s2
         32  128x64w8s3|64x32w4s2  64x64w4s1             32x32w4s2             32x64w8s2
         64  32x32w4s2             64x32w4s1|32x32w4s1   32x32w4s1|32x32w8s1   32x32w4s1
        128  16x32w4s1             16x32w4s1             16x32w8s1|32x32w8s1   16x32w4s1
    """,
    ("sm_100", 2): """
         16  128x64w8s3|64x32w4s2  64x64w4s1|64x32w4s1   128x64w8s2|32x32w4s2  64x64w8s2
         32  64x64w4s2|64x32w4s2   64x64w4s1|64x32w4s1   128x64w8s2|64x32w4s2  64x64w8s2
         64  128x64w8s3            64x64w4s1             128x64w8s2|64x64w8s2  64x64w8s2
        128  64x32w4s2|32x32w4s2   64x64w4s1|64x32w4s1   64x64w8s2|32x32w4s2   32x64w8s2
    """,
    ("sm_100", 4): """
         16  128x64w8s2|32x32w4s2  64x64w4s1|64x32w4s1   64x32w4s2|32x32w4s1   32x64w8s2
         32  64x32w4s2             64x64w4s1|64x32w4s1   32x32w4s2             32x64w8s2
         64  32x32w4s2             64x32w4s1|32x32w4s1   32x32w4s1|16x32w4s1   32x32w4s1
        128  16x32w4s1             16x32w4s1             16x16w4s1|16x32w4s1   16x32w4s1
    """,
    ("gfx942", 2): """
         16  64x64w4s1|64x32w4s1   64x64w4s1|64x32w4s1   64x64w8s1|64x32w4s1   32x64w8s1|32x32w4s1
         32  64x64w4s1|64x32w4s1   64x64w4s1|64x32w4s1   64x64w8s1|64x32w4s1   32x64w8s1|32x32w4s1
         64  64x64w4s1|64x32w4s1   64x64w4s1             64x64w8s1             32x64w8s1|32x32w4s1
        128  64x32w4s1             64x64w4s1|64x32w4s1   64x32w4s1             32x32w4s1
    """,
    ("gfx942", 4): """
         16  64x32w4s1             64x64w4s1|64x32w4s1   64x32w4s1             32x64w8s1|32x32w4s1
         32  64x32w4s1             64x64w4s1|64x32w4s1   64x32w4s1             32x64w8s1|32x32w4s1
         64  64x32w4s1             64x64w4s1             32x32w4s1             32x32w4s1|16x32w4s1
        128  64x32w4s1             64x64w4s1|64x32w4s1   32x32w4s1             32x32w4s1|16x32w4s1
    """,
}


def tiles_for(target: str, width: int, itemsize: int, *, aligned: bool) -> Tiles:
    """The tiles for heads of `width` and elements of so many bytes; aligned: the number of nodes is a multiple of 16.

    Raises `ValueError` for heads wider than 128.
    """
    fitting = next((w for w in WIDTHS if width <= w), None)
    if fitting is None:
        raise ValueError(f"heads of at most {WIDTHS[-1]} columns are possible; these have {width}")
    row = _TABLE[target, itemsize].strip().splitlines()[WIDTHS.index(fitting)].split()[1:]
    forward, weights, queries, keys = (Tile.read(cell.split("|")[0 if aligned else -1]) for cell in row)
    return Tiles(forward, weights, queries, keys, _HISTOGRAM)


def target_of(device: torch.device) -> str:
    """The entry of the table for a device: its own, else the nearest older one."""
    properties = torch.cuda.get_device_properties(device)
    if torch.version.hip:
        return "gfx942"
    major = properties.major * 10
    return f"sm_{max((n for n in (80, 90, 100) if n <= major), default=80)}"
