#!/usr/bin/env python
"""How much SQL and how many charts have a spec: import each gold of Spider and nvBench, compile the spec, run both, compare.

    MICROGT_BENCHMARKS=DIR python scripts/import_coverage.py [--splits spider-dev,nvbench] [--every N] [--report FILE] [--show REASON]

Prints a line for each split and writes the reasons for the others to the report.
Same: equal bags of rows, columns in the same order; of a chart also mark, x, y, colour and the unit of time.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from import_golds import Connection, Databases, Gold, NvBench, Spider, bag

from microgt.commit import git_hash
from microgt.errors import EngineError, SpecError
from microgt.evaluation.order import ordering
from microgt.evaluation.ordered import compare_ordered
from microgt.files import write_text
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec

SPLITS = ("spider-train", "spider-dev", "nvbench")
REPORT = Path(__file__).resolve().parent.parent / "reports" / "import.md"
COMMAND = "python scripts/import_coverage.py"
SAME, TIE = "same", "another choice among rows that tie at the cut"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one gold. `reason`: `same`, an error code, `different`, `chart`, `engine`, ..."""

    id: str
    reason: str
    gold: str
    sql: str = ""
    message: str = ""


def judged(gold: Gold, schema: Schema, connection: Connection) -> Verdict:
    """The verdict on one gold."""
    sql = ""
    try:
        spec = gold.read(schema)
        for error in check(spec, schema):
            raise error
        sql = compile_spec(spec, schema)
        wanted, given = connection.run(gold.sql), connection.run(sql)
    except SpecError as error:
        return Verdict(gold.id, error.code, gold.sql, sql, str(error))
    except EngineError as error:
        return Verdict(gold.id, "engine", gold.sql, sql, str(error))
    if not gold.is_shown_by(spec, schema):
        return Verdict(gold.id, "chart", gold.sql, sql)
    if len(wanted.columns) == len(given.columns) and bag(wanted) == bag(given):
        return Verdict(gold.id, SAME, gold.sql, sql)
    tie = compare_ordered(wanted, given, ordering(gold.sql), connection).tie_cut
    return Verdict(gold.id, TIE if tie else "different", gold.sql, sql)


def verdicts(split: Spider | NvBench, every: int = 1) -> Iterator[Verdict]:
    """Of one in `every` golds of a split. Many questions share their gold."""
    known: dict[Gold, Verdict] = {}
    for gold in islice(split.golds(), None, None, every):
        alike = replace(gold, id="")
        if alike not in known:
            known[alike] = judged(gold, *split.databases.open(gold.db))
        yield replace(known[alike], id=gold.id)


# ------------------------------------------------------------------ report


def markdown(found: Mapping[str, Sequence[Verdict]], left_out: Mapping[str, Counter[str]]) -> str:
    """The report: how it was made, shares, then reasons."""
    lines = ["# SQL that has a spec", "", (__doc__ or "").strip().splitlines()[-1], "", _made_by(), ""]
    lines += ["| split | same answer | golds | share |", "|---|---:|---:|---:|"]
    for split, all_of in found.items():
        same = sum(v.reason == SAME for v in all_of)
        lines.append(f"| {split} | {same} | {len(all_of)} | {same / len(all_of):.1%} |")
    reasons = {split: Counter(v.reason for v in all_of if v.reason != SAME) for split, all_of in found.items()}
    lines += ["", "## The others", "", *_table(reasons)]
    lines += ["", "## Not looked at, for want of a gold answer on DuckDB", "", *_table(left_out)]
    return "\n".join(lines) + "\n"


def _table(counts: Mapping[str, Counter[str]]) -> list[str]:
    """A row for each reason, the most frequent first."""
    lines = [f"| reason | {' | '.join(counts)} |", f"|---|{'---:|' * len(counts)}"]
    whole = sum(counts.values(), Counter())
    return lines + [f"| {reason} | {' | '.join(str(c[reason]) for c in counts.values())} |" for reason, _ in whole.most_common()]


def _made_by() -> str:
    """The command, the versions and the commit."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("microgt", "duckdb", "sqlglot"))
    return f"Made by `{COMMAND}` at {git_hash() or 'no commit'} with Python {platform.python_version()}, {packages}."


def _print(split: str, all_of: Sequence[Verdict], show: str | None) -> None:
    same = sum(v.reason == SAME for v in all_of)
    print(f"{split} {same / len(all_of):.1%} ({same}/{len(all_of)})", flush=True)
    for v in all_of:
        if v.reason == show:
            print(f"\n{v.id}\n{v.gold}\n{v.message}\n{v.sql}".rstrip())


# ------------------------------------------------------------------ main


def main() -> int:
    """Measure, print, write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splits", default=",".join(SPLITS), help=f"some of {','.join(SPLITS)} (default: all)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one gold in N")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where the figures go (all golds: reports/import.md; else nowhere)")
    parser.add_argument("--show", metavar="REASON", help="print the golds that failed for this reason")
    args = parser.parse_args()
    names = args.splits.split(",")
    if unknown := set(names) - set(SPLITS):
        parser.error(f"no split {', '.join(sorted(unknown))}; choices: {', '.join(SPLITS)}")
    if not (root := os.environ.get("MICROGT_BENCHMARKS")):
        parser.error("set MICROGT_BENCHMARKS to the folder that holds spider/ and nvbench/")
    if not (Path(root) / "spider" / "tables.json").is_file():
        parser.error(f"no spider/tables.json in {root}, the folder that MICROGT_BENCHMARKS names")
    databases = Databases(Path(root))
    splits = (
        Spider("spider-train", ("train", "train_others"), databases),
        Spider("spider-dev", ("dev",), databases),
        NvBench("nvbench", databases),
    )
    chosen = [split for split in splits if split.name in names]
    found = {}
    for split in chosen:
        found[split.name] = list(verdicts(split, args.every))
        _print(split.name, found[split.name], args.show)
    report = args.report or (REPORT if len(chosen) == len(splits) and args.every == 1 else None)
    if report:
        write_text(report, markdown(found, {split.name: split.left_out for split in chosen}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
