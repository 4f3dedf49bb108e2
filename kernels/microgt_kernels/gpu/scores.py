"""What the kernels have in common: loading a tile of rows, a product, and the scores of a tile.

Scores are in base 2 throughout: `t` comes multiplied with log2(e), and so does `scale2`; exp2 of a score gives its weight.
"""

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def rows_of(base, rows, stride, n, D: tl.constexpr, BD: tl.constexpr):
    """The tile [rows, BD] of a matrix [n, D] with unit stride along D; what is outside is 0."""
    d = tl.arange(0, BD)
    return tl.load(base + rows[:, None] * stride + d[None, :], mask=(rows < n)[:, None] & (d < D)[None, :], other=0.0)


@triton.jit
def store_rows(base, tile, rows, stride, n, D: tl.constexpr, BD: tl.constexpr):
    """The inverse of `rows_of`, in the dtype of `base`."""
    d = tl.arange(0, BD)
    tl.store(base + rows[:, None] * stride + d[None, :], tile.to(base.dtype.element_ty), mask=(rows < n)[:, None] & (d < D)[None, :])


@triton.jit
def product(a, b, UPCAST: tl.constexpr, PRECISION: tl.constexpr):
    """a @ b in float32. UPCAST: operands too (the interpreter multiplies the bits of bfloat16 as if they were integers)."""
    if UPCAST:
        return tl.dot(a.to(tl.float32), b.to(tl.float32), input_precision="ieee")
    return tl.dot(a, b, input_precision=PRECISION)


@triton.jit
def relations_of(rel, i, j, n):
    """int32, the shape of i + j broadcast: the relation of each pair; 0 outside."""
    return tl.load(rel + i * n + j, mask=(i < n) & (j < n), other=0).to(tl.int32)


@triton.jit
def looked_up(table, i, j, relation, n, R: tl.constexpr):
    """float32: `table[i, relation]` of a table [n, R]; 0 outside."""
    return tl.load(table + i * R + relation, mask=(i < n) & (j < n), other=0.0)


@triton.jit
def kept(keep, i, j, n):
    """float32: what the weights of a tile are multiplied with."""
    return tl.load(keep + i * n + j, mask=(i < n) & (j < n), other=0.0).to(tl.float32)


@triton.jit
def scores(a, b, t, i, j, relation, n, scale2, R: tl.constexpr, UPCAST: tl.constexpr, PRECISION: tl.constexpr):
    """float32: the scores of a tile, in base 2; -inf outside. a, b: the tiles of queries and keys, first that of the result's rows."""
    s = product(a, tl.trans(b), UPCAST, PRECISION) * scale2 + looked_up(t, i, j, relation, n, R)
    return tl.where((i < n) & (j < n), s, -float("inf"))
