"""Who computes a function of rows: plain torch, or a Triton kernel."""

from __future__ import annotations

import torch

from microgt_kernels.operator import why_not_triton

BACKENDS = ("auto", "reference", "torch", "triton")


def by_triton(backend: str, device: torch.device) -> bool:
    """Whether Triton is to compute; "reference" and "torch" are the same plain operations, "auto" is Triton on a GPU where it can run.

    Raises `ValueError` for an unknown backend, `RuntimeError` for "triton" where it cannot run.
    """
    if backend not in BACKENDS:
        raise ValueError(f"unknown backend {backend!r}; choices: {', '.join(BACKENDS)}")
    if backend in ("reference", "torch") or (backend == "auto" and device.type == "cpu"):
        return False
    why_not = why_not_triton(device)
    if backend == "triton" and why_not:
        raise RuntimeError(f"backend 'triton' cannot run here: {why_not}; 'auto' takes what can")
    return not why_not
