"""Attention of each step over the nodes of the graph."""

from __future__ import annotations

from torch import Tensor, nn

from microgt.blocks.attention.heads import KeysValues, ToHeads, attend, expand, head_width, merge


class CrossAttention(nn.Module):
    """Multi-head attention of each step over the nodes of the graph. kv_heads: as of `RelationAttention`."""

    def __init__(self, *, dim: int, heads: int, kv_heads: int | None = None, dropout: float = 0.0):
        super().__init__()
        width, groups = head_width(dim, heads, kv_heads), kv_heads or heads
        self.dropout = dropout
        self.query = ToHeads(dim, width, heads)
        self.project = ToHeads(dim, width, groups, groups)
        self.out = nn.Linear(dim, dim, bias=False)

    def remember(self, memory_BNC: Tensor) -> KeysValues:
        """Keys and values of the nodes, computed once for a graph."""
        return KeysValues(*self.project(memory_BNC))

    def forward(self, x_BLC: Tensor, nodes: KeysValues, mask_BN: Tensor) -> Tensor:
        """x [B,L,C], what `remember` gave, mask bool [B,N] -> [B,L,C]."""
        (q_BHLD,) = self.query(x_BLC)
        return self.out(merge(attend(q_BHLD, nodes, mask_BN[:, None, None, :], p=self.dropout if self.training else 0.0)))

    def weights(self, x_BLC: Tensor, nodes: KeysValues, mask_BN: Tensor) -> Tensor:
        """How much each head of a step looks at each node: what `forward` multiplies the values by without dropout, [B,H,L,N]."""
        (q_BHLD,) = self.query(x_BLC)
        s_BHLN = q_BHLD @ expand(nodes.keys, q_BHLD.shape[1]).transpose(-1, -2) * q_BHLD.shape[-1] ** -0.5
        return s_BHLN.masked_fill(~mask_BN[:, None, None, :], float("-inf")).softmax(-1)
