"""`microgt search`: draw configurations, keep what answers best."""

from __future__ import annotations

import argparse

from microgt.cli.inputs import add_overrides, overrides_of

EPILOG = """\
overrides as for `microgt train`; a key is drawn from a list or an interval:
  ablation=none,gelu   size.dropout='interval(0, 0.3)'   size.encoder_layers='int(interval(1, 4))'
  training.lr='tag(log, interval(1e-4, 3e-3))'

Trials are jobs of runs/NAME (default search-DATA): microgt sweep status and report read it, and the same command goes on. What counts is
the accuracy on the split `evaluate`. With training.validate_every=N a trial that is behind the median of the others is stopped early.

example:
  microgt search model=nano training.examples=20000 training.validate_every=100 training.lr='tag(log, interval(1e-4, 3e-3))' --trials 20
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides, and the study's own options."""
    parser.epilog = EPILOG
    add_overrides(parser)
    parser.add_argument("--trials", type=int, default=20, metavar="N", help="how many in all (20)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of what is drawn (0); each run has its own: seed=N")
    parser.add_argument("--warmup", type=int, default=0, metavar="STEPS", help="stop no trial before (0)")


def run(args: argparse.Namespace) -> int:
    """Do the trials; print what became of them, best last."""
    from microgt.cli.sweep import print_status
    from microgt.experiments.search import Search, search

    return print_status(search(overrides_of(args), Search(args.trials, args.seed, args.warmup)))
