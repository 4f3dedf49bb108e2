"""What all kinds of attention share: projections to heads and back, and softmax attention."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from microgt_kernels import keep_mask

_MASKED = -1e30


class KeysValues(NamedTuple):
    """Keys and values of earlier steps or of the nodes, each [B,G,M,D]."""

    keys: Tensor
    values: Tensor


class ToHeads(nn.Linear):
    """One linear map from x to several tensors of heads, for example queries, keys and values.

    Fewer heads of keys and values than of queries: grouped-query attention (Ainslie et al. 2023); one: multi-query (Shazeer 2019).
    """

    def __init__(self, dim: int, width: int, *heads: int):
        super().__init__(dim, width * sum(heads), bias=False)
        self.width, self.heads = width, heads

    def forward(self, x_BNC: Tensor) -> tuple[Tensor, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """[B,N,C] -> a [B,heads,N,D] for each number of heads."""
        x_BNHD = super().forward(x_BNC).unflatten(-1, (-1, self.width))
        return tuple(part.transpose(1, 2) for part in x_BNHD.split(self.heads, dim=2))


def merge(x_BHND: Tensor) -> Tensor:
    """[B,H,N,D] -> [B,N,C]."""
    return x_BHND.transpose(1, 2).flatten(2)


def head_width(dim: int, heads: int, kv_heads: int | None = None) -> int:
    """D. Raises `ValueError` when the numbers of heads do not fit."""
    if dim % heads:
        raise ValueError(f"the model's width must be a multiple of the number of heads; {dim} is not one of {heads}")
    if kv_heads is not None and (kv_heads < 1 or heads % kv_heads):
        raise ValueError(f"the number of heads must be a multiple of kv_heads; {heads} is not one of {kv_heads}")
    return dim // heads


def expand(x_BGND: Tensor, heads: int) -> Tensor:
    """Each head of keys or values as often as heads of queries read it: [B,G,N,D] -> [B,H,N,D]."""
    repeats = heads // x_BGND.shape[1]
    return x_BGND if repeats == 1 else x_BGND.repeat_interleave(repeats, dim=1)


def added(*biases: Tensor | None) -> Tensor | None:
    """The sum of what there is to add to scores; None when there is nothing."""
    found = [bias for bias in biases if bias is not None]
    return sum(found[1:], start=found[0]) if found else None


def attend(
    q_BHLD: Tensor, kv: KeysValues, mask: Tensor | None = None, bias: Tensor | None = None, *, causal: bool = False, p: float = 0.0
) -> Tensor:
    """softmax(q k' / sqrt(D) + bias) v, [B,H,L,D] (Vaswani et al. 2017, equation 1).

    mask: bool, broadcast to [B,H,L,M], False is not seen. bias: [H,L,M] or [B,H,L,M]. causal: L equals M and a step sees itself and those
    before. p: dropout of weights, by a mask from the pool, which SDPA cannot take.
    """
    k, v = (expand(x, q_BHLD.shape[1]) for x in kv)
    if not p and bias is None:
        return scaled_dot_product_attention(q_BHLD, k, v, attn_mask=mask, is_causal=causal)
    if causal:
        before_LM = torch.ones(q_BHLD.shape[2], k.shape[2], dtype=torch.bool, device=k.device).tril()
        mask = before_LM if mask is None else mask & before_LM
    if not p:
        assert bias is not None
        bias = bias.view(-1, *bias.shape[-3:]) if mask is None else bias.masked_fill(~mask, _MASKED)
        return scaled_dot_product_attention(q_BHLD, k, v, attn_mask=bias.to(q_BHLD.dtype))
    s_BHLM = (q_BHLD * q_BHLD.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if bias is not None:
        s_BHLM = s_BHLM + bias
    if mask is not None:
        s_BHLM = s_BHLM.masked_fill(~mask, _MASKED)
    p_BHLM = s_BHLM.softmax(-1).to(v.dtype)
    return (p_BHLM * keep_mask(tuple(p_BHLM.shape), p, p_BHLM)) @ v
