"""Attention among the nodes of a graph, among the steps of a decoder, and from steps to nodes.

Shapes: B batch, N nodes, L steps, H heads, D width of a head, C = H*D.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from microgt_kernels import keep_mask, relation_attention


def _split(x_BNC: Tensor, heads: int) -> Tensor:
    return x_BNC.unflatten(-1, (heads, -1)).transpose(1, 2)


def _merge(x_BHND: Tensor) -> Tensor:
    return x_BHND.transpose(1, 2).flatten(2)


def _head_width(dim: int, heads: int) -> int:
    if dim % heads:
        raise ValueError(f"the model's width must be a multiple of the number of heads; {dim} is not one of {heads}")
    return dim // heads


class RelationAttention(nn.Module):
    """Multi-head attention over nodes that reads their relations; see `microgt_kernels.relation_attention`.

    keys, values: `RelationVectors` as wide as a head, or `NoRelation`. bias: `RelationBias` or `NoRelation`.
    """

    def __init__(
        self, *, dim: int, heads: int, keys: nn.Module, values: nn.Module, bias: nn.Module, dropout: float = 0.0, backend: str = "auto"
    ):
        super().__init__()
        _head_width(dim, heads)
        self.heads, self.dropout, self.backend = heads, dropout, backend
        self.project = nn.Linear(dim, 3 * dim, bias=False)
        self.out = nn.Linear(dim, dim, bias=False)
        self.keys, self.values, self.bias = keys, values, bias

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations uint8 [B,N,N], mask bool [B,N] (False: padding) -> [B,N,C]."""
        q, k, v = (_split(x, self.heads) for x in self.project(x_BNC).chunk(3, dim=-1))
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
        return self.out(_merge(o_BHND))


class PlainAttention(nn.Module):
    """The ablation: multi-head attention over nodes that does not know their relations."""

    def __init__(self, *, dim: int, heads: int, dropout: float = 0.0):
        super().__init__()
        _head_width(dim, heads)
        self.heads, self.dropout = heads, dropout
        self.project = nn.Linear(dim, 3 * dim, bias=False)
        self.out = nn.Linear(dim, dim, bias=False)

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations (not read), mask bool [B,N] -> [B,N,C]."""
        q, k, v = (_split(x, self.heads) for x in self.project(x_BNC).chunk(3, dim=-1))
        return self.out(_merge(_attend(q, k, v, mask_BN[:, None, None, :], causal=False, p=self.dropout if self.training else 0.0)))


class NoAttention(nn.Module):
    """The ablation: no node sees another."""

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """[B,N,C] -> zeros."""
        return torch.zeros_like(x_BNC)


class KeysValues(NamedTuple):
    """Keys and values of earlier steps or of the nodes, each [B,H,M,D]."""

    keys: Tensor
    values: Tensor


class CausalAttention(nn.Module):
    """Multi-head attention of each step over itself and the steps before."""

    def __init__(self, *, dim: int, heads: int, dropout: float = 0.0):
        super().__init__()
        _head_width(dim, heads)
        self.heads, self.dropout = heads, dropout
        self.project = nn.Linear(dim, 3 * dim, bias=False)
        self.out = nn.Linear(dim, dim, bias=False)

    def forward(self, x_BLC: Tensor, past: KeysValues | None = None) -> tuple[Tensor, KeysValues]:
        """x [B,L,C] -> ([B,L,C], keys and values so far). With `past`, L must be 1: the step after it."""
        q, k, v = (_split(x, self.heads) for x in self.project(x_BLC).chunk(3, dim=-1))
        if past is not None:
            k, v = torch.cat([past.keys, k], dim=2), torch.cat([past.values, v], dim=2)
        o_BHLD = _attend(q, k, v, None, causal=past is None, p=self.dropout if self.training else 0.0)
        return self.out(_merge(o_BHLD)), KeysValues(k, v)


class NoMemory(nn.Module):
    """The ablation: no step sees an earlier one."""

    def forward(self, x_BLC: Tensor, past: KeysValues | None = None) -> tuple[Tensor, KeysValues]:
        """[B,L,C] -> (zeros, nothing remembered)."""
        nothing = x_BLC.new_zeros(x_BLC.shape[0], 0)
        return torch.zeros_like(x_BLC), KeysValues(nothing, nothing)


class CrossAttention(nn.Module):
    """Multi-head attention of each step over the nodes of the graph."""

    def __init__(self, *, dim: int, heads: int, dropout: float = 0.0):
        super().__init__()
        _head_width(dim, heads)
        self.heads, self.dropout = heads, dropout
        self.query = nn.Linear(dim, dim, bias=False)
        self.project = nn.Linear(dim, 2 * dim, bias=False)
        self.out = nn.Linear(dim, dim, bias=False)

    def remember(self, memory_BNC: Tensor) -> KeysValues:
        """Keys and values of the nodes, computed once for a graph."""
        k, v = (_split(x, self.heads) for x in self.project(memory_BNC).chunk(2, dim=-1))
        return KeysValues(k, v)

    def forward(self, x_BLC: Tensor, nodes: KeysValues, mask_BN: Tensor) -> Tensor:
        """x [B,L,C], what `remember` gave, mask bool [B,N] -> [B,L,C]."""
        q = _split(self.query(x_BLC), self.heads)
        return self.out(_merge(_attend(q, *nodes, mask_BN[:, None, None, :], causal=False, p=self.dropout if self.training else 0.0)))


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, *, causal: bool, p: float) -> Tensor:
    """Softmax attention; with dropout the weights are multiplied by a mask from the pool, which SDPA cannot take."""
    if not p:
        return scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
    s_BHLM = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if causal:
        mask = torch.ones(s_BHLM.shape[-2:], dtype=torch.bool, device=q.device).tril()
    if mask is not None:
        s_BHLM = s_BHLM.masked_fill(~mask, -1e30)
    p_BHLM = s_BHLM.softmax(-1).to(v.dtype)
    return (p_BHLM * keep_mask(tuple(p_BHLM.shape), p, p_BHLM)) @ v
