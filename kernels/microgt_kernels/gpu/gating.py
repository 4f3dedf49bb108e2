"""silu(gate) * up and its gradient, both halves from and to one matrix."""

# pyright: reportArgumentType=false, reportCallIssue=false, reportAttributeAccessIssue=false, reportOperatorIssue=false
# Triton's decorator keeps the types of what runs on the device, which are not those of a launch.

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from microgt_kernels.gpu.rows import OPTIONS, pieces


@triton.jit
def swiglu_kernel(x, y, m, f, ROWS: tl.constexpr, COLUMNS: tl.constexpr):
    """y [M,F] of x [M,2F], gate and up side by side. The grid is (blocks of rows, blocks of columns)."""
    i = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    j = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    inside = (i < m)[:, None] & (j < f)[None, :]
    place = i[:, None] * (2 * f) + j[None, :]
    gate = tl.load(x + place, mask=inside, other=0.0).to(tl.float32)
    up = tl.load(x + f + place, mask=inside, other=0.0).to(tl.float32)
    tl.store(y + i[:, None] * f + j[None, :], (gate * tl.sigmoid(gate) * up).to(y.dtype.element_ty), mask=inside)


@triton.jit
def swiglu_backward_kernel(dy, x, dx, m, f, ROWS: tl.constexpr, COLUMNS: tl.constexpr):
    """dx [M,2F] of dy [M,F]. The grid is (blocks of rows, blocks of columns)."""
    i = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    j = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    inside = (i < m)[:, None] & (j < f)[None, :]
    place = i[:, None] * (2 * f) + j[None, :]
    gate = tl.load(x + place, mask=inside, other=0.0).to(tl.float32)
    up = tl.load(x + f + place, mask=inside, other=0.0).to(tl.float32)
    dy_tile = tl.load(dy + i[:, None] * f + j[None, :], mask=inside, other=0.0).to(tl.float32)
    s = tl.sigmoid(gate)
    tl.store(dx + place, (dy_tile * up * s * (1 + gate * (1 - s))).to(dx.dtype.element_ty), mask=inside)
    tl.store(dx + f + place, (dy_tile * gate * s).to(dx.dtype.element_ty), mask=inside)


def forward(x: Tensor) -> Tensor:
    """y of a contiguous matrix."""
    m, f, cut = x.shape[0], x.shape[1] // 2, pieces(x.shape[1] // 2)
    y = x.new_empty(m, f)
    swiglu_kernel[(triton.cdiv(m, cut.rows), triton.cdiv(f, cut.columns))](x, y, m, f, ROWS=cut.rows, COLUMNS=cut.columns, **OPTIONS)
    return y


def backward(dy: Tensor, x: Tensor) -> Tensor:
    """The gradient of x."""
    m, f, cut = x.shape[0], x.shape[1] // 2, pieces(x.shape[1] // 2)
    dx = torch.empty_like(x)
    grid = (triton.cdiv(m, cut.rows), triton.cdiv(f, cut.columns))
    swiglu_backward_kernel[grid](dy.contiguous(), x, dx, m, f, ROWS=cut.rows, COLUMNS=cut.columns, **OPTIONS)
    return dx
