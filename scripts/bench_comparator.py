"""How long two results of 20,000 rows take to compare, beside a comparator in plain Python, and in cases made to be hard.

usage: python scripts/bench_comparator.py [--rows 20000] [--repeat 9] [--out reports/comparator_speed.md]

Every verdict is checked before anything is timed. The two comparators take turns in one process with one thread; medians of wall and
processor time. Milliseconds depend on the machine and on what else it does: compare the columns of one table.
"""

from __future__ import annotations

import argparse
import platform
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations
from math import isclose
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from microgt.commit import git_hash
from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import compare
from microgt.files import write_text

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """Two results with the verdict that is known from how they were made."""

    name: str
    gold: ResultTable
    predicted: ResultTable
    order: tuple[int, ...] = ()
    equal: bool = True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--out", type=Path, default=Path("reports/comparator_speed.md"))
    args = parser.parse_args()
    chance = random.Random(0)
    usual, hard = usual_cases(args.rows, chance), hard_cases(args.rows, chance)
    check(usual, plain)
    check(usual + hard, compare)
    lines = [f"# Comparing two results of {args.rows:,} rows", ""]
    lines += ["| three columns | ms | processor ms | plain Python, processor ms | times faster |", "|---|--:|--:|--:|--:|"]
    for case in usual:
        (wall, processor), (_, reference) = measure(case, [compare, plain], args.repeat)
        lines.append(f"| {case.name} | {wall:.0f} | {processor:.0f} | {reference:.0f} | {reference / processor:.1f} |")
    lines += ["", "| made to be hard | ms | processor ms |", "|---|--:|--:|"]
    for case in hard:
        wall, processor = measure(case, [compare], args.repeat)[0]
        lines.append(f"| {case.name} | {wall:.0f} | {processor:.0f} |")
    command = f"python scripts/{Path(__file__).name} {' '.join(sys.argv[1:])}".strip()
    versions = f"numpy {np.__version__}, Python {platform.python_version()}, {platform.machine()}"
    lines += ["", f"Medians of {args.repeat}, one thread. Made by `{command}`: {versions}, {git_hash()}.", ""]
    write_text(args.out, "\n".join(lines))
    print("\n".join(lines))
    return 0


def usual_cases(rows: int, chance: random.Random) -> list[Case]:
    """What results of three columns look like."""
    text = [(f"name {chance.randrange(rows)}", f"city {chance.randrange(200)}", f"code {i}") for i in range(rows)]
    integers = [(chance.randrange(100), chance.randrange(1_000_000), i) for i in range(rows)]
    floats = [(x := chance.uniform(1, 1e6), x * (1 + chance.uniform(-3e-6, 3e-6)), chance.random()) for _ in range(rows)]
    mixed = [(f"name {i % 500}", chance.randrange(50), chance.uniform(1, 1e4)) for i in range(rows)]
    ranked = sorted((chance.randrange(300), f"name {i}", chance.random()) for i in range(rows))
    retied = sorted(ranked, key=lambda row: (row[0], chance.random()))
    return [
        Case("text, the same", table(text), table(list(text))),
        Case("text, shuffled", table(text), shuffled(text, chance)),
        Case("text, shuffled, one cell differs", table(text), shuffled([*text[:-1], (*text[-1][:-1], "?")], chance), equal=False),
        Case("integers, shuffled", table(integers), shuffled(integers, chance)),
        Case("floats with near-equal columns and noise, shuffled", table(floats), shuffled(noisy(floats, chance), chance)),
        Case("text, integers and noisy floats, shuffled", table(mixed), shuffled(noisy(mixed, chance), chance)),
        Case("in order, with ties", table(ranked), table(noisy(retied, chance)), order=(0,)),
    ]


def hard_cases(rows: int, chance: random.Random) -> list[Case]:
    """What a search could get lost in."""

    def cloud(width: int) -> list[Row]:
        return [tuple(chance.uniform(1, 1.0001) for _ in range(width)) for _ in range(rows)]

    two, three, bits = cloud(2), cloud(3), [tuple(i * 2654435761 >> bit & 1 for bit in range(12)) for i in range(rows)]
    twins = [(chance.random(),) * 20 for _ in range(rows)]
    one_more = [(5.0, 5.0, 5.0), *noisy(three[1:], chance)]
    return [
        Case("all rows equal", table([(1.5, 2, "a")] * rows), table([("a", 1.5, 2)] * rows)),
        Case("20 equal columns", table(twins), shuffled(twins, chance)),
        Case("20 near-equal columns", table(noisy(twins, chance, 1e-7)), shuffled(noisy(twins, chance, 1e-7), chance)),
        Case("12 columns of zeros and ones", table(bits), shuffled(bits, chance)),
        Case("all floats within 100 tolerances, two columns", table(two), shuffled(noisy(two, chance), chance)),
        Case("all floats within 100 tolerances, three columns", table(three), shuffled(noisy(three, chance), chance)),
        Case("as above, one row differs", table(three), shuffled(one_more, chance), equal=False),
        Case("as above, all moved by 1.5 tolerances", table(three), table([tuple(x + 1.5e-6 for x in row) for row in three]), equal=False),
    ]


