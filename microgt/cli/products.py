"""`microgt products`: the products there are."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from microgt.products.place import add_place, store_of
from microgt.products.uses import DOWN, EDIT, UP, VIEW

EPILOG = """\
score: what a product is worth by the value block of its manifest (`microgt deploy NAME --value score=3`, or estimate, confidence and
effort_days). views, edits, thumbs: how often it was looked at, was given another spec, and was judged well and badly on the page. minutes:
from the question until it was first deployed.
"""
_COLUMNS = ("name", "state", "version", "owner", "score", "rows", "views", "edits", "thumbs", "minutes", "made", "page")
_RIGHT = ("version", "score", "rows", "views", "edits", "thumbs", "minutes")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("name", metavar="NAME", nargs="?", help="show what has happened to this one")
    parser.add_argument("--by", choices=("name", "value"), default="name", help="in which order")
    parser.add_argument("--retire", action="store_true", help="deploy NAME no more; its versions are kept")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_place(parser)


def run(args: argparse.Namespace) -> int:
    """List them, or one with its history."""
    from microgt.audit.log import user
    from microgt.errors import ConfigError
    from microgt.products.told import by_value, told, told_of

    store = store_of(args)
    if args.retire:
        if not args.name:
            raise ConfigError("--retire needs the NAME of a product")
        store.retire(args.name, user())
    found, faults = ([told(store, args.name)], []) if args.name else told_of(store, store.names())
    for fault in faults:
        print(fault, file=sys.stderr)
    if args.by == "value":
        found = by_value(found)
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print(found, history=bool(args.name))
    return 0


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _print(found: list[dict[str, Any]], history: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    grid = Table(header_style="bold", box=None, pad_edge=False)
    for name in _COLUMNS:
        grid.add_column(name, overflow="fold", justify="right" if name in _RIGHT else "left")
    for product in found:
        uses = product["uses"]
        cells = (
            product["name"],
            product["state"],
            product["version"],
            product["owner"],
            _number(product["score"], ".3g"),
            _number(product["rows"], ","),
            uses[VIEW],
            uses[EDIT],
            f"+{uses[UP]} -{uses[DOWN]}",
            _number(product["minutes"], ".1f"),
            product["made"],
            product["page"] or "",
        )
        grid.add_row(*(Text(str(cell)) for cell in cells))
    console.print(grid)
    for event in found[0]["events"] if history else ():
        console.print(Text(event, style="dim"))
