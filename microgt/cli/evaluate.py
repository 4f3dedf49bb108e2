"""`microgt evaluate`: run a checkpoint's specs against gold and say how many answers are right."""

from __future__ import annotations

import argparse

EPILOG = """\
keys (defaults in configs/evaluate.yaml):
  checkpoint=DIR              a checkpoint directory or a Lightning .ckpt; default: as for `microgt ask`
  data=demo|spider|folder     what to ask; data=folder needs data.path=DIR
  split=NAME                  default: the data's own test split
  beam=N                      the first of N readings that the checker accepts (5); 1: greedy
  limit=N                     only the first N questions
  out=FILE.json               all items and figures
  report=DIR                  markdown, JSON and a picture

  --fail-under X              exit status 1 when accuracy is below X (0 to 1); also fail_under=X

example:
  microgt evaluate data=folder data.path=questions --fail-under 0.7 out=result.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides, and the bar."""
    parser.epilog = EPILOG
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="overrides of the configuration")
    parser.add_argument("--fail-under", type=float, metavar="X", help="exit status 1 when accuracy is below X (0 to 1)")


def run(args: argparse.Namespace) -> int:
    """Compose, predict, execute, print the table."""
    from microgt.config import compose
    from microgt.product.judge import evaluate

    overrides = args.overrides + ([f"fail_under={args.fail_under}"] if args.fail_under is not None else [])
    return evaluate(compose("evaluate", overrides))
