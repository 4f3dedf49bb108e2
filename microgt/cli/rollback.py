"""`microgt rollback`: deploy an earlier version of a product again."""

from __future__ import annotations

import argparse

from microgt.audit.log import user
from microgt.products.place import add_place, store_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.add_argument("name", metavar="NAME", help="of the product")
    parser.add_argument("--to", metavar="N", type=int, help="the version; default: the one deployed before")
    add_place(parser)


def run(args: argparse.Namespace) -> int:
    """Change which version is deployed."""
    store = store_of(args)
    number = store.rollback(args.name, args.to, user())
    print(f"{args.name} version {number}, deployed: {store.version(args.name, number) / 'index.html'}")
    return 0
