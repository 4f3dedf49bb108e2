#!/usr/bin/env python
"""Where the time of training goes: tokens a second, the share of what products reach on the same machine, and what reading the data takes.

usage: python scripts/bench_throughput.py [--steps 150] [--warm 30] [--out FILE] data=micro model=micro training=micro
           model/embedder/links=synonyms model/decoder/attention=tree ...

Other arguments are those of `microgt train`; the run is of one process, its folder is thrown away. Times are those of the processor, so
that other work on the machine takes no part. Products are measured between the steps, and after these some steps operator by operator.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from bench_training_step import matmul_peak
from lightning.pytorch.callbacks import Callback
from torch.profiler import ProfilerActivity, profile

from microgt.commit import git_hash
from microgt.config import compose
from microgt.files import write_text
from microgt.model.batch import Batch
from microgt.training.train import train

ROOT = Path(__file__).parents[1]
DATA, FORWARD, BACKWARD, UPDATE = PARTS = ("reading and batching data", "forward and loss", "backward", "clipping, update, averages")
_PROFILED, _PEAK_EVERY, _OPERATORS = 5, 25, 12


class Parts(Callback):
    """Processor seconds of each part of the steps after the first `warm`; products between them; the operators of the last few steps."""

    def __init__(self, warm: int, steps: int):
        self.warm, self.steps = warm, steps
        self.seconds: dict[str, float] = dict.fromkeys(PARTS, 0.0)
        self.peaks = list[float]()
        self.dtype = torch.float32  # of the products
        self.examples = self.tokens = self.step = 0
        self.operators = profile(activities=[ProfilerActivity.CPU])
        self._at = time.process_time()

    def _lap(self, part: str) -> None:
        now = time.process_time()
        if self.warm <= self.step < self.steps:
            self.seconds[part] += now - self._at
        self._at = now

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """The precision is known."""
        self.dtype = torch.bfloat16 if trainer.precision.startswith("bf16") else torch.float32

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Batch, batch_idx: int) -> None:
        """The data is there."""
        self._lap(DATA)

    def on_before_zero_grad(self, trainer: Any, pl_module: Any, optimizer: Any) -> None:
        """The loss is there."""
        self._lap(FORWARD)

    def on_after_backward(self, trainer: Any, pl_module: Any) -> None:
        """The gradients are there."""
        self._lap(BACKWARD)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """The weights are updated."""
        self._lap(UPDATE)
        assert batch.action_mask is not None
        if self.warm <= self.step < self.steps:
            self.examples += len(batch)
            self.tokens += int(batch.node_mask.sum() + batch.action_mask.sum())
        self.step += 1
        if self.step == self.steps:
            self.operators.start()
        if self.step == self.steps + _PROFILED:
            self.operators.stop()
        if self.warm < self.step <= self.steps and (self.step - self.warm) % _PEAK_EVERY == 1:
            self.peaks.append(matmul_peak(self.dtype))
        self._at = time.process_time()


def measured(parts: Parts, overrides: Sequence[str]) -> float:
    """Train; returns operations an example, forward and backward."""
    with tempfile.TemporaryDirectory() as folder:
        ran = [*overrides, "machine=cpu", f"training.steps={parts.steps + _PROFILED}", "training.minutes=null", "training.accumulate=1"]
        config = compose("train", [*ran, "training.checkpoint_every=1000000", "name=throughput", f"runs={folder}", "evaluate=null"])
        checkpoint = train(config, [parts])
        return json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))["training"]["flops_per_example"]


def report(parts: Parts, operations: float) -> list[str]:
    """The figures as markdown."""
    total, peak = sum(parts.seconds.values()), statistics.median(parts.peaks)
    reached = operations * parts.examples / total
    lines = [
        "# Where the time of training goes",
        "",
        f"{parts.steps - parts.warm} steps after the first {parts.warm}, {parts.examples:,} questions, in one process with"
        f" {torch.get_num_threads()} thread(s): **{parts.tokens / total:,.0f} tokens (nodes and actions, no padding)** and"
        f" {parts.examples / total:.1f} questions a processor second, {operations / 1e9:.2f} GFLOP of products each.",
        f"These are {reached / 1e9:.1f} GFLOP/s: **{reached / peak:.0%} of the {peak / 1e9:.1f} GFLOP/s** that products of two matrices"
        f" of {str(parts.dtype).removeprefix('torch.')} reach between the steps"
        f" (median of {len(parts.peaks)}, from {min(parts.peaks) / 1e9:.1f} to {max(parts.peaks) / 1e9:.1f}).",
        "",
        "| part of a step | ms | share |",
        "|---|--:|--:|",
    ]
    steps = parts.steps - parts.warm
    lines += [f"| {part} | {1000 * parts.seconds[part] / steps:.0f} | {parts.seconds[part] / total:.1%} |" for part in PARTS]
    found = sorted(parts.operators.key_averages(), key=lambda o: -o.self_cpu_time_total)
    busy = sum(o.self_cpu_time_total for o in found)
    lines += ["", f"Operators of {_PROFILED} steps more, by their own time:", "", "| operator | calls a step | share |", "|---|--:|--:|"]
    return lines + [f"| `{o.key}` | {o.count / _PROFILED:,.0f} | {o.self_cpu_time_total / busy:.1%} |" for o in found[:_OPERATORS]]


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--warm", type=int, default=30)
    parser.add_argument("--out", type=Path, default=ROOT / "reports/throughput.md")
    args, overrides = parser.parse_known_args()
    if not 0 <= args.warm < args.steps:
        parser.error(f"--steps {args.steps} must be more than --warm {args.warm}, which is 0 or more")
    parts = Parts(args.warm, args.steps)
    lines = report(parts, measured(parts, overrides))
    made = f"torch {torch.__version__}, Python {platform.python_version()}, {platform.machine()}, {git_hash() or 'no checkout'}"
    text = "\n".join([*lines, "", f"Made by `{' '.join(['python', *sys.argv])}`: {made}.", ""])
    print(text)
    print(write_text(args.out, text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
