"""The operator in plain torch, made for CPUs. Nothing of size N*N*D is built, and of size N*N only blocks that stay in the cache.

The relation part of a score is a lookup in a small table, and its gradient a histogram:

    s_ij = scale q_i . k_j + t_i[rel_ij]        dt_i[r] = sum_j ds_ij [rel_ij = r]        hist_i[r] = sum_j p_ij [rel_ij = r]

Shapes: B batch, H heads, G heads of keys and values, N nodes, D width of a head, R relations. Within a block: C items times heads, I rows.
The backward pass computes the weights again: to keep them would need [B,H,N,N] for each layer.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

BLOCK = 1 << 18  # scores of a block: float32 buffers of a megabyte
_FEWEST_ROWS = 128  # below, products with keys and values run at half their speed


def forward(q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int) -> tuple[Tensor, ...]:
    """o, nothing, hist; see `microgt_kernels.operator`."""
    h = q.shape[1]
    work_q, work_k, work_v = (_prepared(x, t.dtype, h) for x in (q, k, v))
    index = rel.long()
    o = torch.empty_like(work_q)
    hist = t.new_empty((*q.shape[:3], bins) if bins else 0)
    buffer = _Buffers(t)
    for block in _blocks(*q.shape[:3]):
        p_CIN, index_BHIN = _weights(block, work_q, work_k, t, index, scale, buffer)
        if keep is not None:
            p_CIN.mul_(_rows(keep, block))
        torch.bmm(p_CIN, _items(work_v, block), out=_rows(o, block))
        if bins:
            hist[block] = _histogram(p_CIN, index_BHIN, t.shape[-1])[..., :bins]
    return o.to(q.dtype), t.new_empty(0), hist


def backward(
    do: Tensor, dhist: Tensor | None, q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None,
    o: Tensor, lse: Tensor, hist: Tensor, scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """dq, dk, dv, dt; see `microgt_kernels.operator`."""
    h = q.shape[1]
    work_do, work_q, work_k, work_v = (_prepared(x, t.dtype, h) for x in (do, q, k, v))
    index = rel.long()
    dq = torch.empty_like(work_q)
    dk_BHDN, dv_BHDN = (torch.zeros_like(work_q.mT, memory_format=torch.contiguous_format) for _ in "kv")
    dt = torch.zeros_like(t, memory_format=torch.contiguous_format)
    if dhist is not None and dhist.shape[-1] < t.shape[-1]:
        dhist = torch.nn.functional.pad(dhist, (0, t.shape[-1] - dhist.shape[-1]))
    buffer = _Buffers(t)
    for block in _blocks(*q.shape[:3]):
        p_CIN, index_BHIN = _weights(block, work_q, work_k, t, index, scale, buffer)
        q_CID, do_CID, v_CND = _rows(work_q, block), _rows(work_do, block), _items(work_v, block)
        dp_CIN = buffer.get(1, p_CIN.shape)
        if dhist is None:
            torch.bmm(do_CID, v_CND.mT, out=dp_CIN)
        else:
            torch.gather(dhist[block], -1, index_BHIN, out=dp_CIN.view(index_BHIN.shape))
            dp_CIN.baddbmm_(do_CID, v_CND.mT)
        kept_CIN = p_CIN
        if keep is not None:
            keep_CIN = _rows(keep, block)
            kept_CIN = torch.mul(p_CIN, keep_CIN, out=buffer.get(2, p_CIN.shape))
            dp_CIN.mul_(keep_CIN)
        _items(dv_BHDN, block).baddbmm_(do_CID.mT.contiguous(), kept_CIN)
        ds_CIN = buffer.get(2, p_CIN.shape)
        torch._softmax_backward_data(dp_CIN, p_CIN, -1, p_CIN.dtype, grad_input=ds_CIN)
        torch.bmm(ds_CIN, _items(work_k, block), out=_rows(dq, block))
        _items(dk_BHDN, block).baddbmm_(q_CID.mT.contiguous(), ds_CIN)
        dt[block].scatter_add_(-1, index_BHIN, ds_CIN.view(index_BHIN.shape))
    dk, dv = (x.view(*k.shape[:2], -1, *x.shape[2:]).sum(2).mT for x in (dk_BHDN.mul_(scale), dv_BHDN))
    return dq.mul_(scale).to(q.dtype), dk.to(k.dtype).contiguous(), dv.to(v.dtype).contiguous(), dt


_Block = tuple[slice, slice, slice]


def _blocks(b: int, h: int, n: int) -> Iterator[_Block]:
    """Slices of items, heads and rows: whole items if several fit into a block, else heads of one item, else rows of one or few heads."""
    rows = min(n, max(_FEWEST_ROWS, BLOCK // n))
    heads = min(h, max(1, BLOCK // (rows * n)))
    items = max(1, BLOCK // (h * n * n)) if heads == h and rows == n else 1
    for b0 in range(0, b, items):
        for h0 in range(0, h, heads):
            for i0 in range(0, n, rows):
                yield slice(b0, b0 + items), slice(h0, h0 + heads), slice(i0, i0 + rows)


class _Buffers:
    """Memory for the blocks, asked for once."""

    def __init__(self, like: Tensor):
        self._like = like
        self._flat: dict[int, Tensor] = {}

    def get(self, name: int, shape: tuple[int, ...]) -> Tensor:
        size = torch.Size(shape).numel()
        if name not in self._flat:  # the first block is the largest
            self._flat[name] = self._like.new_empty(size)
        return self._flat[name][:size].view(shape)


def _weights(
    block: _Block, q: Tensor, k: Tensor, t: Tensor, index: Tensor, scale: float, buffer: _Buffers
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The softmax [C,I,N] of a block, and its relations, int64 [B,H,I,N]."""
    t_BHIR = t[block]
    index_BHIN = index[block[0], None, block[2]].expand(-1, t_BHIR.shape[1], -1, -1)
    q_CID = _rows(q, block)
    s_CIN = buffer.get(0, (*q_CID.shape[:2], index.shape[-1]))
    torch.gather(t_BHIR, -1, index_BHIN, out=s_CIN.view(index_BHIN.shape))
    s_CIN.baddbmm_(q_CID, _items(k, block).mT, alpha=scale)
    return torch.softmax(s_CIN, -1, out=s_CIN), index_BHIN


def _rows(x: Tensor, block: _Block) -> Tensor:
    x = x[block]
    return x.view(-1, *x.shape[2:]) if x.shape[0] > 1 else x[0]


def _items(x: Tensor, block: _Block) -> Tensor:
    return x[block[:2]].view(-1, *x.shape[2:])


def _prepared(x: Tensor, dtype: torch.dtype, heads: int) -> Tensor:
    """[B,H,N,D], contiguous, in the dtype of the computation: sums and weights rounded to 16 bits lose too much."""
    x = x.to(dtype)
    return (x if x.shape[1] == heads else x.repeat_interleave(heads // x.shape[1], 1)).contiguous()


def _histogram(x_CIN: Tensor, index_BHIN: Tensor, width: int) -> Tensor:
    """[B,H,I,width]: the sum of each row of x over the entries of each relation."""
    return x_CIN.new_zeros((*index_BHIN.shape[:3], width)).scatter_add_(-1, index_BHIN, x_CIN.view(index_BHIN.shape))
