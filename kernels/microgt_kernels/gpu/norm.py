"""RMSNorm and its gradients: one read of the input each way. The gradient of the gain is a sum of partial sums in a fixed order."""

# pyright: reportArgumentType=false, reportCallIssue=false, reportAttributeAccessIssue=false, reportOperatorIssue=false
# Triton's decorator keeps the types of what runs on the device, which are not those of a launch.

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from microgt_kernels.gpu.rows import OPTIONS, PROGRAMS, whole_rows


@triton.jit
def rms_norm_kernel(x, gain, y, inverse, m, eps, D: tl.constexpr, BD: tl.constexpr, ROWS: tl.constexpr):
    """y [M,D] and inverse float32 [M], 1 / rms, of x [M,D] and gain [D]. The grid is (blocks of rows,)."""
    i = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    d = tl.arange(0, BD)
    inside = (i < m)[:, None] & (d < D)[None, :]
    place = i[:, None] * D + d[None, :]
    x_tile = tl.load(x + place, mask=inside, other=0.0).to(tl.float32)
    gain_row = tl.load(gain + d, mask=d < D, other=0.0).to(tl.float32)
    r = tl.rsqrt(tl.sum(x_tile * x_tile, 1) / D + eps)
    tl.store(y + place, (x_tile * r[:, None] * gain_row[None, :]).to(y.dtype.element_ty), mask=inside)
    tl.store(inverse + i, r, mask=i < m)


@triton.jit
def rms_norm_backward_kernel(dy, x, gain, inverse, dx, parts, m, D: tl.constexpr, BD: tl.constexpr, ROWS: tl.constexpr):
    """dx [M,D], and parts float32 [programs,D], whose sum is the gradient of the gain. The grid is (programs,)."""
    d = tl.arange(0, BD)
    gain_row = tl.load(gain + d, mask=d < D, other=0.0).to(tl.float32)
    acc = tl.zeros([BD], tl.float32)
    for block in range(tl.program_id(0), tl.cdiv(m, ROWS), tl.num_programs(0)):
        i = tl.cast(block, tl.int64) * ROWS + tl.arange(0, ROWS)
        inside = (i < m)[:, None] & (d < D)[None, :]
        place = i[:, None] * D + d[None, :]
        r = tl.load(inverse + i, mask=i < m, other=0.0)[:, None]
        normed = tl.load(x + place, mask=inside, other=0.0).to(tl.float32) * r
        dy_tile = tl.load(dy + place, mask=inside, other=0.0).to(tl.float32)
        acc += tl.sum(dy_tile * normed, 0)
        dn = dy_tile * gain_row[None, :]
        dx_tile = r * (dn - normed * (tl.sum(dn * normed, 1) / D)[:, None])
        tl.store(dx + place, dx_tile.to(dx.dtype.element_ty), mask=inside)
    tl.store(parts + tl.program_id(0) * D + d, acc, mask=d < D)


def forward(x: Tensor, gain: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """y and inverse of a contiguous matrix."""
    (m, d), cut = x.shape, whole_rows(x.shape[1])
    y, inverse = torch.empty_like(x), x.new_empty(m, dtype=torch.float32)
    rms_norm_kernel[(triton.cdiv(m, cut.rows),)](x, gain, y, inverse, m, eps, D=d, BD=cut.columns, ROWS=cut.rows, **OPTIONS)
    return y, inverse


def backward(dy: Tensor, x: Tensor, gain: Tensor, inverse: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of x and of the gain."""
    (m, d), cut = x.shape, whole_rows(x.shape[1])
    programs = min(PROGRAMS, triton.cdiv(m, cut.rows))
    dx, parts = torch.empty_like(x), x.new_empty((programs, d), dtype=torch.float32)
    rms_norm_backward_kernel[(programs,)](dy.contiguous(), x, gain, inverse, dx, parts, m, D=d, BD=cut.columns, ROWS=cut.rows, **OPTIONS)
    return dx, parts.sum(0).to(gain.dtype)
