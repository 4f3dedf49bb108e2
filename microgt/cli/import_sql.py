"""`microgt import-sql`: SQL to a spec."""

from __future__ import annotations

import argparse
import json

from microgt.cli.inputs import DB_HELP, open_db, read_text

EPILOG = """\
example:
  microgt import-sql shop.duckdb "SELECT region, SUM(amount) FROM orders GROUP BY region" > spec.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("sql", metavar="SQL", help="one SELECT in quotes, or - for standard input")
    parser.add_argument("--dialect", default="duckdb", help="the sqlglot dialect it is written in (default: duckdb)")
    parser.add_argument("--words", action="store_true", help="print the spec as an English sentence instead")


def run(args: argparse.Namespace) -> int:
    """Print the spec as JSON."""
    from microgt.spec.importer import import_sql
    from microgt.spec.json import write_spec
    from microgt.spec.words import in_words

    schema = open_db(args.db).schema
    spec = import_sql(read_text("-") if args.sql == "-" else args.sql, schema, dialect=args.dialect)
    print(in_words(spec, schema) if args.words else json.dumps(write_spec(spec), ensure_ascii=False, indent=1))
    return 0
