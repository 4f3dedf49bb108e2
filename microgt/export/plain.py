"""What replaces fused operators in an exported graph: a few operations that every runtime has.

Shapes: M entries in K bags, W width; attention as of `microgt_kernels.operator`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.export import ExportedProgram

import microgt_kernels  # noqa: F401  registers microgt::relation_attention

_MEAN = 1  # of the modes of an embedding bag: sum, mean, max


def plain(program: ExportedProgram) -> ExportedProgram:
    """The program without embedding bags, which ONNX would compute bag by bag in a loop, and without operators of microgt. All other
    products and attention stay whole, one operation each."""
    return program.run_decompositions(dict(_DECOMPOSITIONS))


def _embedding_bag(
    weight: Tensor, indices: Tensor, offsets: Tensor, scale_grad: bool = False, mode: int = 0, *_: Any, **__: Any
) -> tuple[Tensor, ...]:
    """Sum or mean of the rows of each bag. A bag's number is how many bags have begun, less one."""
    if mode > _MEAN:
        raise NotImplementedError("the greatest of a bag has no plain form here: model/embedder/pooling=max cannot be exported")
    begun_M = torch.zeros_like(indices).index_put((offsets.clamp(max=indices.shape[0] - 1),), _begins(offsets, indices), accumulate=True)
    bag_M = begun_M.cumsum(0) - 1
    sums_KW = weight.new_zeros(offsets.shape[0], weight.shape[1]).index_put((bag_M,), weight[indices], accumulate=True)
    if mode == _MEAN:
        counts_K = weight.new_zeros(offsets.shape[0]).index_put((bag_M,), weight.new_ones(indices.shape[0]), accumulate=True)
        sums_KW = sums_KW / counts_K.clamp(min=1)[:, None]
    return sums_KW, offsets, offsets, offsets


def _begins(offsets: Tensor, indices: Tensor) -> Tensor:
    """1 for each bag that begins inside; empty bags at the end begin behind the last entry and count nothing."""
    return (offsets < indices.shape[0]).to(indices.dtype)


def _rms_norm(x: Tensor, shape: Sequence[int], gain: Tensor | None = None, eps: float | None = None) -> Tensor:
    """A quotient by a root, which onnxruntime computes as one operation; torch's own form is a product with a reciprocal."""
    axes = tuple(range(-len(shape), 0))
    root = (x.pow(2).mean(axes, keepdim=True) + (torch.finfo(x.dtype).eps if eps is None else eps)).sqrt()
    return x / root if gain is None else x / root * gain


def _relation_attention(
    q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int, *_: Any, **__: Any
) -> tuple[Tensor, ...]:
    """The formula with scores of the size [B,H,N,N]; dropout is none when exporting. The second and fourth output are of gradients only."""
    k, v = (x.repeat_interleave(q.shape[1] // x.shape[1], dim=1) if x.shape[1] != q.shape[1] else x for x in (k, v))
    rel_BHNN = rel.long()[:, None].expand(-1, q.shape[1], -1, -1)
    p_BHNN = ((q @ k.transpose(-1, -2)) * scale + t.gather(-1, rel_BHNN)).softmax(-1)
    hist = torch.zeros_like(t).scatter_add(-1, rel_BHNN, p_BHNN)[..., :bins] if bins else t.new_empty(0)
    return p_BHNN @ v, p_BHNN[..., 0], hist, t.new_empty(0)


_DECOMPOSITIONS: dict[Any, Callable[..., Any]] = {
    torch.ops.aten.embedding_bag.default: _embedding_bag,
    torch.ops.aten.embedding_bag.padding_idx: _embedding_bag,
    torch.ops.aten._embedding_bag.default: _embedding_bag,
    torch.ops.aten._embedding_bag_forward_only.default: _embedding_bag,
    torch.ops.aten.rms_norm.default: _rms_norm,
    torch.ops.microgt.relation_attention.default: _relation_attention,
}
