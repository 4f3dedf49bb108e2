"""Blocks of attention scores that stay in the cache of a CPU.

Shapes: B batch, H heads, N nodes. Within a block: C items times heads, I rows.
"""

from __future__ import annotations

import torch
from torch import Tensor

SCORES = 1 << 17  # of a block: float32 buffers of half a megabyte
_FEWEST_ROWS = 128  # below, products with keys and values run at half their speed


class Blocks:
    """Several whole items if they fit into a block, else heads of one item, else rows of one or few heads; rows vary fastest.

    Each method gives views of a tensor, one for each block. They are made all at once: to slice in the loop costs as much as some products.
    """

    def __init__(self, b: int, h: int, n: int):
        self._rows = min(n, max(_FEWEST_ROWS, SCORES // max(n, 1)))
        fit = max(1, SCORES // max(1, self._rows * n))
        self._heads = max(d for d in range(1, min(h, fit) + 1) if h % d == 0)
        self._items = max(1, fit // h) if self._heads == h and self._rows == n else 1
        self._whole = self._rows == n
        self._starts = range(0, n, max(1, self._rows))
        self._h = h
        self._count = len(range(0, b * h, self._items * self._heads))

    def rows(self, x_BHNX: Tensor) -> list[Tensor]:
        """[C,I,X]; x is contiguous."""
        parts = x_BHNX.flatten(0, 1).split(self._items * self._heads)
        return list(parts) if self._whole else [rows for part in parts for rows in part.split(self._rows, 1)]

    def nodes(self, x_BHNX: Tensor) -> list[Tensor]:
        """[C,N,X]: of all nodes, whatever the rows; x is contiguous but for its last two axes."""
        return [part for part in x_BHNX.flatten(0, 1).split(self._items * self._heads) for _ in self._starts]

    def separate(self, x_BHNX: Tensor) -> list[Tensor]:
        """[items, heads, I, X]."""
        heads = [part for items in x_BHNX.split(self._items) for part in items.split(self._heads, 1)]
        return heads if self._whole else [rows for part in heads for rows in part.split(self._rows, 2)]

    def pairs(self, x_BNN: Tensor) -> list[Tensor]:
        """[items, heads, I, N], without a copy for each head."""
        return self.separate(x_BNN[:, None].expand(-1, self._h, -1, -1))

    def firsts(self) -> list[bool]:
        """Whether a block has the first rows of its heads."""
        return [start == 0 for start in self._starts] * self._count


class Buffer:
    """Memory for one block after the other, asked for once: fresh memory costs page faults. The first block is the largest."""

    def __init__(self, like: Tensor):
        self._like = like
        self._flat: Tensor | None = None
        self._views: dict[tuple[int, ...], Tensor] = {}

    def view(self, *shape: int) -> Tensor:
        if shape not in self._views:
            size = torch.Size(shape).numel()
            if self._flat is None:
                self._flat = self._like.new_empty(size)
            self._views[shape] = self._flat[:size].view(shape)
        return self._views[shape]
