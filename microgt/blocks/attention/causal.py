"""Attention of each step over itself and the steps before."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from microgt.blocks.attention.distance import NoDistance
from microgt.blocks.attention.heads import KeysValues, ToHeads, added, attend, head_width, merge
from microgt.blocks.attention.queries_keys import Unchanged
from microgt.blocks.attention.tree import NoTree


class CausalAttention(nn.Module):
    """Multi-head attention of each step over itself and the steps before. Arguments as of `PlainAttention`.

    tree: what is known of earlier steps as nodes of a tree (`tree.py`).
    """

    def __init__(
        self,
        *,
        dim: int,
        heads: int,
        kv_heads: int | None = None,
        qk: nn.Module | None = None,
        distance: nn.Module | None = None,
        tree: nn.Module | None = None,
        dropout: float = 0.0,
    ):
        super().__init__()
        groups = kv_heads or heads
        self.dropout = dropout
        self.project = ToHeads(dim, head_width(dim, heads, kv_heads), heads, groups, groups)
        self.out = nn.Linear(dim, dim, bias=False)
        self.qk, self.distance, self.tree = qk or Unchanged(), distance or NoDistance(), tree or NoTree()

    def forward(
        self, x_BLC: Tensor, past: KeysValues | None = None, depths_BM: Tensor | None = None, mask_BM: Tensor | None = None
    ) -> tuple[Tensor, KeysValues]:
        """x [B,L,C], depths of all M steps so far, bool which of them there are (None: all) -> ([B,L,C], keys and values so far).

        With `past`, the L steps come after it. A step that there is not sees itself too.
        """
        q, k, v = self.project(x_BLC)
        q, k = self.qk(q, k, 0 if past is None else past.keys.shape[2])
        if past is not None:
            k, v = torch.cat([past.keys, k], dim=2), torch.cat([past.values, v], dim=2)
        bias = added(self.distance(q.shape[2], k.shape[2], x_BLC.device), self.tree(q, depths_BM))
        p = self.dropout if self.training else 0.0
        mask = None if mask_BM is None and (past is None or q.shape[2] == 1) else _seen(q.shape[2], k.shape[2], mask_BM, k.device)
        o_BHLD = attend(q, KeysValues(k, v), mask, bias, causal=past is None and mask is None, p=p)
        return self.out(merge(o_BHLD)), KeysValues(k, v)


def _seen(queries: int, keys: int, mask_BM: Tensor | None, device: torch.device) -> Tensor:
    """bool [L,M], or [B,1,L,M] with a mask: what each of the last L steps sees of all M."""
    number_M = torch.arange(keys, device=device)
    own_L1 = number_M[keys - queries :, None]
    before_LM = number_M <= own_L1
    return before_LM if mask_BM is None else (before_LM & mask_BM[:, None, None]) | (number_M == own_L1)
