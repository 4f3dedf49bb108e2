"""Vectors for the number of a position, added to its input. Each module: numbers int64 [...] -> [..., C]; numbers are below `count`."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LearnedPositions(nn.Embedding):
    """A vector learned for each number, as in BERT; numbers past the last share its vector."""

    def __init__(self, *, count: int, dim: int):
        super().__init__(count, dim)
        nn.init.normal_(self.weight, std=0.5 * dim**-0.5)

    def forward(self, numbers: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """int64 [...] -> [..., C]."""
        return super().forward(numbers.clamp(max=self.num_embeddings - 1))


class Sinusoid(nn.Module):
    """sin and cos of the number at wave lengths from 2 pi to 20,000 pi (Vaswani et al. 2017, section 3.5), scaled to unit length."""

    def __init__(self, *, count: int, dim: int):
        super().__init__()
        self.dim = dim

    def forward(self, numbers: Tensor) -> Tensor:
        """int64 [...] -> [..., C], sines at even places."""
        rate_E = 10_000.0 ** (-torch.arange(0, self.dim, 2, device=numbers.device) / self.dim)
        angle = numbers[..., None] * rate_E
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(-2)[..., : self.dim] * (2 / self.dim) ** 0.5


class NoPositions(nn.Module):
    """The ablation: nothing is added."""

    def __init__(self, *, count: int = 0, dim: int = 0):
        super().__init__()

    def forward(self, numbers: Tensor) -> Tensor:
        """int64 [...] -> zeros [..., 1]."""
        return torch.zeros(*numbers.shape, 1, device=numbers.device)
