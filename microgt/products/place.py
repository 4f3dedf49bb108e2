"""The folder of products that the verbs use."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from microgt.products.store import Store

VARIABLE = "MICROGT_PRODUCTS"


def add_place(parser: argparse.ArgumentParser) -> None:
    """The option."""
    parser.add_argument("--products", metavar="DIR", help=f"where products are; default: ${VARIABLE}, else the folder products")


def store_of(args: argparse.Namespace) -> Store:
    """What it names."""
    return Store(Path(args.products or os.environ.get(VARIABLE) or "products"))
