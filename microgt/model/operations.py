"""Operations of one call of a module, by the module that spends them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import microgt_kernels  # noqa: F401 (defines the operator)


def _attention(q: list[int], k: list[int], *rest: Any, **more: Any) -> int:
    """Of q k' and p v, [B,H,L,D] and [B,G,M,D]; relations are multiplied outside of the operator. All pairs, whatever the mask."""
    b, h, n, d = q
    return 2 * 2 * b * h * n * k[2] * d


# Operators that torch's counter passes over.
_MORE = {torch.ops.microgt.relation_attention: _attention, torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: _attention}


def operations(module: nn.Module, call: Callable[[], Any]) -> dict[str, int]:
    """Name of a submodule ("" for the module itself) -> floating-point operations that `call` spends in it and not in one within it."""
    counter = FlopCounterMode(display=False, custom_mapping=_MORE)
    spent, open_calls = Counter[str](), [(0, 0)]

    def enter(*_: Any) -> None:
        open_calls.append((counter.get_total_flops(), 0))

    def leave(name: str) -> None:
        before, within = open_calls.pop()
        here = counter.get_total_flops() - before
        spent[name] += here - within
        open_calls[-1] = (open_calls[-1][0], open_calls[-1][1] + here)

    handles = []
    for name, part in module.named_modules():
        handles.append(part.register_forward_pre_hook(enter))
        handles.append(part.register_forward_hook(lambda *_, name=name: leave(name)))
    try:
        with counter, torch.no_grad():
            call()
    finally:
        for handle in handles:
            handle.remove()
    spent[""] += counter.get_total_flops() - open_calls[0][1]
    return {name: count for name, count in spent.items() if count}
