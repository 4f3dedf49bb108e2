#!/usr/bin/env python
"""Compile every Triton kernel for GPUs that are not there; write reports/kernels_aot.md. Exit status 1 when one spills or does not fit.

python scripts/compile_kernels.py                                    # all targets; half an hour on one core
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

import torch
import triton
from rich.progress import track

from microgt.commit import git_hash
from microgt.files import write_text
from microgt_kernels.gpu.ahead import ARITHMETICS, KERNELS, SHARED, TARGETS, Usage, compiled, itemsize
from microgt_kernels.gpu.fingerprint import fingerprint
from microgt_kernels.gpu.tiles import WIDTHS, Tile, tiles_for

ROOT = Path(__file__).parents[1]
HEADS, RELATIONS = 8, 65  # 64 and the one of masked keys
NODES = (True, False)  # whether a multiple of 16


class Case(NamedTuple):
    """One row of the table: two compilations. Of a kernel, everything optional is on: dropout and relation values."""

    target: str
    kernel: str
    width: int
    arithmetic: str

    def tile(self, aligned: bool) -> Tile:
        """That of the kernel's launch."""
        return getattr(tiles_for(self.target, self.width, itemsize(self.arithmetic), aligned=aligned), self.kernel)


def cases(targets: list[str], widths: list[int], arithmetics: list[str]) -> Iterator[Case]:
    """All rows; a histogram does not depend on the width of a head."""
    for target, arithmetic, kernel, width in product(targets, arithmetics, KERNELS, widths):
        if kernel != "histogram" or width == widths[0]:
            yield Case(target, kernel, width, arithmetic)


def usage(case: Case) -> list[Usage]:
    """Compile for numbers of nodes that are multiples of 16, and for others."""
    sizes = {"width": case.width, "relations": RELATIONS, "heads": HEADS, "arithmetic": case.arithmetic}
    return [compiled(case.kernel, case.target, case.tile(aligned), aligned=aligned, **sizes) for aligned in NODES]


def wrong(case: Case, used: Usage) -> str | None:
    """What is wrong with a compiled kernel."""
    if used.spills:
        return f"{used.spills} loads and stores of spilled registers"
    if used.shared > SHARED[case.target]:
        return f"{used.shared} bytes of shared memory; there are {SHARED[case.target]}"
    return None


def report(found: dict[Case, list[Usage]], command: str) -> str:
    """The table as markdown."""
    lines = [
        "# Kernels compiled ahead of time",
        "",
        f"{HEADS} heads, {RELATIONS} relations (64 and the one of masked keys), dropout and relation values on. Where there are two",
        "figures, the first is for numbers of nodes that are multiples of 16. A tile is rows x columns, w warps, s stages. Registers",
        "of a thread; shared memory of a block; loads and stores of spilled registers; instructions on tensor cores in the machine code",
        "(none: float32 by fused multiply-adds).",
        "No kernel here has run on such a device.",
        "",
        "| target | kernel | width | arithmetic | tiles | registers | shared KB | spills | tensor |",
        "|---|---|--:|---|---|--:|--:|--:|--:|",
    ]
    for case, used in found.items():
        tiles = _pair([case.tile(aligned) for aligned in NODES])
        shared = _pair([f"{u.shared / 1024:.0f}" for u in used])
        rest = f"{_pair([u.registers for u in used])} | {shared} | {_pair([u.spills for u in used])} | {_pair([u.tensor for u in used])}"
        lines.append(f"| {case.target} | {case.kernel} | {case.width} | {case.arithmetic} | {tiles} | {rest} |")
    made = f"Made by `{command}`: triton {triton.__version__}, torch {torch.__version__}, {git_hash()}, kernels {fingerprint()}."
    return "\n".join([*lines, "", made, ""])


def _pair(values: list[object]) -> str:
    return " / ".join(dict.fromkeys(map(str, values)))


def main() -> int:
    """Compile, write, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--widths", nargs="+", type=int, choices=WIDTHS, default=list(WIDTHS))
    parser.add_argument("--arithmetics", nargs="+", choices=ARITHMETICS, default=["bf16", "tf32", "fp32"])
    parser.add_argument("--out", type=Path, default=ROOT / "reports/kernels_aot.md")
    args = parser.parse_args()
    todo = list(cases(args.targets, args.widths, args.arithmetics))
    with ProcessPoolExecutor() as pool:
        found = dict(zip(todo, track(pool.map(usage, todo), "compiling", len(todo), disable="CI" in os.environ), strict=True))
    write_text(args.out, report(found, " ".join(["python", *sys.argv])))
    faults = [(case, fault) for case, used in found.items() for u in used if (fault := wrong(case, u))]
    for case, fault in faults:
        print(f"{' '.join(map(str, case))}: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
