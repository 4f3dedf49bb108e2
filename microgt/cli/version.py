"""`microgt version`: what is installed, for bug reports."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import PackageNotFoundError, version

from microgt import __version__

SHOWN = ("duckdb", "sqlglot", "pydantic", "numpy", "pyarrow", "torch", "lightning", "hydra-core", "datasets", "triton")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.add_argument("--short", action="store_true", help="only microgt's own version")


def run(args: argparse.Namespace) -> int:
    """Print the versions; packages of an extra that is not installed are named as such."""
    print(f"microgt {__version__}")
    if not args.short:
        print(f"python {platform.python_version()} on {platform.system()} {platform.machine()}")
        for name in SHOWN:
            print(f"{name} {_installed(name)}")
    return 0


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
