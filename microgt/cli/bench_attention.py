"""`microgt bench attention`: what kernels should take on paper, and what they take here.

Expected is the longest of bytes over bandwidth, operations over the peak of products, and instructions over what can be issued.
With a GPU, the Triton kernels are measured and set beside those of an H100, or of --bandwidth and --matmul.
Without one, the H100 is on paper only, and the torch path is measured beside what this CPU reaches in products and copies.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from microgt.errors import ConfigError

if TYPE_CHECKING:
    import torch
    from rich.console import Console
    from rich.table import Table

    from microgt_kernels.measure import Pass
    from microgt_kernels.roofline import Device, Shape, Work

PAPER_SHAPES = ["64,8,256,64", "64,8,1024,64"]
CPU_SHAPES = ["16,8,128,32", "8,8,256,32"]


def run(args: argparse.Namespace) -> int:
    """Print a table for each shape and device."""
    import torch
    from rich.console import Console

    on_gpu = torch.cuda.is_available()
    name = args.dtype or ("bfloat16" if on_gpu else "float32")
    measured = _shapes(args, name, PAPER_SHAPES if on_gpu else CPU_SHAPES)
    paper = [] if on_gpu else _shapes(args, args.dtype or "bfloat16", PAPER_SHAPES)
    console = Console()
    console.print(_where(on_gpu), highlight=False, soft_wrap=True)
    for shape in paper:
        _show(console, shape, _gpu(args), {})
    dtype = getattr(torch, name)
    device = _gpu(args) if on_gpu else _this_cpu(dtype)
    for shape in measured:
        _show(console, shape, device, _passes(shape, dtype, on_gpu, args.repeats))
    return 0


def _shapes(args: argparse.Namespace, dtype: str, default: list[str]) -> list[Shape]:
    from microgt_kernels.arguments import MOST_RELATIONS
    from microgt_kernels.roofline import Shape

    if not 1 <= args.relations <= MOST_RELATIONS or args.repeats < 1:
        raise ConfigError(f"--relations must be from 1 to {MOST_RELATIONS}, --repeats at least 1")
    shapes = []
    for text in args.shapes or default:
        numbers = text.split(",")
        if len(numbers) != 4 or not all(n.isdecimal() and int(n) for n in numbers):
            raise ConfigError(f"--shapes takes B,H,N,D, four positive numbers such as 16,8,128,32; {text!r} is not that")
        b, h, n, d = map(int, numbers)
        shapes.append(Shape(b, h, n, d, relations=args.relations, itemsize=4 if dtype == "float32" else 2, values=args.values))
    return shapes


def _gpu(args: argparse.Namespace) -> Device:
    from microgt_kernels.roofline import H100, Device

    if args.bandwidth is args.matmul is None:
        return H100
    bandwidth = H100.bandwidth if args.bandwidth is None else args.bandwidth * 1e12
    matmul = H100.matmul if args.matmul is None else args.matmul * 1e12
    return Device(f"a GPU of {bandwidth / 1e12:g} TB/s and {matmul / 1e12:g} TFLOP/s", bandwidth, matmul)


def _this_cpu(dtype: torch.dtype) -> Device:
    from microgt_kernels.measure import cpu

    return cpu(dtype)


def _passes(shape: Shape, dtype: torch.dtype, on_gpu: bool, repeats: int) -> dict[str, Pass]:
    import torch

    from microgt_kernels.measure import passes

    device, backend = ("cuda", "triton") if on_gpu else ("cpu", "torch")
    return passes(shape, dtype, torch.device(device), backend=backend, repeats=repeats)


def _where(on_gpu: bool) -> str:
    import torch

    on = torch.cuda.get_device_name() if on_gpu else f"a CPU with {torch.get_num_threads()} threads; there is no GPU"
    return f"microgt bench attention: torch {torch.__version__} on {on}"


def _show(console: Console, shape: Shape, device: Device, measured: dict[str, Pass]) -> None:
    s = shape
    values = " and their values" if s.values else ""
    console.print(
        f"\n{device.name}: B,H,N,D = {s.b},{s.h},{s.n},{s.d}, {s.relations} relations{values}, {s.itemsize} bytes an element",
        highlight=False,
        soft_wrap=True,
    )
    console.print(_table(shape, device, measured), width=100)


def _table(shape: Shape, device: Device, measured: dict[str, Pass]) -> Table:
    """Rows: the kernels of both passes, or only the passes where the kernels are not told apart."""
    from rich.table import Table

    from microgt_kernels.roofline import backward_kernels, forward_kernels, seconds, total, without_one_hot

    table = Table(box=None, pad_edge=False)
    for column in ("pass", "kernel"):
        table.add_column(column, no_wrap=True)
    for column in ("MB", "GFLOP", "expected ms", "bound by", "measured ms", "ratio"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, works in (("forward", forward_kernels(shape)), ("backward", backward_kernels(shape))):
        found = measured.get(name)
        if found is not None and not found.kernels:
            whole = without_one_hot(works)
            table.add_row(name, "all", *_cells(whole, whole.seconds(device), whole.bound(device), found.seconds))
            continue
        for kernel, work in works.items():
            seen = None if found is None else found.kernels.get(kernel)
            table.add_row(name, kernel, *_cells(work, work.seconds(device), work.bound(device), seen))
        table.add_row(name, "all", *_cells(total(works), seconds(works, device), "", None if found is None else found.seconds))
    return table


def _cells(work: Work, expected: float, bound: str, measured: float | None) -> list[str]:
    paper = [f"{work.bytes / 1e6:.1f}", f"{work.operations / 1e9:.2f}", f"{expected * 1e3:.3f}", bound]
    return [*paper, "", ""] if measured is None else [*paper, f"{measured * 1e3:.3f}", f"{measured / expected:.1f}"]
