"""`microgt profile`: a look at data before they are used."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from microgt.cli.inputs import DB_HELP

EPILOG = """\
Says what is in the data, what to beware of, and which analyses they can and cannot bear.

examples:
  microgt profile orders.csv
  microgt profile shop.duckdb --html shop.html
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="PATH", help=DB_HELP)
    parser.add_argument("--html", metavar="PAGE", help="also write a page for a browser")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Profile and print."""
    from microgt.profile import profile

    found = profile(args.db)
    if args.html:
        from microgt.files import write_text
        from microgt.profile.page import page

        print(f"page: {write_text(Path(args.html), page(found))}", file=sys.stderr)
    if args.json:
        print(json.dumps(_finite(found.to_json()), ensure_ascii=False))
    else:
        from rich.console import Console

        from microgt.profile.terminal import shown

        Console(highlight=False).print(shown(found))
    return 0


def _finite(value: Any) -> Any:
    """JSON has no NaN."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
