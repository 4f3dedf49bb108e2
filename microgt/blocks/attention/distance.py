"""What is added to scores for the distance of two positions. Each module: (L, M, device) -> [H,L,M] or None; the L queries come last."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class NoDistance(nn.Module):
    """Nothing is added."""

    def forward(self, queries: int, keys: int, device: torch.device | None = None) -> None:
        """None."""


class ALiBi(nn.Module):
    """-slope_h * |i - j|, slopes 2^(-8/H), 2^(-16/H), ... (Press et al. 2022); both ways where later positions are seen.

    For H that is no power of two the slopes come of the next lower and the next higher power, as in the paper's code.
    """

    slopes_H: Tensor

    def __init__(self, *, heads: int):
        super().__init__()
        lower = 1 << (heads.bit_length() - 1)
        slopes = [*_slopes(lower), *_slopes(2 * lower)[::2]][:heads]
        self.register_buffer("slopes_H", torch.tensor(slopes), persistent=False)

    def forward(self, queries: int, keys: int, device: torch.device | None = None) -> Tensor:
        """[H,L,M]."""
        key_M = torch.arange(keys, device=device)
        return -self.slopes_H[:, None, None] * (key_M[keys - queries :, None] - key_M).abs()


def _slopes(heads: int) -> list[float]:
    return [2.0 ** (-8 * (h + 1) / heads) for h in range(heads)]
