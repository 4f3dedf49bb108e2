#!/usr/bin/env python
"""Compile every Triton kernel for GPUs that are not there; write reports/kernels_aot.md. Exit status 1 when one spills or does not fit.

python scripts/compile_kernels.py                                    # all targets; an hour on one core
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
from microgt_kernels.gpu.ahead import ARITHMETICS, KERNELS, ROW_KERNELS, SHARED, TARGETS, Usage, compiled, compiled_rows, itemsize
from microgt_kernels.gpu.fingerprint import fingerprint
from microgt_kernels.gpu.tiles import WIDTHS, Tile, tiles_for

ROOT = Path(__file__).parents[1]
HEADS, RELATIONS = 8, 65  # 64 and the one of masked keys
ROW_WIDTHS = (192,)
NODES = (True, False)  # whether a multiple of 16


class Case(NamedTuple):
    """A kernel of attention with everything optional on, dropout and relation values: compiled twice."""

    target: str
    kernel: str
    width: int
    arithmetic: str

    def usages(self) -> list[Usage]:
        """For numbers of nodes that are multiples of 16, and for others."""
        sizes = {"width": self.width, "relations": RELATIONS, "heads": HEADS, "arithmetic": self.arithmetic}
        return [compiled(self.kernel, self.target, self._tile(aligned), aligned=aligned, **sizes) for aligned in NODES]

    def tiles(self) -> str:
        """What the table says of them."""
        return pair([self._tile(aligned) for aligned in NODES])

    def _tile(self, aligned: bool) -> Tile:
        return getattr(tiles_for(self.target, self.width, itemsize(self.arithmetic), aligned=aligned), self.kernel)


class RowCase(Case):
    """A kernel of rows."""

    def usages(self) -> list[Usage]:
        """For any number of rows."""
        return [compiled_rows(self.kernel, self.target, width=self.width, arithmetic=self.arithmetic)]

    def tiles(self) -> str:
        """Whatever 2048 elements are."""
        return ""


def cases(targets: list[str], widths: list[int], arithmetics: list[str]) -> Iterator[Case]:
    """All compilations; a histogram does not depend on the width of a head, and kernels of rows have no products."""
    for target, arithmetic in product(targets, arithmetics):
        for kernel, width in product(KERNELS, widths):
            if kernel != "histogram" or width == widths[0]:
                yield Case(target, kernel, width, arithmetic)
        for kernel, width in product(ROW_KERNELS, ROW_WIDTHS):
            if arithmetic != "tf32":
                yield RowCase(target, kernel, width, arithmetic)


def usages(case: Case) -> list[Usage]:
    """Compile."""
    return case.usages()


def pair(values: list[object]) -> str:
    """Both, or the one that both are."""
    return " / ".join(dict.fromkeys(map(str, values)))


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
        "figures, the first is for numbers of nodes that are multiples of 16. A tile is rows x columns, w warps, s stages (kernels",
        "of rows: 2048 elements, 4 warps). Registers of a thread; shared memory of a block;",
        "loads and stores of spilled registers; instructions on tensor cores in the machine code",
        "(none: float32 by fused multiply-adds). fp32 is as exact as torch by default; tf32 is what",
        '`torch.set_float32_matmul_precision("high")` asks for.',
        "No kernel here has run on such a device.",
        "",
        "| target | kernel | width | arithmetic | tiles | registers | shared KB | spills | tensor |",
        "|---|---|--:|---|---|--:|--:|--:|--:|",
    ]
    for case, used in found.items():
        shared = pair([f"{u.shared / 1024:.0f}" for u in used])
        rest = f"{pair([u.registers for u in used])} | {shared} | {pair([u.spills for u in used])} | {pair([u.tensor for u in used])}"
        lines.append(f"| {case.target} | {case.kernel} | {case.width} | {case.arithmetic} | {case.tiles()} | {rest} |")
    made = f"Made by `{command}`: triton {triton.__version__}, torch {torch.__version__}, {git_hash()}, kernels {fingerprint()}."
    return "\n".join([*lines, "", made, ""])


def main() -> int:
    """Compile, write, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--widths", nargs="+", type=int, choices=WIDTHS, default=list(WIDTHS))
    parser.add_argument("--arithmetics", nargs="+", choices=ARITHMETICS, default=list(ARITHMETICS))
    parser.add_argument("--out", type=Path, default=ROOT / "reports/kernels_aot.md")
    args = parser.parse_args()
    todo = list(cases(args.targets, args.widths, args.arithmetics))
    with ProcessPoolExecutor() as pool:
        found = dict(zip(todo, track(pool.map(usages, todo), "compiling", len(todo), disable="CI" in os.environ), strict=True))
    write_text(args.out, report(found, " ".join(["python", *sys.argv])))
    faults = [(case, fault) for case, used in found.items() for u in used if (fault := wrong(case, u))]
    for case, fault in faults:
        print(f"{' '.join(map(str, case))}: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
