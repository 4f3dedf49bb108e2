"""`microgt suggest`: questions to begin with."""

from __future__ import annotations

import argparse
import json

from microgt.cli.inputs import DB_HELP, open_db

EPILOG = """\
Each of the questions has an answer in DB: a total, a trend, a ranking, parts of a whole, an average. `microgt ask DB` without a question
shows them too.

examples:
  microgt suggest orders.csv
  microgt suggest shop.duckdb --json    # with the specs that answer them, for `microgt compile` or `microgt deploy`
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("--most", metavar="N", type=int, default=6, help="so many at most (default: 6)")
    parser.add_argument("--json", action="store_true", help="print them with their kinds and specs, as JSON")


def run(args: argparse.Namespace) -> int:
    """Print them."""
    return suggest(args.db, most=args.most, as_json=args.json)


def suggest(db: str, *, most: int = 6, as_json: bool = False) -> int:
    """Print questions that a database can answer. Raises `NotAnswerable` when there is none."""
    from microgt.engine.duckdb import DuckDBEngine
    from microgt.errors import NotAnswerable
    from microgt.product.suggest import suggestions
    from microgt.spec.json import write_spec

    database = open_db(db)
    with DuckDBEngine(database.path) as engine:
        found = suggestions(database.schema, engine, most)
    if not found:
        raise NotAnswerable(f"no question about {db} could be made that has an answer: are its tables empty?")
    if as_json:
        said = [{"kind": s.kind, "question": s.question, "spec": write_spec(s.spec)} for s in found]
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        print("\n".join(s.question for s in found))
    return 0
