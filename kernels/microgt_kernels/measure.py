"""How long attention with relations takes, pass by pass and, on a GPU, kernel by kernel; and what a CPU can do at most."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from microgt_kernels.attention import relation_attention
from microgt_kernels.roofline import Device, Shape

_WARM = 2
_PEAK_SIZE, _PEAK_REPEATS = 1024, 5
_COPIED = 1 << 26  # bytes, more than caches hold


class Pass(NamedTuple):
    """Median seconds of a pass, and of each of its kernels where they can be told apart (on a GPU)."""

    seconds: float
    kernels: dict[str, float]


def cpu(dtype: torch.dtype) -> Device:
    """What this CPU reaches with the threads that torch has: the best of some products and copies."""
    a, b = torch.randn(2, _PEAK_SIZE, _PEAK_SIZE).to(dtype)
    source = torch.zeros(_COPIED, dtype=torch.uint8)
    target = torch.empty_like(source)
    matmul = min(_timed_on_cpu(lambda: a @ b) for _ in range(_PEAK_REPEATS))
    copy = min(_timed_on_cpu(lambda: target.copy_(source)) for _ in range(_PEAK_REPEATS))
    return Device(f"this CPU, {torch.get_num_threads()} threads, measured", 2 * _COPIED / copy, 2 * _PEAK_SIZE**3 / matmul)


def passes(shape: Shape, dtype: torch.dtype, device: torch.device, *, backend: str, repeats: int) -> dict[str, Pass]:
    """`forward` and `backward` of attention with relation keys, biases, padded keys and, if the shape has them, relation values."""
    arguments = _arguments(shape, dtype, device)
    leaves = [x for x in arguments.values() if x.requires_grad]

    def forward() -> Tensor:
        return relation_attention(**arguments, backend=backend)

    out = forward()
    do = torch.randn_like(out)

    def backward() -> object:
        return torch.autograd.grad(out, leaves, do, retain_graph=True)

    return {"forward": _measured(forward, device, repeats), "backward": _measured(backward, device, repeats)}


def _arguments(s: Shape, dtype: torch.dtype, device: torch.device) -> dict[str, Any]:
    source = torch.Generator().manual_seed(0)

    def leaf(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=source).to(device, dtype).requires_grad_()

    mask = torch.arange(s.n) < torch.randint((s.n + 1) // 2, s.n + 1, (s.b, 1), generator=source)
    arguments = {name: leaf(s.b, s.h, s.n, s.d) for name in "qkv"}
    arguments |= {
        "rel": torch.randint(s.relations, (s.b, s.n, s.n), generator=source).to(device, torch.uint8),
        "rel_k": leaf(s.relations, s.d),
        "rel_bias": leaf(s.h, s.relations),
        "key_mask": mask.to(device),
    }
    return arguments | {"rel_v": leaf(s.relations, s.d)} if s.values else arguments


def _measured(call: Callable[[], object], device: torch.device, repeats: int) -> Pass:
    for _ in range(_WARM):
        call()
    if device.type == "cpu":
        return Pass(statistics.median(_timed_on_cpu(call) for _ in range(repeats)), {})
    return Pass(statistics.median(_timed_by_events(call) for _ in range(repeats)), _profiled(call, repeats))


def _timed_on_cpu(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _timed_by_events(call: Callable[[], object]) -> float:
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    call()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / 1000


def _profiled(call: Callable[[], object], repeats: int) -> dict[str, float]:
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
        for _ in range(repeats):
            call()
        torch.cuda.synchronize()
    return by_kernel((event.key, event.self_device_time_total / 1e6 / repeats) for event in profile.key_averages())


def by_kernel(times: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Seconds of each of our kernels from (name on the device, seconds); everything else is work on tables, "table"."""
    sums: dict[str, float] = {}
    for name, seconds in times:
        kernel = name.removesuffix("_kernel") if name.endswith("_kernel") and name.removesuffix("_kernel").isidentifier() else "table"
        sums[kernel] = sums.get(kernel, 0.0) + seconds
    return sums
