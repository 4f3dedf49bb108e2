"""Normalisation over the last dimension."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from microgt_kernels import rms_norm


class RMSNorm(nn.Module):
    """x / rms(x) * gain (Zhang and Sennrich 2019), as in Llama. Computed in float32."""

    def __init__(self, *, dim: int, eps: float = 1e-6):
        super().__init__()
        self.eps = eps
        self.gain = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        """[..., dim] -> [..., dim], same dtype."""
        return rms_norm(x, self.gain, self.eps)


class LayerNorm(nn.Module):
    """(x - mean) / deviation * gain + shift (Ba et al. 2016). Computed in float32."""

    def __init__(self, *, dim: int, eps: float = 1e-5):
        super().__init__()
        self.eps = eps
        self.gain = nn.Parameter(torch.ones(dim))
        self.shift = nn.Parameter(torch.zeros(dim))

    def forward(self, x: Tensor) -> Tensor:
        """[..., dim] -> [..., dim], same dtype."""
        return nn.functional.layer_norm(x.float(), self.gain.shape, self.gain.float(), self.shift.float(), self.eps).to(x.dtype)


class NoNorm(nn.Module):
    """The ablation: x itself."""

    def forward(self, x: Tensor) -> Tensor:
        """[...] -> the same."""
        return x
