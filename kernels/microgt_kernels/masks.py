"""Dropout masks at the price of a view: random slices of a pool that is drawn once.

Drawing a Bernoulli mask for each use took 15-20% of a CPU training step; a slice is free, and its place is random at each use.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

POOL = 1 << 22


@lru_cache(maxsize=16)
def _pool(p: float, dtype: torch.dtype, device: torch.device, size: int) -> Tensor:
    """`size` entries that are 0 with probability p, else 1/(1-p). The same for every process: the seed is fixed."""
    drawn = torch.rand(size, generator=torch.Generator().manual_seed(20_24))
    return (drawn >= p).to(device, dtype) / (1 - p)


def keep_mask(shape: tuple[int, ...], p: float, like: Tensor) -> Tensor:
    """A tensor of `shape` with the dtype and device of `like` to multiply with: 0 with probability p, else 1/(1-p).

    A read-only view. Its place in the pool comes from torch's global random state, so seeding that makes it repeatable.
    """
    if not 0 <= p < 1:
        raise ValueError(f"dropout must be in [0, 1), it is {p}")
    if torch.compiler.is_compiling():  # a view of what lies outside the graph is nothing to compile
        return (torch.rand(shape, device=like.device) >= p).to(like.dtype) / (1 - p)
    count = math.prod(shape)
    with torch.inference_mode(False):  # the pool outlives this call, whatever mode it was first asked for in
        pool = _pool(p, like.dtype, like.device, max(POOL, 1 << (2 * count - 1).bit_length()))
    start = int(torch.randint(pool.numel() - count, ()))
    return pool[start : start + count].view(shape)
