"""The operator in plain torch, made for CPUs. Nothing of size N*N*D is built, and of size N*N only blocks that stay in the cache.

The relation part of a score is a lookup in a small table, and its gradient a histogram:

    s_ij = scale q_i . k_j + t_i[rel_ij]        dt_i[r] = sum_j ds_ij [rel_ij = r]        hist_i[r] = sum_j p_ij [rel_ij = r]

Weights are powers of 2: torch's exp2 takes half the time of its exp, and less than its softmax. Scores are shifted by their maximum only
if the sums of weights turn out to be too large or too small without. The backward pass is given the weights, or computes them again.
Shapes: B batch, H heads, G heads of keys and values, N nodes, D width of a head, R relations. Within a block: C items times heads, I rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor
from torch.nn.functional import pad

from microgt_kernels.blocks import Blocks, Buffer

_LOG2_E = math.log2(math.e)
_LEAST_SUM, _GREATEST_SUM = 2.0**-60, 2.0**60  # of weights: far from the ends of float32
_LOWEST = -1e29  # masked scores are below
_FOLDS = 2  # see `_Histogram`


def forward(
    q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int, stored: bool
) -> tuple[Tensor, ...]:
    """o, the logarithm of the sums of weights, hist, the weights; see `microgt_kernels.operator`."""
    q_, k_, v_ = (_prepared(x, t.dtype, q.shape[1]) for x in (q, k, v))
    p = t.new_empty((*q.shape[:3], q.shape[2]) if stored else 0)
    o, hist, sums, shift = _attend(q_, k_, v_, t, rel, keep, scale, bins, p, shifted=False)
    least, greatest = torch.stack(sums.aminmax()).tolist() if sums.numel() else (1, 1)
    if not (least >= _LEAST_SUM and greatest <= _GREATEST_SUM):
        o, hist, sums, shift = _attend(q_, k_, v_, t, rel, keep, scale, bins, p, shifted=True)
    if bins < t.shape[-1]:
        hist = hist[..., :bins].contiguous()
    lse = sums.log2_() if stored else sums.log2_().add_(shift)
    return o, lse.div_(_LOG2_E).squeeze(-1), hist, p


def _attend(
    q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int, p: Tensor, *, shifted: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """o, hist, the sums of the weights 2^(s - shift) [B,H,N,1], the shift. The weights are left in p if it has a place for them."""
    blocks, index = Blocks(*q.shape[:3]), rel.long()
    o, sums = torch.empty_like(q), q.new_empty((*q.shape[:3], 1))
    shift = torch.empty_like(sums) if shifted else sums.new_zeros(())
    hist = q.new_empty((*q.shape[:3], t.shape[-1]) if bins else 0)
    shifts = blocks.rows(shift) if shifted else None
    keeps = blocks.rows(keep) if keep is not None else None
    histogram = _Histogram(blocks, index, hist) if bins else None
    stored = blocks.rows(p) if p.numel() else None
    scores, dropped = Buffer(q), Buffer(q)
    parts = (blocks.separate(t), blocks.pairs(index), *(blocks.rows(x) for x in (q, o, sums)), blocks.nodes(k.mT), blocks.nodes(v))
    for i, (t_, index_, q_CID, o_CID, sums_CI1, k_CDN, v_CND) in enumerate(zip(*parts, strict=True)):
        p_CIN = _scores(q_CID, k_CDN, t_, index_, scale, stored[i] if stored is not None else scores)
        if shifts is not None:
            p_CIN.sub_(torch.amax(p_CIN, -1, keepdim=True, out=shifts[i]).clamp_(min=_LOWEST))
        torch.sum(p_CIN.exp2_(), -1, keepdim=True, out=sums_CI1)
        if shifts is not None:
            sums_CI1.clamp_(min=1)  # of rows that see no key: their weights stay 0; others have a weight of 1
        if keeps is not None:
            p_CIN = torch.mul(p_CIN, keeps[i], out=p_CIN if stored is None else dropped.view(*p_CIN.shape))
        torch.bmm(p_CIN, v_CND, out=o_CID).div_(sums_CI1)
        if histogram is not None:
            histogram.fill(i, p_CIN, sums_CI1)
    return o, hist, sums, shift


def backward(
    do: Tensor, dhist: Tensor | None, q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None,
    o: Tensor, lse: Tensor, hist: Tensor, p: Tensor, scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """dq, dk, dv, dt; see `microgt_kernels.operator`."""
    do_, q_, k_, v_ = (_prepared(x, t.dtype, q.shape[1]) for x in (do, q, k, v))
    blocks, index = Blocks(*q.shape[:3]), rel.long()
    if p.numel():  # not divided by their sums: what they are multiplied with is
        ps: Iterable[Tensor] = blocks.rows(p)
        inverse = lse[..., None].neg().exp_()
        do_, dhist = do_ * inverse, None if dhist is None else dhist * inverse
    else:
        ps = _computed_again(blocks, q_, k_, t, index, lse, scale)
    grads = [torch.empty_like(x) for x in (q_, k_, v_)]
    dt = torch.empty_like(t, memory_format=torch.contiguous_format)
    histogram = _Histogram(blocks, index, dt)
    dhists = None if dhist is None else blocks.separate(pad(dhist, (0, t.shape[-1] - dhist.shape[-1])))
    keeps = blocks.rows(keep) if keep is not None else None
    delta = (do_ * o).sum(-1, keepdim=True, dtype=t.dtype)
    if dhist is not None:
        delta += (dhist * hist).sum(-1, keepdim=True)
    dweights, kept = Buffer(q_), Buffer(q_)
    parts = (
        ps, blocks.pairs(index), *(blocks.rows(x) for x in (q_, do_, delta, grads[0])),
        *(blocks.nodes(x) for x in (k_, v_.mT, *grads[1:])), blocks.firsts(),
    )  # fmt: skip
    for i, (p_CIN, index_, q_CID, do_CID, delta_CI1, dq_CID, k_CND, v_CDN, dk_CND, dv_CND, first) in enumerate(zip(*parts, strict=True)):
        kept_CIN = p_CIN
        if dhists is None:
            dp_CIN = torch.bmm(do_CID, v_CDN, out=dweights.view(*p_CIN.shape))
        else:
            dp_CIN = _looked_up(dhists[i], index_, dweights, *p_CIN.shape).baddbmm_(do_CID, v_CDN)
        if keeps is not None:
            kept_CIN = torch.mul(p_CIN, keeps[i], out=kept.view(*p_CIN.shape))
            dp_CIN.mul_(keeps[i])
        dv_CND.baddbmm_(kept_CIN.mT, do_CID, beta=1 - first)
        ds_CIN = dp_CIN.sub_(delta_CI1).mul_(p_CIN)
        dq_CID.baddbmm_(ds_CIN, k_CND, beta=0, alpha=scale)
        dk_CND.baddbmm_(ds_CIN.mT, q_CID, beta=1 - first, alpha=scale)
        histogram.fill(i, ds_CIN)
    dq, dk, dv = (_as_heads_of(x, grad) for x, grad in zip((q, k, v), grads, strict=True))
    return dq, dk, dv, dt


def _computed_again(blocks: Blocks, q: Tensor, k: Tensor, t: Tensor, index: Tensor, lse: Tensor, scale: float) -> Iterator[Tensor]:
    """The weights p [C,I,N] of one block after the other, in the same memory."""
    tables, weights = Buffer(q), Buffer(q)
    parts = (blocks.separate(t), blocks.separate(lse[..., None]), blocks.pairs(index), blocks.rows(q), blocks.nodes(k.mT))
    for t_, lse_, index_, q_CID, k_CDN in zip(*parts, strict=True):
        table = torch.sub(t_, lse_, out=tables.view(*t_.shape))
        yield _scores(q_CID, k_CDN, table, index_, scale, weights).exp2_()


def _scores(q_CID: Tensor, k_CDN: Tensor, t: Tensor, index: Tensor, scale: float, buffer: Buffer | Tensor) -> Tensor:
    """[C,I,N]: binary logarithms of weights."""
    s_CIN = _looked_up(t, index, buffer, *q_CID.shape[:2], k_CDN.shape[-1])
    return s_CIN.baddbmm_(q_CID, k_CDN, beta=_LOG2_E, alpha=scale * _LOG2_E)


def _looked_up(table: Tensor, index: Tensor, buffer: Buffer | Tensor, *shape: int) -> Tensor:
    torch.gather(table, -1, index, out=buffer.view(*index.shape))
    return buffer.view(*shape)


class _Histogram:
    """Sums by relation, one block after the other.

    Most pairs of nodes have one relation (none), and additions to one place wait for each other: neighbours add to different places.
    """

    def __init__(self, blocks: Blocks, index_BNN: Tensor, sums_BHNR: Tensor):
        count, n = sums_BHNR.shape[-1], index_BNN.shape[-1]
        self._count = count
        self._places = blocks.pairs(index_BNN + torch.arange(n, device=index_BNN.device).remainder_(_FOLDS).mul_(count))
        self._sums = blocks.separate(sums_BHNR)
        self._buffer = Buffer(sums_BHNR)

    def fill(self, i: int, x_CIN: Tensor, divisor_CI1: Tensor | None = None) -> None:
        """Set the sums of block i."""
        places, sums = self._places[i], self._sums[i]
        folds = self._buffer.view(*places.shape[:3], _FOLDS * self._count).zero_().scatter_add_(-1, places, x_CIN.view(places.shape))
        torch.add(*folds.split(self._count, -1), out=sums)
        if divisor_CI1 is not None:
            sums.div_(divisor_CI1.view(*sums.shape[:3], 1))


def _prepared(x: Tensor, dtype: torch.dtype, heads: int) -> Tensor:
    """[B,H,N,D], contiguous, in the dtype of the computation: sums and weights rounded to 16 bits lose too much."""
    x = x.to(dtype)
    return (x if x.shape[1] == heads else x.repeat_interleave(heads // x.shape[1], 1)).contiguous()


def _as_heads_of(x_BGND: Tensor, dx_BHND: Tensor) -> Tensor:
    """The gradient of x, whose heads may be shared by several of those that were computed."""
    if dx_BHND.shape != x_BGND.shape:
        dx_BHND = dx_BHND.unflatten(1, (x_BGND.shape[1], -1)).sum(2)
    return dx_BHND.to(x_BGND.dtype)
