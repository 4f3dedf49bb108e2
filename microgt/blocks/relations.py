"""What attention knows of the relation between two nodes. Each part may be left out: its table is then None.

The tables start small, so that training starts close to attention without relations.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from microgt.graph.relations import NEIGHBOURS

_UNSEEN = -1e4  # added to scores before they are divided by sqrt(D); fits into half precision


class RelationVectors(nn.Module):
    """One vector for each relation, as wide as a head and shared by the heads: added to keys or to values (Shaw et al. 2018)."""

    def __init__(self, *, dim: int, heads: int, relations: int = 64):
        super().__init__()
        self.table = nn.Parameter(torch.empty(relations, dim // heads).normal_(std=0.02))

    def forward(self) -> Tensor:
        """[R, dim / heads]."""
        return self.table


class RelationBias(nn.Module):
    """One number for each head and relation, added to the score (Graphormer, Ying et al. 2021)."""

    def __init__(self, *, heads: int, relations: int = 64):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(heads, relations))

    def forward(self) -> Tensor:
        """[H, R]."""
        return self.table


class LocalHeads(nn.Module):
    """The first half of the heads sees only a node's neighbours, the other half all nodes (LGESQL, Cao et al. 2021).

    bias: what else is added for each head and relation (`RelationBias` or `NoRelation`).
    """

    unseen: Tensor

    def __init__(self, *, heads: int, bias: nn.Module, relations: int = 64):
        super().__init__()
        self.bias = bias
        unseen = torch.zeros(heads, relations)
        unseen[: heads // 2] = _UNSEEN
        unseen[:, list(NEIGHBOURS)] = 0.0
        self.register_buffer("unseen", unseen, persistent=False)

    def forward(self) -> Tensor:
        """[H, R]."""
        bias = self.bias()
        return self.unseen if bias is None else bias + self.unseen


class NoRelation(nn.Module):
    """The ablation: this part does not look at relations."""

    def forward(self) -> None:
        """None."""
