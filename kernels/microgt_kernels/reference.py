"""The formula as it is written, with [B,N,N,D] tensors: what every other path is checked against."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def attention_reference(
    q_BHND: Tensor,
    k_BHND: Tensor,
    v_BHND: Tensor,
    rel_BNN: Tensor,
    rel_k_RD: Tensor | None,
    rel_v_RD: Tensor | None,
    rel_bias_HR: Tensor | None,
    key_mask_BN: Tensor | None,
    keep_BHNN: Tensor | None,
    *,
    upcast: torch.dtype | None = None,
) -> Tensor:
    """Attention with relations, [B,H,N,D] in the dtype of `q_BHND`; see `relation_attention`.

    keep_BHNN multiplies the weights (dropout). upcast: compute in this dtype and round at the end; None: in the dtype of `q_BHND`.
    """
    dtype = upcast or q_BHND.dtype

    def cast(x: Tensor | None) -> Tensor | None:
        return None if x is None else x.to(dtype)

    q, k, v = q_BHND.to(dtype), k_BHND.to(dtype), v_BHND.to(dtype)
    rel_k, rel_v, rel_bias, keep = cast(rel_k_RD), cast(rel_v_RD), cast(rel_bias_HR), cast(keep_BHNN)
    k, v = (x.repeat_interleave(q.shape[1] // k.shape[1], dim=1) for x in (k, v))
    rel = rel_BNN.long()
    s_BHNN = torch.einsum("bhid,bhjd->bhij", q, k)
    if rel_k is not None:
        s_BHNN = s_BHNN + torch.einsum("bhid,bijd->bhij", q, rel_k[rel])
    if rel_bias is not None:
        s_BHNN = s_BHNN + rel_bias[:, rel].transpose(0, 1)
    s_BHNN = s_BHNN / math.sqrt(q.shape[-1])
    if key_mask_BN is not None:
        s_BHNN = s_BHNN.masked_fill(~key_mask_BN[:, None, None, :], torch.finfo(dtype).min)
    p_BHNN = s_BHNN.softmax(-1)
    if key_mask_BN is not None:
        p_BHNN = p_BHNN * key_mask_BN[:, None, None, :]  # matters for items without any visible key
    if keep is not None:
        p_BHNN = p_BHNN * keep
    o_BHND = torch.einsum("bhij,bhjd->bhid", p_BHNN, v)
    if rel_v is not None:
        o_BHND = o_BHND + torch.einsum("bhij,bijd->bhid", p_BHNN, rel_v[rel])
    return o_BHND.to(q_BHND.dtype)
