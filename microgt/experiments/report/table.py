"""The figures of a report as rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from microgt.experiments.report.arms import Arm, Comparison, Delta

HEAD = ("arm", "runs", "right", "deviation", "over the baseline", "95% interval", "parameters", "GFLOP per example", "examples", "tokens/s")


def rows(found: Comparison) -> Iterator[tuple[str, ...]]:
    """A row for each arm, in the order of `HEAD`."""
    for arm in found.arms:
        yield (*_accuracy(arm), *_gain(found.deltas.get(arm.name)), *_size(arm))


def _accuracy(arm: Arm) -> tuple[str, ...]:
    mean = "" if arm.mean is None else f"{arm.mean:.1%}"
    return arm.name, str(len(arm.runs)), mean, "" if arm.deviation is None else f"{100 * arm.deviation:.1f}"


def _gain(delta: Delta | None) -> tuple[str, str]:
    if delta is None:
        return "", ""
    return f"{100 * delta.gain:+.1f}", f"{100 * delta.interval.low:+.1f} to {100 * delta.interval.high:+.1f}" if delta.interval else ""


def _size(arm: Arm) -> tuple[str, ...]:
    first = arm.runs[0]
    speed = fmean(run.tokens_per_second for run in arm.runs)
    return f"{first.parameters:,}", f"{first.flops_per_example / 1e9:.2f}", f"{first.examples:,}", f"{speed:,.0f}"


def notes(found: Comparison) -> list[str]:
    """How to read the figures."""
    runs = [run for arm in found.arms for run in arm.runs]
    first = runs[0]
    asked = f"{first.data} {first.split}" if first.split else "no questions"
    lines = [
        f"{len(runs)} runs, seeds {', '.join(map(str, sorted({run.seed for run in runs})))}; {len(first.answers)} questions of {asked}, "
        "answered greedily and judged by execution.",
        "right: the mean over seeds; deviation: over seeds, in percentage points; over the baseline: percentage points on the same "
        "questions and seeds; 95% interval: when databases are drawn again (paired cluster bootstrap), which tells little of how seeds "
        "differ by chance.",
        "GFLOP per example: operations of training, forward and backward; tokens/s: nodes read and actions written in training.",
    ]
    others = sorted({f"microgt {run.microgt} ({run.git or 'no checkout'})" for run in runs})
    versions = ", ".join(f"{name} {version}" for name, version in first.versions.items())
    return [*lines, f"Made by {'; '.join(others)}; {versions}."]
