"""The learning curve of a run, from the figures that its CSV logger left."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from microgt.experiments.result import CurvePoint

MOST_POINTS = 50


def learning_curve(folder: Path, points: int = MOST_POINTS) -> tuple[CurvePoint, ...]:
    """At most so many points of the run in `folder`. Of a run that was continued, the steps of its last part count."""
    losses: dict[int, float] = {}
    validation: dict[int, float] = {}
    for row in _rows(folder / "csv"):
        step = int(row["step"]) + 1
        if row.get("train/actions"):
            losses[step] = float(row["train/actions"])
        if row.get("validation/loss"):
            validation[step] = float(row["validation/loss"])
    return tuple(_thinned(sorted(losses.items()), validation, points))


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    """The rows of all parts, the last one last: see `training.loggers.csv_logger`."""
    earlier = sorted(folder.glob("metrics-*.csv"), key=lambda path: int(path.stem.rpartition("-")[2]))
    for path in [*earlier, folder / "metrics.csv"]:
        if path.is_file():
            with path.open(newline="", encoding="utf-8") as lines:
                yield from csv.DictReader(lines)


def _thinned(losses: Sequence[tuple[int, float]], validation: dict[int, float], points: int) -> Iterator[CurvePoint]:
    """Means over stretches of logged steps; the last validation of each stretch."""
    width, before = -(-len(losses) // points) or 1, 0
    for begin in range(0, len(losses), width):
        part = losses[begin : begin + width]
        last = part[-1][0]
        known = [validation[step] for step in sorted(validation) if before < step <= last]
        yield CurvePoint(step=last, loss=round(fmean(loss for _, loss in part), 5), validation=known[-1] if known else None)
        before = last
