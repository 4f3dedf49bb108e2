"""The signature that benchmark scripts of attention with relations call: every table positional, any of the last four None."""

from __future__ import annotations

from torch import Tensor

from microgt_kernels.attention import relation_attention as _attention


def relation_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    rel: Tensor,
    rel_k: Tensor | None,
    rel_v: Tensor | None,
    rel_bias: Tensor | None,
    key_mask: Tensor | None,
) -> Tensor:
    """`microgt_kernels.relation_attention` without dropout; [B,H,N,D]."""
    return _attention(q, k, v, rel, rel_k=rel_k, rel_v=rel_v, rel_bias=rel_bias, key_mask=key_mask)
