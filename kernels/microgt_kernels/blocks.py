"""Blocks of attention scores that stay in the cache of a CPU, and what relations do to them.

Shapes: B batch, H heads, N nodes, D width of a head, R relations. Within a block: C items times heads, I rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

SCORES = 1 << 18  # of a block: float32 buffers of a megabyte
_FEWEST_ROWS = 128  # below, products with keys and values run at half their speed
_FOLDS = 2  # see `Relations`


@dataclass(frozen=True)
class Block:
    """slices: items, heads, rows."""

    slices: tuple[slice, slice, slice]

    def rows(self, x_BHNX: Tensor) -> Tensor:
        """[C,I,X], a view."""
        return _joined(x_BHNX[self.slices])

    def items(self, x_BHNX: Tensor) -> Tensor:
        """[C,N,X], a view: of all nodes."""
        return _joined(x_BHNX[self.slices[:2]])


def _joined(x: Tensor) -> Tensor:
    return x[0] if x.shape[0] == 1 else x.view(-1, *x.shape[2:])


def blocks(b: int, h: int, n: int) -> Iterator[Block]:
    """Several whole items if they fit into a block, else heads of one item, else rows of one or few heads; rows vary fastest."""
    rows = min(n, max(_FEWEST_ROWS, SCORES // n))
    heads = min(h, max(1, SCORES // (rows * n)))
    items = max(1, SCORES // (h * n * n)) if heads == h and rows == n else 1
    for b0 in range(0, b, items):
        for h0 in range(0, h, heads):
            for i0 in range(0, n, rows):
                yield Block((slice(b0, b0 + items), slice(h0, h0 + heads), slice(i0, i0 + rows)))


class Buffers:
    """Memory for blocks, asked for once: fresh memory costs page faults."""

    def __init__(self, like: Tensor):
        self._like = like
        self._flat: dict[int, Tensor] = {}

    def get(self, key: int, shape: tuple[int, ...]) -> Tensor:
        """The first block is the largest."""
        size = torch.Size(shape).numel()
        if key not in self._flat:
            self._flat[key] = self._like.new_empty(size)
        return self._flat[key][:size].view(shape)


class Relations:
    """Lookups by relation, and sums by relation.

    Most pairs of nodes have the same relation (none), and additions to one place wait for each other: neighbours add to different places.
    """

    def __init__(self, rel_BNN: Tensor, count: int):
        self._count = count
        self._index_BNN = rel_BNN.long()
        self._places_BNN = self._index_BNN + torch.arange(rel_BNN.shape[-1], device=rel_BNN.device).remainder_(_FOLDS).mul_(count)

    def lookup(self, table_BHIR: Tensor, block: Block, out: Buffers, key: int) -> Tensor:
        """[C,I,N]: the entry of each pair's relation in the table of its row."""
        index = self._of(self._index_BNN, block, table_BHIR.shape[1])
        return _joined(torch.gather(table_BHIR, -1, index, out=out.get(key, index.shape)))

    def histogram(self, x_CIN: Tensor, block: Block, buffers: Buffers, key: int) -> Tensor:
        """[C,I,R]: the sum of each row of x over the pairs of each relation."""
        places = self._of(self._places_BNN, block, x_CIN.shape[0] // self._index_BNN[block.slices[0]].shape[0])
        sums = buffers.get(key, (*x_CIN.shape[:2], _FOLDS * self._count)).zero_()
        sums.view(*places.shape[:3], -1).scatter_add_(-1, places, x_CIN.view(places.shape))
        return sums.unflatten(-1, (_FOLDS, -1)).sum(-2)

    @staticmethod
    def _of(index_BNN: Tensor, block: Block, heads: int) -> Tensor:
        return index_BNN[block.slices[0], None, block.slices[2]].expand(-1, heads, -1, -1)
