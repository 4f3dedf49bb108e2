"""Attention over nodes that reads their relations."""

from __future__ import annotations

from torch import Tensor, nn

from microgt.blocks.attention.heads import ToHeads, head_width, merge
from microgt.blocks.attention.queries_keys import Unchanged
from microgt_kernels import relation_attention


class RelationAttention(nn.Module):
    """Multi-head attention over nodes that reads their relations; see `microgt_kernels.relation_attention`.

    keys, values: `RelationVectors` as wide as a head, or `NoRelation`. bias: `RelationBias`, `LocalHeads` or `NoRelation`.
    kv_heads: G, None for as many as heads. qk: what happens to queries and keys first (`queries_keys.py`); a node's position is its number.
    """

    def __init__(
        self,
        *,
        dim: int,
        heads: int,
        keys: nn.Module,
        values: nn.Module,
        bias: nn.Module,
        kv_heads: int | None = None,
        qk: nn.Module | None = None,
        dropout: float = 0.0,
        backend: str = "auto",
    ):
        super().__init__()
        groups = kv_heads or heads
        self.dropout, self.backend = dropout, backend
        self.project = ToHeads(dim, head_width(dim, heads, kv_heads), heads, groups, groups)
        self.out = nn.Linear(dim, dim, bias=False)
        self.qk = qk or Unchanged()
        self.keys, self.values, self.bias = keys, values, bias

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations uint8 [B,N,N], mask bool [B,N] (False: padding) -> [B,N,C]."""
        q, k, v = self.project(x_BNC)
        q, k = self.qk(q, k)
        o_BHND = relation_attention(
            q,
            k,
            v,
            rel_BNN,
            rel_k=self.keys(),
            rel_v=self.values(),
            rel_bias=self.bias(),
            key_mask=mask_BN,
            dropout=self.dropout if self.training else 0.0,
            backend=self.backend,
        )
        return self.out(merge(o_BHND))
