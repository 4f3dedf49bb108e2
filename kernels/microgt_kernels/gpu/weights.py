"""The attention weights of a forward pass that is over, written out: what the histogram of relation values is taken of."""

from __future__ import annotations

import triton
import triton.language as tl

from microgt_kernels.gpu.scores import kept, relations_of, rows_of, scores


@triton.jit
def weights_kernel(
    q, k, t, rel, keep, lse, p,
    q_b, q_h, q_n, k_b, k_h, k_n,
    n, scale2,
    H: tl.constexpr, GROUP: tl.constexpr, D: tl.constexpr, BD: tl.constexpr, R: tl.constexpr, KEEP: tl.constexpr,
    ROWS: tl.constexpr, COLUMNS: tl.constexpr, UPCAST: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """p [B,H,N,N], after dropout. The grid is (blocks of queries, blocks of keys, B*H)."""
    bh = tl.program_id(2).to(tl.int64)
    b, h = bh // H, bh % H
    i = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    j = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    row, column = i[:, None], j[None, :]
    q_tile = rows_of(q + b * q_b + h * q_h, i, q_n, n, D, BD)
    k_tile = rows_of(k + b * k_b + (h // GROUP) * k_h, j, k_n, n, D, BD)
    relation = relations_of(rel + b * n * n, row, column, n)
    s = scores(q_tile, k_tile, t + bh * n * R, row, column, relation, n, scale2, R, UPCAST, PRECISION)
    weight = tl.exp2(s - tl.load(lse + bh * n + i, mask=i < n, other=0.0)[:, None])
    if KEEP:
        weight *= kept(keep + bh * n * n, row, column, n)
    tl.store(p + bh * n * n + row * n + column, weight.to(p.dtype.element_ty), mask=(row < n) & (column < n))
