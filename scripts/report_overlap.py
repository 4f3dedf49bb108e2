"""What the questions that a configuration trains on share with those that it is judged by. Writes a markdown page; the exit status is 1
when they share anything.

usage: MICROGT_BENCHMARKS=DIR python scripts/report_overlap.py [OVERRIDE ...] [--out reports/overlap.md]

Overrides are those of `microgt train`: data=micro_charts. Databases are the same that have one name, or tables and columns of the same
names; questions that have the same words; pairs that have the same schema and the same spec in its one form.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from microgt.build import build
from microgt.commit import git_hash
from microgt.config import compose
from microgt.data.demo.source import DemoSource
from microgt.data.example import Example, Source
from microgt.data.overlap import overlap
from microgt.data.spider import SpiderSource
from microgt.data.text2sql import NAMES, Text2SqlSource
from microgt.errors import MicrogtError
from microgt.files import write_text
from microgt.progress import progress


class Judged(NamedTuple):
    """Questions that judge. embedded: over databases that are trained on, so that only their questions must be others."""

    name: str
    source: Source
    examples: list[Example]
    embedded: bool = False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("overrides", nargs="*", default=["data=micro_charts"])
    parser.add_argument("--out", type=Path, default=Path("reports/overlap.md"))
    args = parser.parse_args()
    try:
        data = compose("train", args.overrides)["data"]
        source: Source = build(data["source"])
        splits = [split for split, share in data["shares"].items() if share]
        sets = list(judged())
        rows = [_row(split, source, sets) for split in progress(splits, "splits", len(splits))]
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    page = "\n".join(_page(args.overrides, sets, rows)) + "\n"
    print(page)
    write_text(args.out, page)
    return int(any(cell != "0" for row in rows for cell in row[2:]))


def judged() -> Iterator[Judged]:
    """Every set that figures are given of."""
    spider, demo = SpiderSource(), DemoSource()
    for split in ("dev", "validation", "reworded"):
        yield Judged(f"Spider {split}", spider, spider.every(split))
    for name in NAMES:
        source = Text2SqlSource(name)
        yield Judged(name, source, [e for split in source.splits for e in source.examples(split)])
    yield Judged("embedded, unseen", demo, demo.examples("unseen"))
    yield Judged("embedded, test", demo, demo.examples("test"), embedded=True)


def _row(split: str, source: Source, sets: list[Judged]) -> list[str]:
    examples = source.examples(split)
    return [split, str(len(examples)), *(_shared(examples, source, one) for one in sets)]


def _shared(examples: list[Example], source: Source, one: Judged) -> str:
    """What there is in both, in a word; 0 when there is nothing."""
    found = overlap(examples, source.schema, one.examples, one.source.schema)
    counts = {"questions": len(found.questions)}
    if not one.embedded:
        counts |= {"databases": len(found.databases), "pairs": len(found.pairs)}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "0"


def _page(overrides: list[str], sets: list[Judged], rows: list[list[str]]) -> Iterator[str]:
    yield from ("# What is trained on and what judges", "")
    command = f"python scripts/report_overlap.py {shlex.join(overrides)}"
    yield from (
        f"Made by `{command}` at {git_hash() or 'no commit'}. Databases, questions and pairs of schema and spec in both; 0: none.",
        "",
    )
    heads = ["trained on", "questions", *(f"{one.name} ({len(one.examples)})" for one in sets)]
    yield f"| {' | '.join(heads)} |"
    yield "|---|" + "--:|" * (len(heads) - 1)
    yield from (f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
