"""Running the kernels: shapes, strides, tiles, outputs."""

# pyright: reportArgumentType=false, reportCallIssue=false, reportAttributeAccessIssue=false, reportOperatorIssue=false
# Triton's decorator keeps the types of what runs on the device, which are not those of a launch.

from __future__ import annotations

import math

import torch
import triton
from torch import Tensor

from microgt_kernels.gpu.backward import keys_kernel, queries_kernel
from microgt_kernels.gpu.forward import forward_kernel
from microgt_kernels.gpu.histogram import histogram_kernel
from microgt_kernels.gpu.rows import OPTIONS
from microgt_kernels.gpu.tiles import ALIGNED, INTERPRETER, Tile, Tiles, target_of, tiles_for
from microgt_kernels.gpu.weights import weights_kernel

_LOG2E = math.log2(math.e)
INTERPRETED = triton.knobs.runtime.interpret


def forward(
    q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int, stored: bool
) -> tuple[Tensor, ...]:
    """o, lse, hist, no weights; see `microgt_kernels.operator`."""
    if stored:
        raise ValueError("the kernels compute weights again and keep none")
    call = _Call(q, k, v, t, rel, keep, scale)
    b, h, n, _ = q.shape
    o, lse = torch.empty_like(q, memory_format=torch.contiguous_format), t.new_empty((b, h, n))
    tile = call.tiles.forward
    grid = (triton.cdiv(n, tile.rows), b * h)
    forward_kernel[grid](q, k, v, call.t, rel, call.keep, o, lse, *call.strides(q, k, v), n, call.scale2, **call.options(tile))
    hist = _histogram(_weights(call, lse), rel, bins) if bins else t.new_empty(0)
    return o, lse, hist, t.new_empty(0)


def backward(
    do: Tensor, dhist: Tensor | None, q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None,
    o: Tensor, lse: Tensor, hist: Tensor, p: Tensor, scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """dq, dk, dv, dt; see `microgt_kernels.operator`."""
    call = _Call(q, k, v, t, rel, keep, scale)
    b, h, n, _ = q.shape
    do = do.contiguous()
    delta = (do.float() * o.float()).sum(-1)
    g = t  # not read
    if dhist is not None:
        delta += (dhist * hist).sum(-1)
        g = torch.nn.functional.pad(dhist, (0, t.shape[-1] - dhist.shape[-1])).contiguous()
    dq, ds = torch.empty_like(do), q.new_empty(b, h, n, n)
    dk, dv = torch.empty_like(k, memory_format=torch.contiguous_format), torch.empty_like(v, memory_format=torch.contiguous_format)
    shared = (q, k, v, call.t, rel, call.keep, do, g, lse, delta)
    after = (*call.strides(q, k, v), n, call.scale2, scale)
    tile = call.tiles.queries
    queries_kernel[(triton.cdiv(n, tile.rows), b * h)](*shared, dq, ds, *after, VALUES=dhist is not None, **call.options(tile))
    tile = call.tiles.keys
    keys_kernel[(triton.cdiv(n, tile.columns), b * k.shape[1])](*shared, dk, dv, *after, VALUES=dhist is not None, **call.options(tile))
    return dq, dk, dv, _histogram(ds, rel, t.shape[-1])


class _Call:
    """What every kernel of one call is given."""

    def __init__(self, q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float):
        self.q, self.k, self.rel = q, k, rel
        self.t = (t.float() * _LOG2E).contiguous()
        self.keep = rel if keep is None else keep.contiguous()  # a pointer must be given; it is not read without dropout
        self.scale2 = scale * _LOG2E
        self.tiles = _tiles(q, q.shape[-1], q.shape[-2])
        self._constants = {
            "H": q.shape[1],
            "GROUP": q.shape[1] // k.shape[1],
            "D": q.shape[-1],
            "BD": max(16, triton.next_power_of_2(q.shape[-1])),
            "R": t.shape[-1],
            "KEEP": keep is not None,
        }

    @staticmethod
    def strides(*tensors: Tensor) -> list[int]:
        """Those of the batch, the head and the node, tensor by tensor; along the width the stride is 1."""
        return [x.stride(axis) for x in tensors for axis in range(3)]

    def options(self, tile: Tile) -> dict[str, object]:
        """The compile-time arguments of a kernel of scores."""
        return {**self._constants, "ROWS": tile.rows, "COLUMNS": tile.columns, **_arithmetic(), **_schedule(tile)}


def _tiles(x: Tensor, width: int, nodes: int) -> Tiles:
    return INTERPRETER if INTERPRETED else tiles_for(target_of(x.device), width, x.element_size(), aligned=nodes % ALIGNED == 0)


def _weights(call: _Call, lse: Tensor) -> Tensor:
    b, h, n, _ = call.q.shape
    p, tile = call.q.new_empty(b, h, n, n), call.tiles.weights
    grid = (triton.cdiv(n, tile.rows), triton.cdiv(n, tile.columns), b * h)
    after = (*call.strides(call.q, call.k), n, call.scale2)
    weights_kernel[grid](call.q, call.k, call.t, call.rel, call.keep, lse, p, *after, **call.options(tile))
    return p


def _histogram(x: Tensor, rel: Tensor, bins: int) -> Tensor:
    b, h, n, _ = x.shape
    tile = _tiles(x, 1, n).histogram
    hist = x.new_empty((b, h, n, bins), dtype=torch.float32)
    grid = (n, triton.cdiv(h, tile.rows), b)
    padded = max(16, triton.next_power_of_2(bins))
    sizes = {"H": h, "R": bins, "BR": padded, "HEADS": tile.rows, "COLUMNS": tile.columns}
    histogram_kernel[grid](x, rel, hist, n, **sizes, **_arithmetic(), **_schedule(tile))
    return hist


def _arithmetic() -> dict[str, object]:
    """How products are rounded: as torch is told to, by `torch.set_float32_matmul_precision`."""
    return {"UPCAST": INTERPRETED, "PRECISION": "ieee" if torch.get_float32_matmul_precision() == "highest" else "tf32"}


def _schedule(tile: Tile) -> dict[str, object]:
    return {"num_warps": tile.warps, "num_stages": tile.stages, **OPTIONS}
