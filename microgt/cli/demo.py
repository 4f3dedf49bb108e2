"""`microgt demo`: everything once, on embedded data."""

from __future__ import annotations

import argparse
from pathlib import Path

from microgt.cli.inputs import add_overrides, overrides_of

EPILOG = """\
Overrides are those of `microgt train`, for example training.minutes=2 or data.source.per_database=500.
The checkpoint goes to runs/demo, the report (markdown, JSON, pictures) to reports/demo.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides, and where the report goes."""
    parser.epilog = EPILOG
    add_overrides(parser)
    parser.add_argument("--report", metavar="DIR", default="reports/demo", help="where the report goes (default: reports/demo)")


def run(args: argparse.Namespace) -> int:
    """Do it; the report's path is the last line."""
    from microgt.config import compose
    from microgt.product.demo import demonstrate, plain_console

    print(demonstrate(compose("demo", overrides_of(args)), Path(args.report), plain_console()))
    return 0
