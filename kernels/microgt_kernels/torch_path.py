"""The operator in plain torch, made for CPUs. Nothing of size N*N*D is built, and of size N*N only blocks that stay in the cache.

The relation part of a score is a lookup in a small table, and its gradient a histogram:

    s_ij = scale q_i . k_j + t_i[rel_ij]        dt_i[r] = sum_j ds_ij [rel_ij = r]        hist_i[r] = sum_j p_ij [rel_ij = r]

Weights are powers of 2: torch's exp2 takes half the time of its exp, and less than its softmax. Scores are not shifted by their maximum
unless the sums of a block turn out to be too large or too small.
Shapes: B batch, H heads, G heads of keys and values, N nodes, D width of a head, R relations. Within a block: C items times heads, I rows.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

from microgt_kernels.blocks import Block, Buffers, Relations, blocks

_LOG2_E = math.log2(math.e)
_SAFE_SUMS = (2.0**-60, 2.0**60)  # of weights: far from the ends of float32
_LOWEST = -1e29  # masked scores are below


def forward(q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int) -> tuple[Tensor, ...]:
    """o, the binary logarithm of the sums of weights, hist; see `microgt_kernels.operator`."""
    q_BHND, k_BHND, v_BHND = (_prepared(x, t.dtype, q.shape[1]) for x in (q, k, v))
    relations = Relations(rel, t.shape[-1])
    o, lse = torch.empty_like(q_BHND), t.new_empty(q.shape[:3])
    hist = t.new_empty((*q.shape[:3], bins) if bins else 0)
    buffers, shifted = Buffers(t), False
    for block in blocks(*q.shape[:3]):
        p_CIN, sums_CI1, shift = _weights(block, q_BHND, k_BHND, t, relations, scale, buffers, shifted)
        if not shifted and not _safe(sums_CI1):
            shifted = True  # the blocks to come are like this one
            p_CIN, sums_CI1, shift = _weights(block, q_BHND, k_BHND, t, relations, scale, buffers, shifted)
        sums_CI1.clamp_(min=torch.finfo(t.dtype).tiny)
        torch.add(shift, sums_CI1.log2(), out=block.rows(lse[..., None]))
        if keep is not None:
            p_CIN.mul_(block.rows(keep))
        torch.bmm(p_CIN, block.items(v_BHND), out=block.rows(o)).div_(sums_CI1)
        if bins:
            torch.div(relations.histogram(p_CIN, block, buffers, 3)[..., :bins], sums_CI1, out=block.rows(hist))
    return o.to(q.dtype), lse, hist


def backward(
    do: Tensor, dhist: Tensor | None, q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None,
    o: Tensor, lse: Tensor, hist: Tensor, scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """dq, dk, dv, dt; see `microgt_kernels.operator`."""
    do_BHND, q_BHND, k_BHND, v_BHND = (_prepared(x, t.dtype, q.shape[1]) for x in (do, q, k, v))
    relations = Relations(rel, t.shape[-1])
    dq, dk, dv = (torch.empty_like(x) for x in (q_BHND, k_BHND, v_BHND))
    dt = torch.empty_like(t, memory_format=torch.contiguous_format)
    if dhist is not None and dhist.shape[-1] < t.shape[-1]:  # masked keys have a relation of their own
        dhist = pad(dhist, (0, t.shape[-1] - dhist.shape[-1]))
    buffers = Buffers(t)
    for block in blocks(*q.shape[:3]):
        s_CIN = relations.lookup(torch.add(-lse[block.slices][..., None], t[block.slices], alpha=_LOG2_E), block, buffers, 0)
        p_CIN = s_CIN.baddbmm_(block.rows(q_BHND), block.items(k_BHND).mT, alpha=scale * _LOG2_E).exp2_()
        do_CID, v_CDN = block.rows(do_BHND), block.items(v_BHND).mT
        if dhist is None:
            dp_CIN = torch.bmm(do_CID, v_CDN, out=buffers.get(1, p_CIN.shape))
        else:
            dp_CIN = relations.lookup(dhist[block.slices], block, buffers, 1).baddbmm_(do_CID, v_CDN)
        ds_CIN = kept_CIN = buffers.get(2, p_CIN.shape)
        if keep is None:
            kept_CIN = p_CIN
        else:
            torch.mul(p_CIN, block.rows(keep), out=kept_CIN)
            dp_CIN.mul_(block.rows(keep))
        beta = float(block.slices[2].start > 0)
        block.items(dv).baddbmm_(kept_CIN.mT, do_CID, beta=beta)
        torch._softmax_backward_data(dp_CIN, p_CIN, -1, p_CIN.dtype, grad_input=ds_CIN)
        torch.baddbmm(block.rows(dq), ds_CIN, block.items(k_BHND), beta=0, alpha=scale, out=block.rows(dq))
        block.items(dk).baddbmm_(ds_CIN.mT, block.rows(q_BHND), beta=beta, alpha=scale)
        block.rows(dt).copy_(relations.histogram(ds_CIN, block, buffers, 3))
    return dq.to(q.dtype), _shared(dk, k), _shared(dv, v), dt


def _weights(
    block: Block, q: Tensor, k: Tensor, t: Tensor, relations: Relations, scale: float, buffers: Buffers, shifted: bool
) -> tuple[Tensor, Tensor, Tensor | float]:
    """Powers of 2 [C,I,N], their sums [C,I,1], and what was subtracted from the exponents."""
    s_CIN = relations.lookup(t[block.slices] * _LOG2_E, block, buffers, 0)
    s_CIN.baddbmm_(block.rows(q), block.items(k).mT, alpha=scale * _LOG2_E)
    shift = s_CIN.amax(-1, keepdim=True).clamp_(min=_LOWEST) if shifted else 0.0
    p_CIN = (s_CIN.sub_(shift) if shifted else s_CIN).exp2_()
    return p_CIN, p_CIN.sum(-1, keepdim=True), shift


def _safe(sums: Tensor) -> bool:
    least, most = sums.aminmax()
    return _SAFE_SUMS[0] <= least.item() and most.item() <= _SAFE_SUMS[1]


def _prepared(x: Tensor, dtype: torch.dtype, heads: int) -> Tensor:
    """[B,H,N,D], contiguous, in the dtype of the computation: sums and weights rounded to 16 bits lose too much."""
    x = x.to(dtype)
    return (x if x.shape[1] == heads else x.repeat_interleave(heads // x.shape[1], 1)).contiguous()


def _shared(dx_BHND: Tensor, x_BGND: Tensor) -> Tensor:
    """The gradient of keys or values that several heads share."""
    if dx_BHND.shape != x_BGND.shape:
        dx_BHND = dx_BHND.unflatten(1, (x_BGND.shape[1], -1)).sum(2)
    return dx_BHND.to(x_BGND.dtype)
