#!/usr/bin/env python
"""Compile every Triton kernel for GPUs that are not there; write reports/kernels_aot.md. Exit status 1 when one spills or does not fit.

python scripts/compile_kernels.py                                    # all targets; some minutes
python scripts/compile_kernels.py --targets sm_90 --widths 32 --out table.md
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("TRITON_DEFAULT_FP_FUSION", "1")  # said, since its default changes between releases

import torch
import triton
from rich.progress import track

from microgt.commit import git_hash
from microgt.files import write_text
from microgt_kernels.gpu.ahead import SHARED, TARGETS, Usage, compiled
from microgt_kernels.gpu.tiles import WIDTHS, Tile, tiles_for

ROOT = Path(__file__).parents[1]
HEADS, RELATIONS = 8, 65  # 64 and the one of masked keys
ITEMSIZE = {"bf16": 2, "fp16": 2, "fp32": 4}
KERNELS = ("forward", "weights", "queries", "keys", "histogram")


class Case(NamedTuple):
    """One compilation. Of a kernel, everything optional is on: dropout and relation values."""

    target: str
    kernel: str
    width: int
    dtype: str

    @property
    def tile(self) -> Tile:
        return getattr(tiles_for(self.target, self.width, ITEMSIZE[self.dtype]), self.kernel)


def cases(targets: list[str], widths: list[int], dtypes: list[str]) -> Iterator[Case]:
    """All compilations; a histogram does not depend on the width of a head."""
    for target, kernel, width, dtype in product(targets, KERNELS, widths, dtypes):
        if kernel != "histogram" or width == widths[0]:
            yield Case(target, kernel, width, dtype)


def usage(case: Case) -> Usage:
    """Compile one case."""
    return compiled(case.kernel, case.target, case.tile, width=case.width, relations=RELATIONS, heads=HEADS, dtype=case.dtype)


def wrong(case: Case, used: Usage) -> str | None:
    """What is wrong with a compiled kernel."""
    if used.spills:
        return f"{used.spills} loads and stores of spilled registers"
    if used.shared > SHARED[case.target]:
        return f"{used.shared} bytes of shared memory; there are {SHARED[case.target]}"
    return None


def report(found: dict[Case, Usage], command: str) -> str:
    """The table as markdown."""
    lines = [
        "# Kernels compiled ahead of time",
        "",
        f"{HEADS} heads, {RELATIONS} relations (64 and the one of masked keys), dropout and relation values on. Registers of a thread;",
        "shared memory of a block; instructions on tensor cores in the machine code (none: products of float32 by fused multiply-adds).",
        "No kernel here has run on such a device.",
        "",
        "| target | kernel | width | dtype | tile | warps | stages | registers | shared KB | spills | tensor |",
        "|---|---|--:|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for case, used in found.items():
        tile = case.tile
        shape = f"{tile.rows}x{tile.columns} | {tile.warps} | {tile.stages}"
        numbers = f"{used.registers} | {used.shared / 1024:.0f} | {used.spills} | {used.tensor}"
        lines.append(f"| {case.target} | {case.kernel} | {case.width} | {case.dtype} | {shape} | {numbers} |")
    made = f"Made by `{command}`: triton {triton.__version__}, torch {torch.__version__}, {git_hash()}."
    return "\n".join([*lines, "", made, ""])


def main() -> int:
    """Compile, write, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--widths", nargs="+", type=int, choices=WIDTHS, default=list(WIDTHS))
    parser.add_argument("--dtypes", nargs="+", choices=ITEMSIZE, default=["bf16", "fp32"])
    parser.add_argument("--out", type=Path, default=ROOT / "reports/kernels_aot.md")
    args = parser.parse_args()
    todo = list(cases(args.targets, args.widths, args.dtypes))
    with ProcessPoolExecutor() as pool:
        found = dict(zip(todo, track(pool.map(usage, todo), "compiling", len(todo), disable="CI" in os.environ), strict=True))
    write_text(args.out, report(found, " ".join(["python", *sys.argv])))
    faults = {case: fault for case, used in found.items() if (fault := wrong(case, used))}
    for case, fault in faults.items():
        print(f"{' '.join(map(str, case))}: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
