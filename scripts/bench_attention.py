"""What relations cost attention: ours beside other ways to compute the same, as ratios to torch's attention without any relation.

usage: python scripts/bench_attention.py [--shapes 16,8,128,32 ...] [--problems bias key full] [--dtypes float32 bfloat16]
       [--impl module:function ...] [--skip flex ...] [--repeat 15] [--threads 1] [--out reports/attention_cpu.md]

Shapes are B,H,N,D: batch, heads, nodes, width of a head. Problems: "bias", a number for each head and relation (Graphormer); "key",
relation vectors in the keys too (Shaw et al. 2018); "full", in the values too (RAT-SQL). Every way is checked against the formula in
float64 before anything is timed. All take turns on the same inputs in one process; medians of processor time, and how far the resident
memory rises during one call. Milliseconds depend on the machine and on what else it does: compare the rows of one block.
An `--impl` is called with q, k, v, rel, rel_k, rel_v, rel_bias, key_mask, of which the last four may be None.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import importlib
import platform
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from microgt.commit import git_hash
from microgt.files import write_text
from microgt_kernels.peer import relation_attention as ours
from microgt_kernels.reference import attention_reference

Way = Callable[..., Tensor]
SHAPES = ("16,8,128,32", "8,8,256,32", "2,8,1024,32")
PROBLEMS = ("bias", "key", "full")
TOLERANCE = {torch.float32: 1e-4, torch.bfloat16: 6e-2, torch.float16: 1e-2}  # of the largest entry; no measure of quality, a gate


@dataclass(frozen=True)
class Problem:
    """Inputs of one cell of the table; `run` with gradients of all that is floating, or without."""

    inputs: tuple[Tensor | None, ...]
    gradient: Tensor

    @classmethod
    def drawn(cls, shape: Sequence[int], name: str, dtype: torch.dtype, relations: int) -> Problem:
        """Six in ten pairs have relation 0, as in graphs of schemas; up to a quarter of the keys are padding."""
        b, h, n, d = shape
        source = torch.Generator().manual_seed(0)
        q, k, v, gradient = (torch.randn(b, h, n, d, generator=source).to(dtype) for _ in range(4))
        rel = torch.randint(relations, (b, n, n), generator=source).mul_(torch.rand(b, n, n, generator=source) > 0.6).byte()
        rel_k, rel_v = (torch.randn(relations, d, generator=source).mul_(0.3).to(dtype) for _ in "kv")
        bias = torch.randn(h, relations, generator=source).to(dtype)
        lengths = torch.randint(3 * n // 4, n + 1, (b,), generator=source).clamp_(min=1)
        mask = torch.arange(n) < lengths[:, None]
        return cls((q, k, v, rel, None if name == "bias" else rel_k, rel_v if name == "full" else None, bias, mask), gradient)

    def run(self, way: Way, backward: bool) -> list[Tensor]:
        inputs = [x.detach().requires_grad_(backward) if x is not None and x.is_floating_point() else x for x in self.inputs]
        with torch.set_grad_enabled(backward):
            out = way(*inputs)
        leaves = [x for x in inputs if x is not None and x.requires_grad]
        return [out.detach(), *(torch.autograd.grad(out, leaves, self.gradient, allow_unused=True) if backward else ())]

    def in_float64(self) -> Problem:
        inputs = (x.double() if x is not None and x.is_floating_point() else x for x in self.inputs)
        return Problem(tuple(inputs), self.gradient.double())


def no_relations(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask):
    return scaled_dot_product_attention(q, k, v, attn_mask=key_mask[:, None, None])


def naive(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask):
    """The formula as it is written, with [B,N,N,D] tensors."""
    return attention_reference(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask, None)


def dense_mask(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask):
    """Relation scores looked up into a mask [B,H,N,N] for torch's attention, which has no way to values with relations."""
    bias = _table(q, rel_k, rel_bias).gather(-1, rel.long()[:, None].expand(-1, q.shape[1], -1, -1))
    return scaled_dot_product_attention(q, k, v, attn_mask=bias.masked_fill(~key_mask[:, None, None], float("-inf")))


def flex(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask):
    """FlexAttention, compiled for each shape: a score is changed by what it looks up. Values are no scores."""
    if q.requires_grad and q.device.type == "cpu":
        from torch.nn.attention.flex_attention import flex_attention

        flex_attention(q, k, v)  # raises; the compiler would hide why
    table = _table(q, rel_k, rel_bias)
    return _compiled_flex()(q, k, v, rel.int(), table, key_mask)


def _table(q: Tensor, rel_k: Tensor | None, rel_bias: Tensor) -> Tensor:
    """[B,H,N,R]."""
    scale = q.shape[-1] ** -0.5
    bias = (rel_bias * scale)[None, :, None].expand(*q.shape[:3], -1)
    return bias if rel_k is None else q @ rel_k.t() * scale + bias


