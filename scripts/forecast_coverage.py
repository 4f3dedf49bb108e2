#!/usr/bin/env python
"""How often the next values lie in the bands of forecasts, on simulated series and on flights. Writes a markdown table.

usage: python scripts/forecast_coverage.py [--series N] [--lengths 24,36] [--methods simple|all] [--levels 80,90] [--report FILE]

N simulated series a cell, from fixed seeds. Real ones: flights by week, day and airline, and their delays, from the embedded database.
Each is forecast from several ends of its past, of which the forecaster sees nothing later. `all` needs the extra `forecast`.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path

import numpy as np

from microgt.commit import git_hash
from microgt.data.demo.build import build_database
from microgt.engine.duckdb import DuckDBEngine, Limits
from microgt.errors import InsufficientData, MissingExtra
from microgt.files import write_text
from microgt.forecast import Forecaster, Series, make_forecast
from microgt.forecast.make import SIMPLE
from microgt.forecast.series import as_period
from microgt.forecast.stats import forecasters

REPORT = Path(__file__).resolve().parent.parent / "reports" / "forecast.md"
FIRST, HORIZON, SEED = date(2015, 1, 1), 3, 0
STEP, MOST_ENDS = 3, 12  # between the ends of the past of a real series

# Real series: name -> database, unit, SQL of (period, series, value).
_COUNT = "SELECT date_trunc('{unit}', {date}), {by}, {value} FROM {table} GROUP BY ALL ORDER BY 1"
REAL = {
    "flights by week": ("flights", "week", _COUNT.format(unit="week", date="time_hour", by="origin", value="count(*)", table="flights")),
    "flights by day": ("flights", "day", _COUNT.format(unit="day", date="time_hour", by="origin", value="count(*)", table="flights")),
    "flights by week and airline": (
        "flights", "week", _COUNT.format(unit="week", date="time_hour", by="carrier", value="count(*)", table="flights"),
    ),
    "mean departure delay by week": (
        "flights", "week", _COUNT.format(unit="week", date="time_hour", by="origin", value="avg(dep_delay)", table="flights"),
    ),
}  # fmt: skip


@dataclass
class Cell:
    """values: of the periods to come, and how many of them had a band and lay in it. off, naive: absolute errors."""

    values: int = 0
    banded: int = 0
    inside: int = 0
    refused: int = 0
    off: float = 0.0
    naive: float = 0.0
    width: float = 0.0

    def add(self, past: Series, coming: np.ndarray, level: int, methods: Sequence[Forecaster]) -> None:
        """Forecast `past`, and look what came."""
        try:
            found = make_forecast(past, len(coming), level, methods)
        except InsufficientData:
            self.refused += 1
            return
        self.values += len(coming)
        self.off += float(np.abs(np.array(found.points) - coming).sum())
        reference = make_forecast(past, len(coming), level, ()).points
        self.naive += float(np.abs(np.array(reference) - coming).sum())
        if found.low and found.high:
            low, high = np.array(found.low), np.array(found.high)
            self.banded += len(coming)
            self.inside += int(((low <= coming) & (coming <= high)).sum())
            self.width += float((high - low).sum())

    def row(self, *names: object) -> str:
        """Of the table."""
        share = self.inside / self.banded if self.banded else float("nan")
        # Values of one forecast come together: the interval counts forecasts, not values.
        spread = 1.96 * (share * (1 - share) / (self.banded / HORIZON)) ** 0.5 if self.banded else float("nan")
        covered = f"{share:.0%} ± {100 * spread:.0f}" if self.banded else "no band"
        against = f"{self.off / self.naive:.2f}" if self.naive else ""
        return "| " + " | ".join([*map(str, names), str(self.values), covered, against, str(self.refused)]) + " |"


def simulated(kind: str, length: int, rng: np.random.Generator) -> np.ndarray:
    """A monthly series of a kind, positive on the whole."""
    t = np.arange(length)
    noise = rng.normal(0, 8, length)
    season = 25 * np.sin(2 * np.pi * (t + rng.integers(12)) / 12)
    kinds: dict[str, Callable[[], np.ndarray]] = {
        "noise": lambda: 100 + noise,
        "seasonal": lambda: 100 + season + noise,
        "random walk": lambda: 200 + np.cumsum(noise),
        "growth": lambda: (100 + season) * 1.01**t + noise,
    }
    return kinds[kind]()


def simulations(series: int, lengths: Sequence[int], level: int, methods: Sequence[Forecaster]) -> Iterator[str]:
    """Rows of the table."""
    for kind in ("noise", "seasonal", "random walk", "growth"):
        for length in lengths:
            cell, rng = Cell(), np.random.default_rng([SEED, length, len(kind)])
            for _ in range(series):
                values = simulated(kind, length + HORIZON, rng)
                cell.add(Series("month", FIRST, values[:length]), values[length:], level, methods)
            yield cell.row(kind, length, level)


def real(level: int, methods: Sequence[Forecaster]) -> Iterator[str]:
    """Rows of the table."""
    for name, (database, unit, sql) in REAL.items():
        cell = Cell()
        for series in of_database(database, unit, sql):
            ends = range(24, len(series) - HORIZON + 1, STEP)
            for end in [ends[i] for i in np.unique(np.linspace(0, len(ends) - 1, MOST_ENDS).round().astype(int))] if len(ends) else ():
                past = Series(unit, series.first, series.values[:end])
                cell.add(past, series.values[end : end + HORIZON], level, methods)
        yield cell.row(name, "24 and more", level)


def of_database(name: str, unit: str, sql: str) -> Iterator[Series]:
    """The series of an embedded database, without the first and the last period, which may not be whole."""
    with DuckDBEngine(build_database(name), Limits(rows=50_000)) as engine:
        rows = engine.run(sql).rows
    for key in sorted({row[1] for row in rows}):
        cells = {as_period(period, unit): value for period, by, value in rows if by == key}
        yield from _whole(cells, unit)


def _whole(cells: dict, unit: str) -> Iterable[Series]:
    try:
        series = Series.regular(cells, unit, first=min(cells), last=max(cells), fill=0.0)
    except InsufficientData:
        return []
    return [Series(unit, series.first, series.values[1:-1])] if len(series) > 2 else []


def installed(name: str) -> str:
    """Its version."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


