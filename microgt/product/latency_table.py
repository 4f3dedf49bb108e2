"""Measured latencies as markdown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microgt.product.latency import STAGES, Arm, Times


def latency_table(arms: Sequence[Arm], times: Sequence[Times]) -> str:
    """A row for each arm: median processor milliseconds by stage, of the whole, what 90% stay under, how often faster than the first arm.

    The last column is the median of the time that passed, which grows with whatever else the machine does.
    """
    head = ["model", "beam", *STAGES, "all", "90% under", "times as fast", "passed"]
    lines = [_row(head), _row(["---", *["--:"] * (len(head) - 1)])]
    first = float(np.median(times[0].processor.sum(1)))
    for arm, found in zip(arms, times, strict=True):
        stages, whole = np.median(found.processor, axis=0), found.processor.sum(1)
        figures = [*stages, np.median(whole), np.quantile(whole, 0.9)]
        passed = float(np.median(found.wall.sum(1)))
        lines.append(
            _row([arm.name, str(arm.beam), *(f"{x:.1f}" for x in figures), f"{first / float(np.median(whole)):.1f}", f"{passed:.1f}"])
        )
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
