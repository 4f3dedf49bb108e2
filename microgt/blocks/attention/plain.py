"""Attention over nodes that does not know their relations."""

from __future__ import annotations

from torch import Tensor, nn

from microgt.blocks.attention.distance import NoDistance
from microgt.blocks.attention.heads import KeysValues, ToHeads, attend, head_width, merge
from microgt.blocks.attention.queries_keys import Unchanged


class PlainAttention(nn.Module):
    """The ablation: multi-head attention over nodes as over a sequence (Vaswani et al. 2017). A node's position is its number.

    kv_heads, qk: as of `RelationAttention`. distance: what is added to scores (`distance.py`).
    """

    def __init__(
        self,
        *,
        dim: int,
        heads: int,
        kv_heads: int | None = None,
        qk: nn.Module | None = None,
        distance: nn.Module | None = None,
        dropout: float = 0.0,
    ):
        super().__init__()
        groups = kv_heads or heads
        self.dropout = dropout
        self.project = ToHeads(dim, head_width(dim, heads, kv_heads), heads, groups, groups)
        self.out = nn.Linear(dim, dim, bias=False)
        self.qk, self.distance = qk or Unchanged(), distance or NoDistance()

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations (not read), mask bool [B,N] -> [B,N,C]."""
        q, k, v = self.project(x_BNC)
        q, k = self.qk(q, k)
        bias_HNN = self.distance(x_BNC.shape[1], x_BNC.shape[1], x_BNC.device)
        p = self.dropout if self.training else 0.0
        return self.out(merge(attend(q, KeysValues(k, v), mask_BN[:, None, None, :], bias_HNN, p=p)))
