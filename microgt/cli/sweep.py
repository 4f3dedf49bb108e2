"""`microgt sweep`: look at a sweep that `microgt train -m` began."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EPILOG = """\
  status DIR    what is done, runs, failed and why, remains (exit status 1 unless all is done)
  report DIR    the arms beside the baseline: markdown, pictures and a page, with what you say of them in DIR/learned.md (plain paragraphs)

examples:
  microgt train -m ablation=none,no_relations seed=0,1,2 model=nano name=first
  microgt sweep status runs/first
  microgt sweep report runs/first --out reports/first.md
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which folder."""
    parser.epilog = EPILOG
    parser.add_argument("action", choices=("status", "report"), help="what to do")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a sweep's folder, runs/NAME")
    parser.add_argument("--baseline", metavar="ARM", help="report: the arm that the others are compared with (none, else the first)")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="report: where to (DIR/report.md); the page and pictures go beside it")


def run(args: argparse.Namespace) -> int:
    """Print the table or write the report."""
    return print_status(args.folder) if args.action == "status" else _report(args)


def print_status(folder: Path) -> int:
    """The table of a sweep's jobs; 1 unless all are done."""
    from rich.console import Console

    from microgt.experiments.status import all_done, status_of, status_table, summary

    found = status_of(folder)
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(status_table(found))
    console.print(summary(found))
    return 0 if all_done(found) else 1


def _report(args: argparse.Namespace) -> int:
    import shlex

    from microgt.errors import ConfigError, DataError
    from microgt.experiments.report.arms import compare_arms
    from microgt.experiments.report.write import write_arms_report
    from microgt.experiments.status import all_done, status_of, summary

    out = args.out or args.folder / "report.md"
    if out.suffix != ".md":
        raise ConfigError(f"--out {out}: the name must end in .md")
    found = status_of(args.folder)
    results = [job.result for job in found if job.result]
    if not results:
        raise DataError(f"nothing to report: {summary(found)}; see microgt sweep status {args.folder}")
    options = [*(["--baseline", args.baseline] if args.baseline else []), *(["--out", str(args.out)] if args.out else [])]
    said = args.folder / "learned.md"
    files = write_arms_report(
        compare_arms(results, args.baseline),
        out,
        title=f"Sweep {args.folder.name}",
        command=shlex.join(["microgt", "sweep", "report", str(args.folder), *options]),
        remains="" if all_done(found) else f"Not all is done: {summary(found)}.",
        learned=said.read_text(encoding="utf-8") if said.is_file() else "",
    )
    print(*files, sep="\n")
    return 0
