"""`microgt check`: are specs right for a database?"""

from __future__ import annotations

import argparse
import json
from typing import Any

from microgt.cli.inputs import DB_HELP, open_db, read_text
from microgt.errors import SpecError

EPILOG = """\
Each spec is read, checked against the tables and columns of DB, and compiled; nothing is run. Exit status 1 when one is not right.

example:
  microgt check shop.duckdb specs/*.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("specs", metavar="SPEC", nargs="+", help="JSON files with one spec each, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON list: file, errors (code, place, message, choices)")


def run(args: argparse.Namespace) -> int:
    """Print what is wrong with each spec."""
    from microgt.schema.types import Schema

    schema: Schema = open_db(args.db).schema
    found = [(name, _errors(read_text(name), schema)) for name in args.specs]
    if args.json:
        print(json.dumps([{"file": name, "errors": [_entry(e) for e in errors]} for name, errors in found], ensure_ascii=False))
    else:
        for name, errors in found:
            for error in errors:
                print(f"{name}: {error}")
            if not errors:
                print(f"{name}: ok")
    return 1 if any(errors for _, errors in found) else 0


def _errors(text: str, schema: Any) -> list[SpecError]:
    from microgt.spec.checker import check
    from microgt.spec.compiler import compile_spec
    from microgt.spec.json import read_spec
    from microgt.spec.types import Unanswerable

    try:
        spec = read_spec(text)
        errors = list(check(spec, schema))
        if not errors and not isinstance(spec, Unanswerable):
            compile_spec(spec, schema)
    except SpecError as error:
        return [error]
    return errors


def _entry(error: SpecError) -> dict[str, Any]:
    return {"code": error.code, "place": error.place, "message": str(error), "choices": list(error.choices)}
