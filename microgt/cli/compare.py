"""`microgt compare`: is one run better than another?"""

from __future__ import annotations

import argparse

EPILOG = """\
A.json and B.json come from `microgt evaluate ... out=FILE.json` on the same questions. Tested is, question by question, whether the second
run is better (exact McNemar test, two-sided, 5%); the interval of the gain draws whole databases again. "detectable" is the smallest gain
that so many questions would show four times out of five.

example:
  microgt compare before.json after.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("first", metavar="A.json", help="results of the first run")
    parser.add_argument("second", metavar="B.json", help="results of the second run")
    parser.add_argument("--common", action="store_true", help="compare the questions in both files instead of refusing others")
    parser.add_argument("--show", type=int, default=10, metavar="N", help="at most N of the answers lost, and of those won (10)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the comparison."""
    from rich.console import Console

    from microgt.evaluation.paired import compare_runs
    from microgt.evaluation.paired_table import comparison_table
    from microgt.evaluation.results import Results

    found = compare_runs(Results.read(args.first), Results.read(args.second), common=args.common)
    if args.json:
        print(found.model_dump_json(indent=1))
    else:
        Console(soft_wrap=True).print(comparison_table(found, args.show))
    return 0
