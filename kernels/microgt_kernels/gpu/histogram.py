"""hist_i[r] = sum_j x_ij [R_ij = r], as a product with a one-hot matrix that is built in registers and shared by all heads.

A sum of floats in a fixed order, where atomic additions would give other digits in each run.
"""

from __future__ import annotations

import triton
import triton.language as tl

from microgt_kernels.gpu.scores import product


@triton.jit
def histogram_kernel(
    x, rel, hist, n,
    H: tl.constexpr, R: tl.constexpr, BR: tl.constexpr, HEADS: tl.constexpr, COLUMNS: tl.constexpr,
    UPCAST: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """hist float32 [B,H,N,R] of x [B,H,N,N] and rel [B,N,N]; ids from R on are not counted. The grid is (N, blocks of heads, B)."""
    i, b = tl.program_id(0), tl.program_id(2).to(tl.int64)
    h = tl.program_id(1) * HEADS + tl.arange(0, HEADS)
    r = tl.arange(0, BR)
    x += (b * H * n + i) * n
    rel += (b * n + i) * n
    acc = tl.zeros([BR, HEADS], tl.float32)
    for start in range(0, n, COLUMNS):
        j = start + tl.arange(0, COLUMNS)
        relation = tl.load(rel + j, mask=j < n, other=R).to(tl.int32)
        one_hot = (relation[None, :] == r[:, None]).to(tl.float32 if UPCAST else x.dtype.element_ty)
        x_tile = tl.load(x + h[None, :].to(tl.int64) * n * n + j[:, None], mask=(h < H)[None, :] & (j < n)[:, None], other=0.0)
        acc += product(one_hot, x_tile, UPCAST, PRECISION)
    tl.store(hist + ((b * H + h[None, :]) * n + i) * R + r[:, None], acc, mask=(h < H)[None, :] & (r < R)[:, None])
