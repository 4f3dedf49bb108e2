"""`microgt bench`: how long things take here."""

from __future__ import annotations

import argparse
from pathlib import Path

from microgt.errors import ConfigError

EPILOG = """\
  ask C ...     a question to its executed answer, stage by stage, on one thread: for each checkpoint or export, and each beam. Processor
                time of all processes; how often faster than the first row. Questions of the embedded databases.
  batch C ...   questions a second when many come at once: greedy, in batches of so many; the whole list once before its time is taken
  wide C ...    the same as `ask` over generated schemas of so many columns, with the memory that the process has taken and the share of the
                questions whose columns the linker has kept; nothing is executed
  attention     attention with relations beside what it should take: on a GPU or on paper, and on this CPU

examples:
  microgt bench ask runs/demo/checkpoint exported --beams 1 5
  microgt bench batch exported --questions 1000 --batches 1 64
  microgt bench wide exported --columns 10 100 1000 10000 --beams 1
  microgt bench attention --shapes 64,8,256,64 64,8,1024,64 --values
  microgt bench attention --bandwidth 2.0 --matmul 312      # an A100
"""
DTYPES = ("float32", "float16", "bfloat16")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is measured, and on what."""
    parser.epilog = EPILOG
    parser.add_argument("what", choices=("ask", "batch", "wide", "attention"), help="what is timed")
    parser.add_argument("checkpoints", nargs="*", type=Path, metavar="C", help="all but attention: checkpoints, or exports of any form")
    parser.add_argument("--beams", nargs="+", type=int, default=[1, 5], metavar="N", help="ask, wide: 1 is greedy (default: 1 5)")
    parser.add_argument("--questions", type=int, default=60, metavar="N", help="of the split, from all over (default: 60)")
    parser.add_argument("--split", default="validation", help="of the embedded questions (default: validation)")
    parser.add_argument("--batches", nargs="+", type=int, default=[1, 16, 64], metavar="N", help="batch: of so many (default: 1 16 64)")
    parser.add_argument("--columns", nargs="+", type=int, default=[10, 100, 1000, 10_000], metavar="N", help="wide: of the schemas")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="where to, besides the terminal")
    parser.add_argument("--shapes", nargs="+", metavar="B,H,N,D", help="attention: items, heads, nodes, width of a head")
    parser.add_argument("--dtype", choices=DTYPES, help="attention: default: bfloat16 on a GPU, float32 on a CPU")
    parser.add_argument("--relations", type=int, default=64, metavar="R", help="attention: number of relations (default: 64)")
    parser.add_argument("--values", action="store_true", help="attention: relation values too")
    parser.add_argument("--repeats", type=int, default=10, metavar="N", help="attention: of which the median counts (default: 10)")
    parser.add_argument("--bandwidth", type=float, metavar="TB/S", help="attention: of the GPU's memory (default: 3.35, H100 SXM)")
    parser.add_argument("--matmul", type=float, metavar="TFLOP/S", help="attention: of the GPU in the dtype (default: 989, H100 SXM)")


def run(args: argparse.Namespace) -> int:
    """Print a table for each of what is measured."""
    if args.what == "attention":
        from microgt.cli import bench_attention

        return bench_attention.run(args)
    from microgt.cli import bench_ask

    if not args.checkpoints:
        raise ConfigError(f"microgt bench {args.what} takes one checkpoint or more")
    if min(*args.beams, *args.batches, *args.columns, args.questions, 1) < 1:
        raise ConfigError("--beams, --batches, --columns and --questions must be at least 1")
    return bench_ask.run(args)
