"""What happens to queries and keys before they meet.

Each module: (q [B,H,L,D], k [B,G,L,D], first) -> the same shapes; `first` is the number of the first position.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from microgt.blocks.norm import RMSNorm


class Unchanged(nn.Module):
    """Nothing happens."""

    def forward(self, q_BHLD: Tensor, k_BGLD: Tensor, first: int = 0) -> tuple[Tensor, Tensor]:
        """(q, k)."""
        return q_BHLD, k_BGLD


class Rotary(nn.Module):
    """Pairs of entries turn by an angle that grows with the position, so that scores depend on distances (RoFormer, Su et al. 2021).

    Entry i is paired with entry i + D/2, as in Llama's published weights. width: D, even. base: of the wave lengths.
    """

    def __init__(self, *, dim: int, heads: int, base: float = 10_000.0):
        super().__init__()
        width = dim // heads
        if width % 2:
            raise ValueError(f"rotary positions need heads of even width; {dim} / {heads} is {width}")
        self.width, self.base = width, base

    def forward(self, q_BHLD: Tensor, k_BGLD: Tensor, first: int = 0) -> tuple[Tensor, Tensor]:
        """Both turned; lengths are kept."""
        place_L = torch.arange(first, first + q_BHLD.shape[2], device=q_BHLD.device, dtype=torch.float32)
        exponent_E = torch.arange(0, self.width, 2, device=q_BHLD.device, dtype=torch.float32) / self.width
        angle_LE = place_L[:, None] * self.base**-exponent_E
        cos_LD, sin_LD = (f(angle_LE).repeat(1, 2) for f in (torch.cos, torch.sin))
        return _turn(q_BHLD, cos_LD, sin_LD), _turn(k_BGLD, cos_LD, sin_LD)


def _turn(x: Tensor, cos_LD: Tensor, sin_LD: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return (x * cos_LD + torch.cat([-second, first], dim=-1) * sin_LD).to(x.dtype)


class QKNorm(nn.Module):
    """Queries and keys are normalised head by head, so that scores cannot grow without bound (Henry et al. 2020; RMS as in Qwen 3)."""

    def __init__(self, *, dim: int, heads: int):
        super().__init__()
        self.query_norm, self.key_norm = RMSNorm(dim=dim // heads), RMSNorm(dim=dim // heads)

    def forward(self, q_BHLD: Tensor, k_BGLD: Tensor, first: int = 0) -> tuple[Tensor, Tensor]:
        """Both normalised over D."""
        return self.query_norm(q_BHLD), self.key_norm(k_BGLD)


class NormedRotary(nn.Module):
    """`QKNorm`, then `Rotary`."""

    def __init__(self, *, dim: int, heads: int, base: float = 10_000.0):
        super().__init__()
        self.normed, self.rotary = QKNorm(dim=dim, heads=heads), Rotary(dim=dim, heads=heads, base=base)

    def forward(self, q_BHLD: Tensor, k_BGLD: Tensor, first: int = 0) -> tuple[Tensor, Tensor]:
        """Both normalised and turned."""
        return self.rotary(*self.normed(q_BHLD, k_BGLD), first)
