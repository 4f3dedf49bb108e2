"""`microgt correct`: say what a question means."""

from __future__ import annotations

import argparse

from microgt.audit.log import PLACE
from microgt.cli.inputs import DB_HELP, open_db, read_spec_file

EPILOG = f"""\
The spec counts when it can be checked and run; else it is refused, with the reason. Corrections stand in the log of DB,
{PLACE}.
`microgt learn DB` trains on them.

examples:
  microgt ask shop.duckdb "Best customers" --spec > wrong.json
  microgt edit wrong.json patch.json shop.duckdb > right.json
  microgt correct shop.duckdb "Best customers" right.json --was wrong.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("question", metavar="QUESTION", help="as it was asked")
    parser.add_argument("spec", metavar="SPEC", help="what it means: a JSON file, or - for standard input")
    parser.add_argument("--was", metavar="SPEC", help="what was answered; default: the newest answer that the log has")


def run(args: argparse.Namespace) -> int:
    """Check, run and note it."""
    from microgt.audit.log import log_file, user
    from microgt.engine.duckdb import DuckDBEngine
    from microgt.product.correct import correct
    from microgt.product.history import wide
    from microgt.spec.words import in_words

    database = open_db(args.db)
    spec, was = read_spec_file(args.spec), read_spec_file(args.was) if args.was else None
    with DuckDBEngine(database.path) as engine:
        ran = correct(log_file(args.db), database, engine, wide(engine), args.question, spec, was=was, by=user())
    print(f"noted: {args.question!r} means: {in_words(spec, database.schema)} ({len(ran.table.rows)} rows)")
    return 0
