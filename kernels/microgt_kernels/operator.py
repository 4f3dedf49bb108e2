"""Attention with a table of relation scores as a torch operator, so that torch.compile and torch.export see one node.

Shapes: B batch, H heads, G heads of keys and values (H a multiple), N nodes, D width of a head, R relations.
What the operator is given is already free of the relation vectors: they enter by the table t and leave by the histogram, in plain torch
(`microgt_kernels.attention`), where autograd takes care of them.

    s_ij = scale q_i . k_j + t_i[rel_ij]      p_i = keep_i softmax(s_i)      o_i = sum_j p_ij v_j      hist_i[r] = sum_j p_ij [rel_ij = r]
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


@torch.library.custom_op("microgt::relation_attention", mutates_args=())
def relation_attention_op(
    q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None, scale: float, bins: int, stored: bool, backend: str
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """o [B,H,N,D], the log of the sum of each row's weights (float32 [B,H,N]; its base is the backend's), hist float32 [B,H,N,bins], p.
    o is in the dtype of q by Triton and in that of t by torch: rounded to 16 bits it would spoil gradients that cancel.

    q [B,H,N,D], k, v [B,G,N,D], in one dtype, with stride 1 along D; t float32 [B,H,N,R]; rel uint8 [B,N,N], below R;
    keep [B,H,N,N] or None. bins: relations that the histogram counts, 0 for none (hist is empty then). backend: torch or triton.
    stored: whether p, the weights [B,H,N,N] times their sums, is kept for the backward pass; else it is empty, and they are computed again.
    Triton keeps none.
    """
    return _computed_by(backend).forward(q, k, v, t, rel, keep, scale, bins, stored)


@torch.library.custom_op("microgt::relation_attention_backward", mutates_args=())
def _backward_op(
    do: Tensor, dhist: Tensor | None, q: Tensor, k: Tensor, v: Tensor, t: Tensor, rel: Tensor, keep: Tensor | None,
    o: Tensor, lse: Tensor, hist: Tensor, p: Tensor, scale: float, backend: str,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """dq, dk, dv in the dtype of q; dt float32 [B,H,N,R]. dhist: None when the histogram was not asked for."""
    return _computed_by(backend).backward(do, dhist, q, k, v, t, rel, keep, o, lse, hist, p, scale)


def _computed_by(backend: str) -> Any:
    """The module with `forward` and `backward`."""
    if backend == "triton":
        from microgt_kernels.gpu import launch

        return launch
    from microgt_kernels import torch_path

    return torch_path


def _contiguous(x: Tensor) -> Tensor:
    return torch.empty_like(x, memory_format=torch.contiguous_format)


@relation_attention_op.register_fake
def _(q, k, v, t, rel, keep, scale, bins, stored, backend):
    b, h, n, _ = q.shape
    shape = (b, h, n, bins) if bins else (0,)
    o = _contiguous(q if backend == "triton" else q.to(t.dtype))
    return o, t.new_empty((b, h, n)), t.new_empty(shape), t.new_empty((b, h, n, n) if stored else 0)


@_backward_op.register_fake
def _(do, dhist, q, k, v, t, rel, keep, o, lse, hist, p, scale, backend):
    return _contiguous(q), _contiguous(k), _contiguous(v), _contiguous(t)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    q, k, v, t, rel, keep, scale, bins, _, backend = inputs
    ctx.save_for_backward(q, k, v, t, rel, keep, *output)
    ctx.scale, ctx.bins, ctx.backend = scale, bins, backend
    ctx.mark_non_differentiable(output[1], output[3])
    ctx.set_materialize_grads(False)


def _differentiate(ctx: Any, do: Tensor | None, _: None, dhist: Tensor | None, __: None) -> tuple[Tensor | None, ...]:
    q, k, v, t, rel, keep, o, lse, hist, p = ctx.saved_tensors
    if do is None:
        do = torch.zeros_like(o)
    if ctx.bins and dhist is None:
        dhist = torch.zeros_like(hist)
    grads = _backward_op(do, dhist if ctx.bins else None, q, k, v, t, rel, keep, o, lse, hist, p, ctx.scale, ctx.backend)
    return *grads, None, None, None, None, None, None


relation_attention_op.register_autograd(_differentiate, setup_context=_setup)
