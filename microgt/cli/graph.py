"""`microgt graph`: the graph that the model sees for a question."""

from __future__ import annotations

import argparse

from microgt.cli.inputs import DB_HELP, open_db
from microgt.errors import ConfigError

EPILOG = """\
Shows the nodes, the links found by name and by value, and the relations as a small picture. Needs no checkpoint.

example:
  microgt graph shop.duckdb "Revenue by region in 2024"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("question", metavar="QUESTION", help="in quotes")


def run(args: argparse.Namespace) -> int:
    """Print the graph."""
    if not args.question.strip():
        raise ConfigError("the question is empty")

    from microgt.graph import Linker, build_graph
    from microgt.graph.show import show

    schema = open_db(args.db).schema
    show(build_graph(args.question, schema, Linker(schema)))
    return 0