HEAD = (
    "| series | periods known | band, % | values | lay in the band | error beside naive | refused |",
    "|---|--:|--:|--:|--:|--:|--:|",
)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=100)
    parser.add_argument("--methods", choices=("simple", "all"), default="simple")
    parser.add_argument("--levels", default="80")
    parser.add_argument("--lengths", default="18,24,36,60")
    parser.add_argument("--no-real", action="store_true", help="only simulated series")
    parser.add_argument("--report", type=Path, default=REPORT)
    args = parser.parse_args()
    methods = SIMPLE if args.methods == "simple" else forecasters()
    if args.methods == "all" and methods is SIMPLE:
        raise MissingExtra("--methods all", "forecast")
    lines = [
        f"Made by `python scripts/forecast_coverage.py {' '.join(sys.argv[1:])}` at {git_hash()} with Python {platform.python_version()}, "
        f"{', '.join(map(installed, ('numpy', 'duckdb', 'statsforecast')))}; seed {SEED}. Methods: {', '.join(m.name for m in methods)}.",
        "",
        *HEAD,
    ]
    lengths = [int(n) for n in args.lengths.split(",")]
    for level in map(int, args.levels.split(",")):
        for row in chain(simulations(args.series, lengths, level, methods), () if args.no_real else real(level, methods)):
            lines.append(row)
            write_text(args.report, "\n".join(lines) + "\n")  # it takes long: what is done is written
            print(row, file=sys.stderr, flush=True)
    print(args.report)


if __name__ == "__main__":
    main()
