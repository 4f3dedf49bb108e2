"""How kernels that work on rows are cut: a program takes some whole rows, or pieces of them, of a matrix [M,D]."""

from __future__ import annotations

from typing import NamedTuple

import triton

_ELEMENTS = 2048  # of a tile: 16 for each of 128 threads
OPTIONS = {"enable_fp_fusion": True}  # said, since the default changes in Triton 3.10
PROGRAMS = 256  # at most, where each writes a partial sum: about two for each multiprocessor


class Rows(NamedTuple):
    """rows: of a program's tile. columns: of it, a power of two."""

    rows: int
    columns: int


def whole_rows(width: int) -> Rows:
    """Tiles of whole rows."""
    columns = triton.next_power_of_2(width)
    return Rows(max(1, _ELEMENTS // columns), columns)


def pieces(width: int) -> Rows:
    """Tiles of rows that may be cut."""
    columns = min(256, triton.next_power_of_2(width))
    return Rows(_ELEMENTS // columns, columns)
