"""The operator in plain torch, made for CPUs. Nothing of size N*N*D is built.

The relation part of a score is a lookup in a small table, and its gradient a histogram:

    s_ij = scale q_i . k_j + t_i[rel_ij]        dt_i[r] = sum_j ds_ij [rel_ij = r]        hist_i[r] = sum_j p_ij [rel_ij = r]

Shapes: B batch, H heads, G heads of keys and values, N nodes, D width of a head, R relations. C = B*G; M = H/G*N, queries that share keys.
"""

from __future__ import annotations

import torch
from torch import Tensor


def forward(q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int) -> tuple[Tensor, ...]:
    """o, lse (natural), hist; see `microgt_kernels.operator`."""
    b, h, n, d = q.shape
    dtype, (q, k, v) = q.dtype, (x.to(t.dtype) for x in (q, k, v))  # sums and weights rounded to 16 bits lose too much
    index = _index(rel, h)
    s_CMN = _scores(q, k, t, index, scale)
    lse_CM = s_CMN.logsumexp(-1).to(t.dtype)
    p_CMN = s_CMN.sub_(lse_CM.to(s_CMN.dtype)[..., None]).exp_()
    if keep is not None:
        p_CMN *= keep.reshape(p_CMN.shape)
    o_CMD = torch.bmm(p_CMN, _flat(v))
    hist = _histogram(p_CMN, index, t.dtype)[..., :bins].contiguous() if bins else t.new_empty(0)
    return o_CMD.view(b, h, n, d).to(dtype), lse_CM.view(b, h, n), hist


def backward(
    do: Tensor, dhist: Tensor | None, q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None,
    o: Tensor, lse: Tensor, hist: Tensor, scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """dq, dk, dv, dt; see `microgt_kernels.operator`."""
    b, h, _, d = q.shape
    dtype, (do, q, k, v, o) = q.dtype, (x.to(t.dtype) for x in (do, q, k, v, o))
    group = k.shape[1]
    index = _index(rel, h)
    q_CMD, do_CMD = (x.reshape(b * group, -1, d) for x in (q, do))
    p_CMN = _scores(q, k, t - lse[..., None], index, scale).exp_()
    delta = (do * o).sum(-1, dtype=t.dtype)
    dp_CMN = torch.bmm(do_CMD, _flat(v).transpose(1, 2))
    if dhist is not None:
        delta += (dhist * hist).sum(-1)
        dp_CMN += _padded(dhist, t.shape[-1]).gather(-1, index).view_as(dp_CMN)
    kept_CMN = p_CMN
    if keep is not None:
        keep_CMN = keep.reshape(p_CMN.shape)
        kept_CMN = p_CMN * keep_CMN
        dp_CMN *= keep_CMN
    dv_CND = torch.bmm(kept_CMN.transpose(1, 2), do_CMD)
    ds_CMN = dp_CMN.sub_(delta.view(b * group, -1, 1)).mul_(p_CMN)
    dk_CND = torch.bmm(ds_CMN.transpose(1, 2), q_CMD).mul_(scale)
    dq_CMD = torch.bmm(ds_CMN, _flat(k)).mul_(scale)
    grads = (dq_CMD.view_as(q), dk_CND.view_as(k), dv_CND.view_as(v))
    return *(x.to(dtype) for x in grads), _histogram(ds_CMN, index, t.dtype)[..., : t.shape[-1]].contiguous()


def _scores(q: Tensor, k: Tensor, t: Tensor, index: Tensor, scale: float) -> Tensor:
    """[C,M,N]."""
    c, n, d = q.shape[0] * k.shape[1], k.shape[2], q.shape[-1]
    s_CMN = t.gather(-1, index).view(c, -1, n).to(q.dtype)
    return s_CMN.baddbmm_(q.reshape(c, -1, d), _flat(k).transpose(1, 2), alpha=scale)


def _index(rel: Tensor, heads: int) -> Tensor:
    """rel as int64 [B,H,N,N], without a copy for each head."""
    return rel.long()[:, None].expand(-1, heads, -1, -1)


def _flat(x_BGND: Tensor) -> Tensor:
    return x_BGND.reshape(-1, *x_BGND.shape[2:])


def _padded(x: Tensor, width: int) -> Tensor:
    """With zeros after its last axis."""
    return torch.nn.functional.pad(x, (0, width - x.shape[-1]))


def _histogram(x_CMN: Tensor, index: Tensor, dtype: torch.dtype) -> Tensor:
    """[B,H,N,256]: the sum of each row of x over the entries of each relation."""
    return torch.zeros(*index.shape[:3], 256, dtype=dtype, device=index.device).scatter_add_(-1, index, x_CMN.view(index.shape).to(dtype))
