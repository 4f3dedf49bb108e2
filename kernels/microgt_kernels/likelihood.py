"""What a loss over grammar actions needs of the logits: how likely the gold action is, and the legal ones on average (label smoothing)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from microgt_kernels.backends import by_triton


def action_likelihood(logits: Tensor, target: Tensor, *, backend: str = "auto") -> tuple[Tensor, Tensor]:
    """The log-likelihood of `target`, and the mean log-likelihood of the legal actions; both [...], at least float32.

    logits: [...,A], illegal actions at -inf. target: int64 [...]; one that is illegal has log-likelihood -inf.
    backend: as for `relation_attention`; "reference" and "torch" are the same.
    Raises `ValueError` for an unknown backend, `RuntimeError` for "triton" where it cannot run.
    """
    if not by_triton(backend, logits.device.type):
        return action_likelihood_reference(logits, target)
    rows = logits.reshape(-1, logits.shape[-1]).contiguous()
    gold, even, *_ = _op(rows, target.reshape(-1).contiguous())
    return gold.view(target.shape), even.view(target.shape)


def action_likelihood_reference(logits: Tensor, target: Tensor, *, upcast: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """The formula in plain torch. upcast: computed in."""
    logp = logits.to(upcast).log_softmax(-1)
    legal = logits != -torch.inf
    gold = logp.gather(-1, target[..., None])[..., 0]
    return gold, logp.masked_fill(~legal, 0.0).sum(-1) / legal.sum(-1)


@torch.library.custom_op("microgt::action_likelihood", mutates_args=())
def _op(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """gold, even, and for the gradient the log of the sum of exponentials and the number of legal actions; all float32 [M]."""
    from microgt_kernels.gpu import likelihood as kernels

    return kernels.forward(logits, target)


@torch.library.custom_op("microgt::action_likelihood_backward", mutates_args=())
def _backward_op(dgold: Tensor, deven: Tensor, logits: Tensor, target: Tensor, lse: Tensor, count: Tensor) -> Tensor:
    from microgt_kernels.gpu import likelihood as kernels

    return kernels.backward(dgold, deven, logits, target, lse, count)


@_op.register_fake
def _(logits, target):
    return tuple(logits.new_empty(logits.shape[0], dtype=torch.float32) for _ in range(4))


@_backward_op.register_fake
def _(dgold, deven, logits, target, lse, count):
    return torch.empty_like(logits)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    ctx.save_for_backward(*inputs, *output[2:])
    ctx.mark_non_differentiable(*output[2:])


def _differentiate(ctx: Any, dgold: Tensor, deven: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
    return _backward_op(dgold, deven, *ctx.saved_tensors), None


_op.register_autograd(_differentiate, setup_context=_setup)
