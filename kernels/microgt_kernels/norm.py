"""RMSNorm (Zhang and Sennrich 2019): x / rms(x) * gain over the last dimension, computed in float32."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from microgt_kernels.backends import by_triton


def rms_norm(x: Tensor, gain: Tensor, eps: float = 1e-6, *, backend: str = "auto") -> Tensor:
    """[...,D] -> [...,D] in the dtype of `x`. gain: [D].

    backend: as for `relation_attention`; "reference" and "torch" are the same.
    Raises `ValueError` for an unknown backend, `RuntimeError` for "triton" where it cannot run.
    """
    if not by_triton(backend, x.device.type):
        return rms_norm_reference(x, gain, eps)
    return _op(x.reshape(-1, x.shape[-1]).contiguous(), gain, eps)[0].view(x.shape)


def rms_norm_reference(x: Tensor, gain: Tensor, eps: float, *, upcast: torch.dtype = torch.float32) -> Tensor:
    """The formula in plain torch. upcast: computed in."""
    return torch.nn.functional.rms_norm(x.to(upcast), gain.shape, gain.to(upcast), eps).to(x.dtype)


@torch.library.custom_op("microgt::rms_norm", mutates_args=())
def _op(x: Tensor, gain: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """y [M,D], and 1 / rms float32 [M]."""
    from microgt_kernels.gpu import norm as kernels

    return kernels.forward(x, gain, eps)


@torch.library.custom_op("microgt::rms_norm_backward", mutates_args=())
def _backward_op(dy: Tensor, x: Tensor, gain: Tensor, inverse: Tensor) -> tuple[Tensor, Tensor]:
    from microgt_kernels.gpu import norm as kernels

    return kernels.backward(dy, x, gain, inverse)


@_op.register_fake
def _(x, gain, eps):
    return torch.empty_like(x), x.new_empty(x.shape[0], dtype=torch.float32)


@_backward_op.register_fake
def _(dy, x, gain, inverse):
    return torch.empty_like(x), torch.empty_like(gain)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    ctx.save_for_backward(*inputs[:2], output[1])
    ctx.mark_non_differentiable(output[1])


def _differentiate(ctx: Any, dy: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
    return *_backward_op(dy, *ctx.saved_tensors), None


_op.register_autograd(_differentiate, setup_context=_setup)