@cache
def _compiled_flex() -> Way:
    from torch.nn.attention.flex_attention import flex_attention

    def attend(q, k, v, rel, table, key_mask):
        def score(s, b, h, i, j):
            return torch.where(key_mask[b, j], s + table[b, h, i, rel[b, i, j]], -float("inf"))

        return flex_attention(q, k, v, score_mod=score)

    torch._dynamo.config.recompile_limit = 100  # beyond it nothing is compiled any more
    return torch.compile(attend, dynamic=False, fullgraph=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", nargs="+", default=SHAPES)
    parser.add_argument("--problems", nargs="+", default=PROBLEMS, choices=PROBLEMS)
    parser.add_argument("--dtypes", nargs="+", default=["float32", "bfloat16"])
    parser.add_argument("--relations", type=int, default=50)
    parser.add_argument("--impl", action="append", default=[], metavar="MODULE:FUNCTION")
    parser.add_argument("--skip", nargs="*", default=[])
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=10, help="at most, for the turns of one block after the third")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("reports/attention_cpu.md"))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    given = {x: getattr(importlib.import_module(x.partition(":")[0]), x.partition(":")[2]) for x in args.impl}
    ways = {"no relations": no_relations, "microgt": ours, "naive": naive, "dense mask": dense_mask, "flex": flex, **given}
    ways = {name: way for name, way in ways.items() if name not in args.skip}
    lines = ["# What relations cost attention", "", "| B,H,N,D | numbers | problem | pass | way | ms | best | ratio | MB | error |"]
    lines.append("|---|---|---|---|---|--:|--:|--:|--:|--:|")
    for shape in args.shapes:
        for dtype in args.dtypes:
            for name in args.problems:
                problem = Problem.drawn([int(x) for x in shape.split(",")], name, getattr(torch, dtype), args.relations)
                for backward in (False, True):
                    label = f"| {shape} | {dtype} | {name} | {'forward + backward' if backward else 'forward'} |"
                    lines += [f"{label} {row}" for row in block(problem, ways, backward, args.repeat, args.seconds)]
                    print("\n".join(lines[-len(ways) :]), flush=True)
    lines += ["", footer(args)]
    write_text(args.out, "\n".join(lines) + "\n")
    return 0


def block(problem: Problem, ways: dict[str, Way], backward: bool, repeat: int, seconds: float) -> list[str]:
    """One row for each way that can do the problem and is right; a row that says why for the others."""
    exact = problem.in_float64().run(naive, backward)
    rows, able, errors, megabytes = {}, {}, {}, {}
    for name, way in ways.items():
        try:
            _refuse(name, problem)
            found = problem.run(way, backward)
        except Exception as error:  # whatever a peer raises is why it has no figures
            rows[name] = f"{name} | {_reason(error)} | | | | |"
            continue
        errors[name] = max(_error(x, y) for x, y in zip(found, exact, strict=True))
        if name != "no relations" and not errors[name] <= TOLERANCE[found[0].dtype]:
            rows[name] = f"{name} | wrong | | | | {errors[name]:.0e} |"
            continue
        able[name], megabytes[name] = way, peak_megabytes(lambda way=way: problem.run(way, backward))
    times = turns({name: (lambda way=way: problem.run(way, backward)) for name, way in able.items()}, repeat, seconds)
    floor = median(times.get("no relations", [float("nan")]))
    for name, taken in times.items():
        error = "" if name == "no relations" else f"{errors[name]:.0e}"
        rows[name] = f"{name} | {median(taken):.1f} | {min(taken):.1f} | {median(taken) / floor:.2f} | {megabytes[name]:.0f} | {error} |"
    return [rows[name] for name in ways]


def _refuse(name: str, problem: Problem) -> None:
    if name in ("dense mask", "flex") and problem.inputs[5] is not None:
        raise NotImplementedError("no values")


def _reason(error: Exception) -> str:
    return str(error).strip().split("\n")[0].split(". ")[0][:60].replace("|", "/") or type(error).__name__


def _error(found: Tensor | None, exact: Tensor | None) -> float:
    """Of the largest entry; what nobody asked for has none."""
    if found is None or exact is None:
        return 0.0
    return float((found.double() - exact).abs().max() / exact.abs().max().clamp(min=1e-9))


def turns(runs: dict[str, Callable[[], object]], repeat: int, seconds: float) -> dict[str, list[float]]:
    """Milliseconds of processor time of each run, one after the other, again and again."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    end = time.perf_counter() + seconds
    for turn in range(repeat):
        for name, run in runs.items():
            start = time.process_time()
            run()
            times[name].append((time.process_time() - start) * 1e3)
        if turn >= 2 and time.perf_counter() > end:
            break
    return times


def peak_megabytes(run: Callable[[], object]) -> float:
    """How far resident memory rises during a second run, NaN where the system does not tell."""
    run()
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)  # what was freed goes back to the system
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
        before = _status("VmRSS")
        run()
        return _status("VmHWM") - before
    return float("nan")


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def footer(args: argparse.Namespace) -> str:
    capability = torch.backends.cpu.get_cpu_capability()
    return (
        f"R = {args.relations}, threads: {args.threads}, medians of {args.repeat} (fewer where a block takes longer than "
        f"{args.seconds:g} s) of processor time; ratio to no relations; MB: rise of resident memory; error: of the output and all "
        f"gradients, against float64, of the largest entry. "
        f"Made by `python scripts/bench_attention.py {' '.join(sys.argv[1:])}`: torch {torch.__version__} ({capability}), "
        f"Python {platform.python_version()}, {platform.machine()}, {git_hash()}."
    )


if __name__ == "__main__":
    raise SystemExit(main())
