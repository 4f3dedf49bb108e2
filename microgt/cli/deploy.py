"""`microgt deploy`: keep an answer as a product."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from microgt.cli.inputs import DB_HELP, day, open_db, read_spec_file, read_text
from microgt.errors import ConfigError

if TYPE_CHECKING:
    from microgt.products.deploy import Kept
    from microgt.products.manifest import Described
    from microgt.products.store import Store

STATES = ("draft", "prototype", "deployed")
EPILOG = """\
A product is a folder: each version with its spec, SQL, contract, data (Parquet), chart and page. Without DB and SPEC the spec that is
deployed is run again on its data. Its rows must keep what was promised then: columns, types, no NULLs where there were none, groups that
are not repeated, as many forecasts, and the checks of --checks. Otherwise nothing changes, and the exit status is 1. So too when the same
SPEC is given again; another SPEC must keep the checks of --checks whose columns it has.

examples:
  microgt ask orders.csv "Revenue by month" --spec > revenue.json
  microgt deploy revenue orders.csv revenue.json --owner sales --canvas decision="where to put people" --value estimate=5
  microgt deploy revenue        # again, when orders.csv has changed
  microgt deploy revenue --as prototype && microgt deploy revenue --version 3    # look at version 3 first
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    from microgt.products.place import add_place

    parser.epilog = EPILOG
    parser.add_argument("name", metavar="NAME", help="of the product: small letters, digits, - and _")
    parser.add_argument("db", metavar="DB", nargs="?", help=DB_HELP)
    parser.add_argument("spec", metavar="SPEC", nargs="?", help="a JSON file, or - for standard input")
    parser.add_argument(
        "--as", dest="state", choices=STATES, default="deployed", help="how far it is: a draft is not run, a prototype may fail"
    )
    parser.add_argument("--title", default="", help="of its page; by default the spec in words")
    parser.add_argument("--owner", default="", help="who answers for it")
    parser.add_argument(
        "--access", metavar="WHO", action="append", default=[], help="who may see it; by default as before, at first everyone"
    )
    parser.add_argument("--canvas", metavar="KEY=TEXT", action="append", default=[], help="what it is for: decision, user, action, cadence")
    parser.add_argument("--value", metavar="KEY=X", action="append", default=[], help="driver, estimate, confidence, effort_days, score")
    parser.add_argument("--checks", metavar="FILE", help='JSON, such as [{"check": "between", "column": "sum_amount", "min": 0}]')
    parser.add_argument("--drop-checks", action="store_true", help="hold nothing that was promised before; --checks are new ones")
    parser.add_argument("--version", metavar="N", type=int, help="deploy this prototype as it is kept, and run nothing")
    parser.add_argument("--as-of", metavar="DATE", help="what `last year` counts from; default: the last date in the data")
    add_place(parser)


def run(args: argparse.Namespace) -> int:
    """Make the version and say where it is."""
    from microgt.products.place import store_of
    from microgt.products.store import PAGE

    store = store_of(args)
    kept = _made(args, store) if args.version is None else _promoted(args, store)
    for failed in kept.broken:
        print(f"does not hold: {failed}", file=sys.stderr)
    for check in kept.lost:
        print(f"no longer checked, its columns are gone: {check}", file=sys.stderr)
    if kept.fault:
        print(kept.fault, file=sys.stderr)
    shown = kept.folder / PAGE
    print(f"{args.name} version {kept.number}, {args.state}: {shown if shown.exists() else kept.folder}")
    return 0


def _promoted(args: argparse.Namespace, store: Store) -> Kept:
    from microgt.products.deploy import promote
    from microgt.products.manifest import Described

    if args.db or args.checks or args.as_of or args.drop_checks or args.state != "deployed" or _described(args) != Described():
        raise ConfigError("--version deploys a prototype as it is kept: give only NAME, and --products")
    return promote(store, args.name, args.version)


def _made(args: argparse.Namespace, store: Store) -> Kept:
    from pathlib import Path

    from microgt.products.contract import checks_from
    from microgt.products.deploy import again, deploy
    from microgt.products.make import Plan

    if args.db is None:
        if args.checks or args.as_of:
            raise ConfigError("--checks and --as-of come with DB and SPEC")
        return again(store, args.name, _described(args), args.state, anew=args.drop_checks)
    if args.spec is None:
        raise ConfigError("give DB and SPEC, or neither of them to run the product's own again")
    source = open_db(args.db) and args.db
    checks = checks_from(read_text(args.checks), args.checks) if args.checks else ()
    as_of = day(args.as_of) if args.as_of else None
    plan = Plan(args.name, Path(source), read_spec_file(args.spec), _described(args), checks=checks, as_of=as_of)
    return deploy(store, plan, args.state, anew=args.drop_checks)


def _described(args: argparse.Namespace) -> Described:
    from microgt.products.manifest import CANVAS, VALUE, Described, pairs

    canvas, value = pairs(args.canvas, CANVAS, "--canvas"), pairs(args.value, VALUE, "--value")
    return Described(args.title, args.owner, tuple(args.access), canvas, value)
