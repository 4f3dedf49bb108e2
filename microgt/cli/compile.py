"""`microgt compile`: a spec to SQL."""

from __future__ import annotations

import argparse

from microgt.cli.inputs import DB_HELP, day, open_db, read_text

EPILOG = """\
example:
  microgt compile shop.duckdb spec.json
  echo '{"query": {"outputs": ["orders.amount"]}}' | microgt compile shop.duckdb -
  microgt compile shop.duckdb spec.json --dialect snowflake

What a dialect cannot say with the same meaning is refused by name, with exit status 2.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    from microgt.spec.dialects import DIALECTS

    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("spec", metavar="SPEC", help="a JSON file with one spec, or - for standard input")
    parser.add_argument("--dialect", default="duckdb", help=f"one of {', '.join(DIALECTS)} (default: duckdb)")
    parser.add_argument("--as-of", metavar="DATE", help="what relative periods count from; default: the last date in the data")
    parser.add_argument("--words", action="store_true", help="print the spec as an English sentence instead")


def run(args: argparse.Namespace) -> int:
    """Print the SQL, or the sentence."""
    from microgt.spec.checker import check
    from microgt.spec.compiler import compile_spec
    from microgt.spec.json import read_spec
    from microgt.spec.words import in_words

    schema = open_db(args.db).schema
    spec = read_spec(read_text(args.spec))
    errors = check(spec, schema)
    if errors:
        raise errors[0]
    if args.words:
        print(in_words(spec, schema))
    else:
        print(compile_spec(spec, schema, dialect=args.dialect, as_of=day(args.as_of) if args.as_of else None))
    return 0
