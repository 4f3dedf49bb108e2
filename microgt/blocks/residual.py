"""How what a part of a layer gives is added to what runs through the layers (the residual stream), and where the norm stands.

Each module: `read(x, norm)` is what the part sees; `write(x, y, norm)` is the stream after the part gave y. All [..., C].
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PreNorm(nn.Module):
    """x + part(norm(x)): trains without warm-up tricks (Xiong et al. 2020); as in GPT-2 and Llama."""

    def read(self, x: Tensor, norm: nn.Module) -> Tensor:
        """The stream, normalised."""
        return norm(x)

    def write(self, x: Tensor, y: Tensor, norm: nn.Module) -> Tensor:
        """The sum."""
        return x + y


class PostNorm(nn.Module):
    """norm(x + part(x)) (Vaswani et al. 2017)."""

    def read(self, x: Tensor, norm: nn.Module) -> Tensor:
        """The stream as it is."""
        return x

    def write(self, x: Tensor, y: Tensor, norm: nn.Module) -> Tensor:
        """The sum, normalised."""
        return norm(x + y)


class Sandwich(PreNorm):
    """x + after(part(norm(x))) with a norm of its own, `after` (CogView, Ding et al. 2021; Gemma 2)."""

    def __init__(self, *, after: nn.Module):
        super().__init__()
        self.after = after

    def write(self, x: Tensor, y: Tensor, norm: nn.Module) -> Tensor:
        """The sum with what the part gave, normalised."""
        return x + self.after(y)


class ReZero(PreNorm):
    """x + gate * part(norm(x)), a gate for each part that starts at zero (Bachlechner et al. 2020; there without a norm)."""

    def __init__(self):
        super().__init__()
        self.gate = nn.Parameter(torch.zeros(1))

    def write(self, x: Tensor, y: Tensor, norm: nn.Module) -> Tensor:
        """The sum with what the part gave, times the gate."""
        return x + self.gate * y


class LayerScale(PreNorm):
    """x + gain * part(norm(x)), a small gain for each entry (CaiT, Touvron et al. 2021). start: the gains at first."""

    def __init__(self, *, dim: int, start: float = 0.1):
        super().__init__()
        self.gain = nn.Parameter(torch.full((dim,), start))

    def write(self, x: Tensor, y: Tensor, norm: nn.Module) -> Tensor:
        """The sum with what the part gave, entry by entry times the gain."""
        return x + self.gain * y


class Scaled(PreNorm):
    """x + part(norm(x)) / sqrt(2 * depth): the stream's variance stays bounded by depth (as GPT-2 scales its weights at first)."""

    def __init__(self, *, depth: int):
        super().__init__()
        self.scale = (2 * depth) ** -0.5

    def write(self, x: Tensor, y: Tensor, norm: nn.Module) -> Tensor:
        """The sum with what the part gave, scaled."""
        return x + self.scale * y
