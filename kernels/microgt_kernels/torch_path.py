"""Attention with relations in plain torch operators, made for CPUs; the backward pass is written by hand.

Nothing of size N*N*D is built. The relation part of a score is a lookup in a small table, and its gradient a histogram:

    t_i[r] = q_i . rk[r] + b_h[r]          s_ij = (q_i . k_j + t_i[R_ij]) / sqrt(D)        dt_i[r] = sum_j ds_ij [R_ij = r]
    hist_i[r] = sum_j p_ij [R_ij = r]      o_i = sum_j p_ij v_j + hist_i rv                dp_ij = do_i . v_j + (do_i . rv)[R_ij]

Masked keys get one more relation, whose column of the table is -1e30: no mask of the size of the scores, and no NaN.
"""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import pad

_MASKED = -1e30


def attention_torch(
    q_BHND: Tensor,
    k_BHND: Tensor,
    v_BHND: Tensor,
    rel_BNN: Tensor,
    rel_k_RD: Tensor | None,
    rel_v_RD: Tensor | None,
    rel_bias_HR: Tensor | None,
    key_mask_BN: Tensor | None,
    keep_BHNN: Tensor | None,
) -> Tensor:
    """Attention with relations, [B,H,N,D] in the dtype of `q_BHND`; see `relation_attention`."""
    b, h, n, _ = q_BHND.shape
    dtype = q_BHND.dtype
    if rel_bias_HR is None:
        tables = [t for t in (rel_k_RD, rel_v_RD) if t is not None]
        if not tables:  # no relation is read: all are the same one
            rel_BNN = torch.zeros_like(rel_BNN)
        rel_bias_HR = q_BHND.new_zeros(h, tables[0].shape[0] if tables else 1)
    index_BNN = rel_BNN.long()
    if key_mask_BN is not None:
        index_BNN = index_BNN.masked_fill(~key_mask_BN[:, None, :], rel_bias_HR.shape[1])
    bias = pad(rel_bias_HR.to(dtype), (0, 1), value=_MASKED)
    rel_k = None if rel_k_RD is None else pad(rel_k_RD.to(dtype), (0, 0, 0, 1))
    rel_v = None if rel_v_RD is None else pad(rel_v_RD.to(dtype), (0, 0, 0, 1))
    with _no_autocast(q_BHND.device.type):
        index_BHNN = index_BNN[:, None].expand(b, h, n, n)
        o_BHND = _Attention.apply(q_BHND, k_BHND.to(dtype), v_BHND.to(dtype), index_BHNN, rel_k, rel_v, bias, keep_BHNN)
    assert isinstance(o_BHND, Tensor)
    return o_BHND if key_mask_BN is None else o_BHND * key_mask_BN.any(-1)[:, None, None, None]


def _no_autocast(device_type: str) -> AbstractContextManager[object]:
    """All operands have one dtype already, and operations in place must not find another."""
    return torch.autocast(device_type, enabled=False) if torch.amp.is_autocast_available(device_type) else nullcontext()


class _Attention(torch.autograd.Function):
    """In: q, k, v [B,H,N,D]; index int64 [B,H,N,N] below R; rel_k, rel_v [R,D] or None; bias [H,R]; keep [B,H,N,N] or None. C = B*H."""

    @staticmethod
    def forward(
        ctx: Any,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        index: Tensor,
        rel_k: Tensor | None,
        rel_v: Tensor | None,
        bias: Tensor,
        keep: Tensor | None,
    ) -> Tensor:
        b, h, n, d = q.shape
        q_CND, k_CND, v_CND = (x.reshape(b * h, n, d) for x in (q, k, v))
        if rel_k is None:
            t_BHNR = bias[None, :, None, :].expand(b, h, n, -1)
        else:
            t_BHNR = (q_CND.reshape(-1, d) @ rel_k.t()).view(b, h, n, -1).add_(bias[None, :, None, :])
        s_CNN = t_BHNR.gather(-1, index).view(b * h, n, n)
        scale = 1 / math.sqrt(d)
        p_CNN = torch.baddbmm(s_CNN, q_CND, k_CND.transpose(1, 2), beta=scale, alpha=scale).softmax(-1)
        kept_CNN = p_CNN if keep is None else torch.mul(p_CNN, keep.view(b * h, n, n), out=s_CNN)
        o_CND = torch.bmm(kept_CNN, v_CND)
        hist_BHNR = None
        if rel_v is not None:
            hist_BHNR = _histogram(kept_CNN, index, rel_v.shape[0])
            o_CND.view(-1, d).addmm_(hist_BHNR.view(-1, rel_v.shape[0]), rel_v)
        ctx.save_for_backward(q_CND, k_CND, v_CND, p_CNN, keep, index, rel_k, rel_v, hist_BHNR)
        ctx.relations = bias.shape[1]
        return o_CND.view(b, h, n, d)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, do: Tensor) -> tuple[Tensor | None, ...]:
        q_CND, k_CND, v_CND, p_CNN, keep, index, rel_k, rel_v, hist = ctx.saved_tensors
        b, h, n, d = do.shape
        do_CND = do.reshape(b * h, n, d)
        scale = 1 / math.sqrt(d)
        d_rel_k = d_rel_v = None

        dp_CNN = torch.bmm(do_CND, v_CND.transpose(1, 2))
        if rel_v is not None:
            flat_do = do_CND.reshape(-1, d)
            dp_CNN += (flat_do @ rel_v.t()).view(b, h, n, -1).gather(-1, index).view(b * h, n, n)
            d_rel_v = hist.view(-1, rel_v.shape[0]).t() @ flat_do
        kept_CNN = p_CNN
        if keep is not None:
            keep_CNN = keep.view(b * h, n, n)
            kept_CNN = p_CNN * keep_CNN
            dp_CNN *= keep_CNN
        dv_CND = torch.bmm(kept_CNN.transpose(1, 2), do_CND)
        ds_CNN = torch.ops.aten._softmax_backward_data(dp_CNN, p_CNN, -1, p_CNN.dtype)
        dk_CND = torch.bmm(ds_CNN.transpose(1, 2), q_CND).mul_(scale)

        dt_BHNR = None
        if rel_k is not None or ctx.needs_input_grad[6]:
            dt_BHNR = _histogram(ds_CNN, index, ctx.relations).mul_(scale)
        if rel_k is None:
            dq_CND = torch.bmm(ds_CNN, k_CND).mul_(scale)
        else:
            assert dt_BHNR is not None
            flat_dt = dt_BHNR.view(-1, ctx.relations)
            dq_CND = (flat_dt @ rel_k).view(b * h, n, d).baddbmm_(ds_CNN, k_CND, alpha=scale)
            d_rel_k = flat_dt.t() @ q_CND.reshape(-1, d)
        d_bias = dt_BHNR.sum(0).sum(1) if dt_BHNR is not None and ctx.needs_input_grad[6] else None
        grads = (x.view(b, h, n, d) for x in (dq_CND, dk_CND, dv_CND))
        return *grads, None, d_rel_k, d_rel_v, d_bias, None


def _histogram(x_CNN: Tensor, index_BHNN: Tensor, bins: int) -> Tensor:
    """[B,H,N,R]: the sum of each row of `x_CNN` over the entries of each bin."""
    b, h, n, _ = index_BHNN.shape
    return x_CNN.new_zeros(b, h, n, bins).scatter_add_(-1, index_BHNN, x_CNN.view(b, h, n, n))
