#!/usr/bin/env python
"""How long a spec takes to become SQL, and how much of that is sqlglot's own. Writes a markdown table.

usage: [MICROGT_BENCHMARKS=DIR] python scripts/bench_compile.py [FOLDER ...] [--rounds N] [--report FILE]

FOLDER: a folder with database.sql and specs (default: those in tests/fixtures). With MICROGT_BENCHMARKS also the golds of Spider dev
that have a spec. Each spec is checked for structure, built as a sqlglot tree and written as SQL, each time from the start, N times after a
first time that warms everything; its time is the median of these: processor time of one thread, which depends on the machine.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import platform
import pstats
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np
from import_golds import Databases, Spider

import microgt
from microgt.commit import git_hash
from microgt.errors import MicrogtError, SpecError
from microgt.files import write_text
from microgt.schema.types import ForeignKey, Schema
from microgt.spec import check, compile_spec, read_spec
from microgt.spec.compiler import to_sqlglot
from microgt.spec.dialects import DIALECTS, write
from microgt.spec.types import Spec

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
REPORT = ROOT / "reports" / "compile_time.md"
_PACKAGES = {"sqlglot": f"{os.sep}sqlglot{os.sep}", "microgt": str(Path(microgt.__file__).parent)}

_NOTE = (
    "Milliseconds of processor time, one thread. Text: sqlglot's generator and, for other dialects, the rewriting of the tree. The last",
    "three columns: in whose functions the time is spent, as a profiler sees it, which makes small calls look longer. Refused specs are",
    "left out.",
)
_HEAD = (
    "| specs | number | median ms | 90% under ms | of that text, median ms | sqlglot | microgt | others |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
)


@dataclass(frozen=True, slots=True)
class Job:
    """A spec to compile, which is known to compile."""

    spec: Spec
    schema: Schema
    dialect: str = "duckdb"

    def run(self) -> tuple[float, float]:
        """Milliseconds for all of it, and for the last part of it: from the tree to text."""
        start = time.thread_time()
        tree = to_sqlglot(self.spec, self.schema)
        built = time.thread_time()
        write(tree, self.dialect)
        end = time.thread_time()
        return 1000 * (end - start), 1000 * (end - built)


# ------------------------------------------------------------------ specs


def fixtures(folder: Path) -> Iterator[Job]:
    """The specs under a folder, over its database.sql; keys.json: keys that the database does not declare. Refused ones are left out."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"{folder.name}.duckdb"
        with duckdb.connect(path) as connection:
            connection.execute((folder / "database.sql").read_text(encoding="utf-8"))
        schema = Schema.from_duckdb(path)
    keys = folder / "keys.json"
    if keys.exists():
        declared = json.loads(keys.read_text(encoding="utf-8")).items()
        schema = replace(schema, keys=tuple(ForeignKey(column, target) for column, target in declared))
    for path in sorted(folder.rglob("*spec.json")):
        yield from compilable(Job(read_spec(path.read_text(encoding="utf-8")), schema))


def spider_dev(root: Path) -> Iterator[Job]:
    """The golds of Spider dev that have a spec."""
    databases = Databases(root)
    for gold in Spider("spider-dev", ("dev",), databases).golds():
        schema, _ = databases.open(gold.db)
        with suppress(SpecError):
            yield from compilable(Job(gold.read(schema), schema))


def compilable(job: Job) -> Iterator[Job]:
    """The job, unless its spec is refused."""
    if not check(job.spec, job.schema):
        with suppress(SpecError):
            compile_spec(job.spec, job.schema, job.dialect)
            yield job


# ------------------------------------------------------------------ figures


def figures(name: str, jobs: Sequence[Job], rounds: int) -> str:
    """A row of the table."""
    times = np.array([np.median([job.run() for _ in range(rounds)], axis=0) for job in jobs])
    shares = own_time(jobs)
    total, text = times[:, 0], times[:, 1]
    milliseconds = (np.median(total), np.quantile(total, 0.9), np.median(text))
    cells = [name, str(len(jobs)), *(f"{ms:.2f}" for ms in milliseconds), *(f"{shares[package]:.0%}" for package in (*_PACKAGES, "others"))]
    return f"| {' | '.join(cells)} |"


def own_time(jobs: Iterable[Job]) -> dict[str, float]:
    """The part of the time spent in each package's own functions, and in builtins that these call."""
    profile = cProfile.Profile()
    profile.enable()
    for job in jobs:
        job.run()
    profile.disable()
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file == "~":
            for (caller, _, _), (_, _, part, _) in callers.items():
                spent[package_of(caller)] += part
        else:
            spent[package_of(file)] += own
    return {package: spent[package] / spent.total() for package in (*_PACKAGES, "others")}


def package_of(file: str) -> str:
    """sqlglot, microgt or others."""
    return next((package for package, part in _PACKAGES.items() if part in file), "others")


# ------------------------------------------------------------------ main


def main() -> int:
    """Measure, print, write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--report", type=Path, default=REPORT, metavar="FILE")
    args = parser.parse_args()
    for folder in args.folders:
        if not (folder / "database.sql").is_file():
            parser.error(f"no database.sql in {folder}")
    try:
        text = report(args.folders, args.rounds, os.environ.get("MICROGT_BENCHMARKS"))
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print(text)
    print(write_text(args.report, text))
    return 0


def report(folders: Sequence[Path], rounds: int, benchmarks: str | None) -> str:
    """The report as markdown."""
    chosen = folders or sorted(path.parent for path in FIXTURES.glob("**/database.sql"))
    jobs = [job for folder in chosen for job in fixtures(folder)]
    others = [job for dialect in DIALECTS[1:] for job in jobs for job in compilable(replace(job, dialect=dialect))]
    rows = [figures("fixtures, to DuckDB", jobs, rounds), figures(f"fixtures, to the {len(DIALECTS) - 1} others", others, rounds)]
    if benchmarks:
        rows.append(figures("Spider dev, to DuckDB", list(spider_dev(Path(benchmarks))), rounds))
    packages = ", ".join(f"{name} {version(name)}" for name in ("microgt", "sqlglot", "pydantic"))
    arguments = " ".join(map(str, [*folders, *([f"--rounds {rounds}"] if rounds != 3 else [])]))
    command = f"{'MICROGT_BENCHMARKS=DIR ' if benchmarks else ''}python scripts/bench_compile.py {arguments}".strip()
    made = f"Python {platform.python_version()}, {packages}, {platform.machine()}, {git_hash() or 'no checkout'}"
    return "\n".join(["# From a spec to SQL", "", *_NOTE, "", *_HEAD, *rows, "", f"Made by `{command}`: {made}."]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
