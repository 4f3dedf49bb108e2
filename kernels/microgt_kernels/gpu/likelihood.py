"""Log-likelihoods of a chosen action and of the legal ones on average, from logits that are read once; no probability is ever written."""

# pyright: reportArgumentType=false, reportCallIssue=false, reportAttributeAccessIssue=false, reportOperatorIssue=false
# Triton's decorator keeps the types of what runs on the device, which are not those of a launch.

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from microgt_kernels.gpu.rows import OPTIONS

BLOCK = 1024  # actions that a program sees at once


@triton.jit
def action_likelihood_kernel(logits, target, gold, even, lse, count, a, BLOCK: tl.constexpr):
    """gold, even, lse, count: float32 [M] of logits [M,A] and target int64 [M]. The grid is (M,)."""
    i = tl.program_id(0).to(tl.int64)
    logits += i * a
    top = -float("inf")
    total, sum_of_legal, legal_count = 0.0, 0.0, 0.0
    for start in range(0, a, BLOCK):
        j = start + tl.arange(0, BLOCK)
        x = tl.load(logits + j, mask=j < a, other=-float("inf")).to(tl.float32)
        legal = x > -float("inf")
        above = tl.maximum(top, tl.max(x, 0))
        base = tl.where(above > -float("inf"), above, 0.0)
        total = total * tl.exp(top - base) + tl.sum(tl.exp(x - base), 0)
        sum_of_legal += tl.sum(tl.where(legal, x, 0.0), 0)
        legal_count += tl.sum(legal.to(tl.float32), 0)
        top = above
    some = legal_count > 0
    log_total = tl.where(some, top + tl.log(tl.where(some, total, 1.0)), 0.0)
    chosen = tl.load(logits + tl.load(target + i)).to(tl.float32)
    tl.store(gold + i, chosen - log_total)
    tl.store(even + i, tl.where(some, sum_of_legal / tl.maximum(legal_count, 1.0) - log_total, 0.0))
    tl.store(lse + i, log_total)
    tl.store(count + i, legal_count)


@triton.jit
def action_likelihood_backward_kernel(dgold, deven, logits, target, lse, count, dlogits, a, BLOCK: tl.constexpr):
    """dlogits [M,A]; 0 where a logit is -inf. The grid is (M, blocks of actions)."""
    i = tl.program_id(0).to(tl.int64)
    j = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(logits + i * a + j, mask=j < a, other=-float("inf")).to(tl.float32)
    dg, de = tl.load(dgold + i), tl.load(deven + i)
    chosen = (j == tl.load(target + i)).to(tl.float32)
    share = 1 / tl.maximum(tl.load(count + i), 1.0)
    dx = dg * chosen + de * share - (dg + de) * tl.exp(x - tl.load(lse + i))
    dx = tl.where(x > -float("inf"), dx, 0.0)
    tl.store(dlogits + i * a + j, dx.to(dlogits.dtype.element_ty), mask=j < a)


def forward(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """gold, even, lse and count of a contiguous matrix."""
    m, a = logits.shape
    gold, even, lse, count = (logits.new_empty(m, dtype=torch.float32) for _ in range(4))
    action_likelihood_kernel[(m,)](logits, target, gold, even, lse, count, a, BLOCK=BLOCK, **OPTIONS)
    return gold, even, lse, count


def backward(dgold: Tensor, deven: Tensor, logits: Tensor, target: Tensor, lse: Tensor, count: Tensor) -> Tensor:
    """The gradient of the logits."""
    (m, a), dlogits = logits.shape, torch.empty_like(logits)
    grid = (m, triton.cdiv(a, BLOCK))
    after = (logits, target, lse, count, dlogits, a)
    action_likelihood_backward_kernel[grid](dgold.contiguous(), deven.contiguous(), *after, BLOCK=BLOCK, **OPTIONS)
    return dlogits
