"""Scores of the nodes as the next action."""

from __future__ import annotations

from torch import Tensor, nn


class Pointer(nn.Module):
    """Scaled dot product of a step and a node, each through its own linear map (Vinyals et al. 2015)."""

    def __init__(self, *, dim: int):
        super().__init__()
        self.step = nn.Linear(dim, dim, bias=False)
        self.node = nn.Linear(dim, dim, bias=False)

    def keys(self, memory_BNC: Tensor) -> Tensor:
        """[B,N,C], computed once for a graph."""
        return self.node(memory_BNC) * memory_BNC.shape[-1] ** -0.5

    def forward(self, x_BLC: Tensor, keys_BNC: Tensor) -> Tensor:
        """Logits [B,L,N]."""
        return self.step(x_BLC) @ keys_BNC.transpose(1, 2)
