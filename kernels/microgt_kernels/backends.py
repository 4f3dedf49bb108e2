"""Who can compute here."""

from __future__ import annotations

import logging
from functools import cache
from importlib.util import find_spec

import torch

BACKENDS = ("auto", "reference", "torch", "triton")
_log = logging.getLogger(__name__)


def by_triton(backend: str, device_type: str) -> bool:
    """Whether Triton is to compute, and not torch.

    Raises `ValueError` for an unknown backend, `RuntimeError` for "triton" where it cannot run.
    """
    if backend not in BACKENDS:
        raise ValueError(f"unknown backend {backend!r}; choices: {', '.join(BACKENDS)}")
    if backend == "auto":
        backend = chosen(device_type)
    elif backend == "triton" and (why_not := why_not_triton(device_type)):
        raise RuntimeError(f"backend 'triton' cannot run here: {why_not}; 'auto' takes what can")
    return backend == "triton"


@torch.compiler.assume_constant_result
def chosen(device_type: str) -> str:
    """What "auto" means on a device: "triton" where its kernels run compiled, else "torch". Logged once."""
    return _chosen(device_type)


@cache
def _chosen(device_type: str) -> str:
    why_not = "Triton compiles for GPUs" if device_type == "cpu" else why_not_triton(device_type)
    backend = "torch" if why_not else "triton"
    _log.info("kernels on %s: backend %r%s", device_type, backend, f" ({why_not})" if why_not else "")
    return backend


@torch.compiler.assume_constant_result
def why_not_triton(device_type: str) -> str | None:
    """Why the Triton kernels cannot run on a device ("cpu", "cuda"); None when they can."""
    if find_spec("triton") is None:
        return "the package triton is not installed (pip install 'microgt[triton]')"
    import triton

    if device_type == "cpu" and not triton.knobs.runtime.interpret:  # pyright: ignore[reportAttributeAccessIssue]
        return "the tensors are on the CPU, and Triton compiles for GPUs (TRITON_INTERPRET=1 interprets its kernels, slowly)"
    return None
