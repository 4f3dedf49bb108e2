"""What the synthetic questions over Spider's train databases are like, beside those that people wrote there. Writes a markdown page.

usage: python scripts/report_synthetic.py [--per-database N] [--seed N] [--processes N] [--golds N] [--out reports/synthetic.md]

Makes the questions anew, so that the time is that of making them. Needs $MICROGT_BENCHMARKS. Times depend on the machine and on what else
it does. Shapes are queries without their tables, columns and values; only golds of Spider's own train questions are compared, not
train_others.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from microgt.commit import git_hash
from microgt.data.example import Example
from microgt.data.shapes import shape
from microgt.data.spider import SpiderSource
from microgt.data.synthetic import SyntheticSource
from microgt.errors import MicrogtError, SpecError
from microgt.evaluation.difficulty import Difficulty, difficulty_of
from microgt.files import write_text
from microgt.spec.importer import import_sql
from microgt.spec.types import Spec

_SHOWN = 45


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--per-database", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--golds", type=int, default=2000, help="of people's questions, drawn at random")
    parser.add_argument("--out", type=Path, default=Path("reports/synthetic.md"))
    args = parser.parse_args()
    source = SyntheticSource(per_database=args.per_database, seed=args.seed, processes=args.processes)
    (seconds, cpu), made = timed(source)
    golds = read_golds(args.golds)
    page = "\n".join([*head(args, source, seconds, cpu, made), *shapes(golds, made), *difficulties(golds, made), *samples(made)])
    write_text(args.out, page + "\n")
    print(page)
    return 0


def timed(source: SyntheticSource) -> tuple[tuple[float, float], list[Example]]:
    """Seconds to make all questions, on the clock and of all processors; the questions. Databases are converted and read before."""
    for db in source.databases("train"):
        source.file(db).unlink(missing_ok=True)
    begin, used = time.perf_counter(), _cpu()
    made = source.examples("train")
    return (time.perf_counter() - begin, _cpu() - used), made


def _cpu() -> float:
    """Seconds of processors that processes started from here have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def read_golds(count: int) -> list[Spec]:
    """Specs of people's questions."""
    spider, found = SpiderSource(), []
    examples = [e for e in spider.examples("train") if e.id.startswith("spider_train_") and "others" not in e.id]
    for example in random.Random(0).sample(examples, min(count, len(examples))):
        try:
            found.append(import_sql(example.sql or "", spider.schema(example.db)))
        except SpecError:
            continue
    return found


def head(args: argparse.Namespace, source: SyntheticSource, seconds: float, cpu: float, made: list[Example]) -> list[str]:
    load, options = os.getloadavg()[0], " ".join(sys.argv[1:])
    return [
        "# Synthetic questions\n",
        f"`python scripts/report_synthetic.py {options}`, microgt {git_hash()}, {os.cpu_count()} CPUs, load {load:.1f} at the end.\n",
        f"{len(made)} questions over {len(source.databases('train'))} databases by {source.processes} processes in {seconds:.0f} s,",
        "of which each "
        f"worked {cpu / source.processes:.0f} s: {len(made) / cpu:.0f} questions a second of a processor, 100,000 in "
        f"{100_000 * cpu / len(made) / source.processes / 60:.0f} minutes where nothing else runs.",
        f"Each is imported, checked, compiled and run, with an answer; up to {args.per_database} a database.\n",
    ]


def shapes(golds: list[Spec], made: list[Example]) -> list[str]:
    """Percent of each shape among people's golds and among the made ones."""
    people, ours = Counter(map(shape, golds)), Counter(shape(e.spec) for e in made if e.spec)
    n, m = sum(people.values()), sum(ours.values())
    both = 100 * sum(min(people[s] / n, ours[s] / m) for s in people)
    halves = [Counter(map(shape, part)) for part in (golds[::2], golds[1::2])]
    most = 100 * sum(min(halves[0][s] / len(golds[::2]), halves[1][s] / len(golds[1::2])) for s in halves[0])
    rows = sorted(people | ours, key=lambda s: -(people[s] / n + ours[s] / m))[:_SHOWN]
    return [
        f"## Shapes\n\n{n} golds have {len(people)} shapes, the made ones {len(ours)}; they overlap by {both:.0f}%, two halves of",
        f"the golds by {most:.0f}%.\n",
        "| people % | made % | shape |\n|---:|---:|---|",
        *(f"| {100 * people[s] / n:.1f} | {100 * ours[s] / m:.1f} | {s.replace('|', '·')} |" for s in rows),
        "",
    ]


def difficulties(golds: list[Spec], made: list[Example]) -> list[str]:
    people, ours = Counter(difficulty_of(None, g) for g in golds), Counter(difficulty_of(None, e.spec) for e in made)
    rows = [f"| {d.value} | {100 * people[d] / len(golds):.0f} | {100 * ours[d] / len(made):.0f} |" for d in Difficulty]
    return ["## Difficulty\n", "| | people % | made % |\n|---|---:|---:|", *rows, ""]


def samples(made: list[Example]) -> list[str]:
    drawn = random.Random(1).sample(made, min(25, len(made)))
    return ["## Some of them\n", *(f"- {e.question.replace('*', '')} ({e.db})" for e in drawn)]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MicrogtError as error:
        sys.exit(f"error: {error}")
