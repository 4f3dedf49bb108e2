"""Attention forward: one program for a block of queries of one head, online softmax over blocks of keys.

Milakov and Gimelshein 2018 (online softmax), Dao et al. 2022 (FlashAttention); the relation part of a score is one load from a table [N,R]
whose row is the query's.
"""

from __future__ import annotations

import triton
import triton.language as tl

from microgt_kernels.gpu.scores import kept, product, relations_of, rows_of, scores, store_rows


@triton.jit
def forward_kernel(
    q, k, v, t, rel, keep, o, lse,
    q_b, q_h, q_n, k_b, k_h, k_n, v_b, v_h, v_n,
    n, scale2,
    H: tl.constexpr, GROUP: tl.constexpr, D: tl.constexpr, BD: tl.constexpr, R: tl.constexpr, KEEP: tl.constexpr,
    ROWS: tl.constexpr, COLUMNS: tl.constexpr, UPCAST: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """o [B,H,N,D] and lse float32 [B,H,N] (base 2) of q [B,H,N,D], k, v [B,H/GROUP,N,D], t float32 [B,H,N,R], rel uint8 [B,N,N].

    keep: [B,H,N,N], read if KEEP. The grid is (blocks of queries, B*H).
    """
    bh = tl.program_id(1).to(tl.int64)
    b, h = bh // H, bh % H
    i = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    k += b * k_b + (h // GROUP) * k_h
    v += b * v_b + (h // GROUP) * v_h
    rel += b * n * n
    t += bh * n * R
    keep += bh * n * n
    q_tile = rows_of(q + b * q_b + h * q_h, i, q_n, n, D, BD)
    top = tl.full([ROWS], -float("inf"), tl.float32)
    total = tl.zeros([ROWS], tl.float32)
    acc = tl.zeros([ROWS, BD], tl.float32)
    for start in range(0, n, COLUMNS):
        j = start + tl.arange(0, COLUMNS)
        row, column = i[:, None], j[None, :]
        relation = relations_of(rel, row, column, n)
        s = scores(q_tile, rows_of(k, j, k_n, n, D, BD), t, row, column, relation, n, scale2, R, UPCAST, PRECISION)
        s = tl.where(row < n, s, 0.0)
        above = tl.maximum(top, tl.max(s, 1))
        p = tl.exp2(s - above[:, None])
        shrink = tl.exp2(top - above)
        total = total * shrink + tl.sum(p, 1)
        if KEEP:
            p *= kept(keep, row, column, n)
        acc = acc * shrink[:, None] + product(p.to(v.dtype.element_ty), rows_of(v, j, v_n, n, D, BD), UPCAST, PRECISION)
        top = above
    store_rows(o + bh * n * D, acc / total[:, None], i, D, n, D, BD)
    tl.store(lse + bh * n + i, top + tl.log2(total), mask=i < n)
