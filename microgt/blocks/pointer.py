"""Scores of the nodes as the next action."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AdditivePointer(nn.Module):
    """v . tanh(W step + U node) (Bahdanau et al. 2015; the pointer of Vinyals et al. 2015), and `again` as of `Pointer`.

    Costs L * N * C numbers of memory, where `Pointer` costs L * N.
    """

    def __init__(self, *, dim: int):
        super().__init__()
        self.step = nn.Linear(dim, dim)
        self.node = nn.Linear(dim, dim, bias=False)
        self.score = nn.Linear(dim, 1, bias=False)
        self.again = nn.Linear(dim, 1)

    def keys(self, memory_BNC: Tensor) -> Tensor:
        """[B,N,C], computed once for a graph."""
        return self.node(memory_BNC)

    def forward(self, x_BLC: Tensor, keys_BNC: Tensor, pointed_BLN: Tensor) -> Tensor:
        """Logits [B,L,N]. pointed: as of `Pointer`."""
        mixed_BLNC = torch.tanh(self.step(x_BLC)[:, :, None] + keys_BNC[:, None])
        return self.score(mixed_BLNC)[..., 0] + self.again(x_BLC) * pointed_BLN


class Pointer(nn.Module):
    """Scaled dot product of a step and a node, each through its own linear map (Vinyals et al. 2015).

    A node that was pointed at before gets one more number, which the step chooses: whether this is a place to repeat oneself
    (after coverage, See et al. 2017). A column is seldom shown twice, and often both grouped by and shown.
    """

    def __init__(self, *, dim: int):
        super().__init__()
        self.step = nn.Linear(dim, dim, bias=False)
        self.node = nn.Linear(dim, dim, bias=False)
        self.again = nn.Linear(dim, 1)

    def keys(self, memory_BNC: Tensor) -> Tensor:
        """[B,N,C], computed once for a graph."""
        return self.node(memory_BNC) * memory_BNC.shape[-1] ** -0.5

    def forward(self, x_BLC: Tensor, keys_BNC: Tensor, pointed_BLN: Tensor) -> Tensor:
        """Logits [B,L,N]. pointed: bool [B,L,N], the nodes that steps before each step pointed at."""
        return self.step(x_BLC) @ keys_BNC.transpose(1, 2) + self.again(x_BLC) * pointed_BLN