def table(rows: Sequence[Row]) -> ResultTable:
    return ResultTable(tuple(f"c{i}" for i in range(len(rows[0]))), tuple(rows))


def shuffled(rows: Sequence[Row], chance: random.Random) -> ResultTable:
    """The rows in another order, their columns too."""
    columns = chance.sample(range(len(rows[0])), len(rows[0]))
    return table([tuple(row[i] for i in columns) for row in chance.sample(rows, len(rows))])


def noisy(rows: Sequence[Row], chance: random.Random, size: float = 4e-7) -> list[Row]:
    """The rows with floats moved a little."""
    return [tuple(c * (1 + chance.uniform(-size, size)) if isinstance(c, float) else c for c in row) for row in rows]


def check(cases: Sequence[Case], judge: Callable[..., bool]) -> None:
    """Stop when a verdict is wrong, also when gold and prediction change sides."""
    for case in cases:
        if not (judge(case.gold, case.predicted, case.order) is judge(case.predicted, case.gold, case.order) is case.equal):
            raise SystemExit(f"wrong verdict of {judge.__module__}.{judge.__name__} on {case.name!r}")


def measure(case: Case, judges: Sequence[Callable[..., bool]], repeat: int) -> list[tuple[float, float]]:
    """Milliseconds of wall and processor time of each, in turns."""
    found: list[list[tuple[float, float]]] = [[] for _ in judges]
    for _ in range(repeat):
        for times, judge in zip(found, judges, strict=True):
            wall, processor = time.perf_counter(), time.process_time()
            judge(case.gold, case.predicted, case.order)
            times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)))
    return [(median(wall for wall, _ in times), median(processor for _, processor in times)) for times in found]


def plain(gold: ResultTable, predicted: ResultTable, order: Sequence[int] = ()) -> bool:
    """The comparator without arrays: right in the usual cases, wrong where the first close row is the wrong partner."""
    if len(gold.columns) != len(predicted.columns) or len(gold.rows) != len(predicted.rows):
        return False
    a, b = (list(zip(*t.rows, strict=True)) for t in (gold, predicted))
    alike = [[_same_column(x, y) for y in b] for x in a]
    for places in permutations(range(len(a))):
        if all(alike[i][j] for i, j in enumerate(places)):
            turned = [tuple(row[j] for j in places) for row in predicted.rows]
            if _same_rows(gold.rows, turned, order):
                return True
    return False


def _same_column(a: Sequence[Any], b: Sequence[Any]) -> bool:
    if isinstance(a[0], float) and isinstance(b[0], float):
        return all(map(_close, sorted(a), sorted(b)))
    return Counter(a) == Counter(b)


def _same_rows(a: Sequence[Row], b: Sequence[Row], order: Sequence[int]) -> bool:
    if not order:
        return _same_bag(a, b)
    at = 0
    for _, tied in groupby(a, key=lambda row: [row[key] for key in order]):
        block = list(tied)
        if not _same_bag(block, b[at : at + len(block)]):
            return False
        at += len(block)
    return True


def _same_bag(a: Sequence[Row], b: Sequence[Row]) -> bool:
    groups_a, groups_b = _groups(a), _groups(b)
    if groups_a.keys() != groups_b.keys():
        return False
    return all(_taken(rows, groups_b[key]) for key, rows in groups_a.items())


def _taken(rows: list[Row], others: list[Row]) -> bool:
    """Whether each row, in order, finds a close one that is left: the first that fits."""
    if len(rows) != len(others):
        return False
    left = sorted(others)
    for row in sorted(rows):
        first = row[:1]
        at = next(
            (i for i, other in enumerate(left) if all(map(_close, row, other)) or (other[:1] > first and not _close(*other[:1], *first))),
            None,
        )
        if at is None or not all(map(_close, row, left[at])):
            return False
        del left[at]
    return True


def _groups(rows: Sequence[Row]) -> dict[Row, list[Row]]:
    """The floats of the rows, by the other cells."""
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(c for c in row if not isinstance(c, float))].append(tuple(c for c in row if isinstance(c, float)))
    return groups


def _close(a: float, b: float) -> bool:
    return isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)


if __name__ == "__main__":
    sys.exit(main())
