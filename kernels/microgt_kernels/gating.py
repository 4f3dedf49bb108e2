"""The gate of a feed-forward part (Shazeer 2020): silu(gate) * up."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from microgt_kernels.backends import by_triton


def swiglu(gate_up: Tensor, *, backend: str = "auto") -> Tensor:
    """[...,2F], the gate in the first half -> [...,F], same dtype.

    backend: as for `relation_attention`; "reference" and "torch" are the same.
    Raises `ValueError` for an unknown backend or an odd width, `RuntimeError` for "triton" where it cannot run.
    """
    if gate_up.shape[-1] % 2:
        raise ValueError(f"gate and up must be as wide as each other; together they have {gate_up.shape[-1]} columns")
    if not by_triton(backend, gate_up.device.type):
        return swiglu_reference(gate_up)
    return _op(gate_up.reshape(-1, gate_up.shape[-1]).contiguous()).view(*gate_up.shape[:-1], -1)


def swiglu_reference(gate_up: Tensor, *, upcast: torch.dtype | None = None) -> Tensor:
    """The formula in plain torch. upcast: computed in; None: in the dtype of `gate_up`."""
    gate, up = gate_up.to(upcast or gate_up.dtype).chunk(2, dim=-1)
    return (torch.nn.functional.silu(gate) * up).to(gate_up.dtype)


@torch.library.custom_op("microgt::swiglu", mutates_args=())
def _op(x: Tensor) -> Tensor:
    from microgt_kernels.gpu import gating as kernels

    return kernels.forward(x)


@torch.library.custom_op("microgt::swiglu_backward", mutates_args=())
def _backward_op(dy: Tensor, x: Tensor) -> Tensor:
    from microgt_kernels.gpu import gating as kernels

    return kernels.backward(dy, x)


@_op.register_fake
def _(x):
    return x.new_empty(x.shape[0], x.shape[1] // 2)


@_backward_op.register_fake
def _(dy, x):
    return torch.empty_like(x)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    ctx.save_for_backward(*inputs)


def _differentiate(ctx: Any, dy: Tensor) -> Tensor:
    return _backward_op(dy, *ctx.saved_tensors)


_op.register_autograd(_differentiate, setup_context=_setup)
