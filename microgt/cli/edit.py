"""`microgt edit`: a JSON Patch applied to a spec, when what comes out is right."""

from __future__ import annotations

import argparse
import json

from microgt.cli.inputs import DB_HELP, open_db, read_spec_file, read_text

EPILOG = """\
PATCH is a list of operations (RFC 6902). The spec that comes out is checked against DB and printed; SPEC stays as it is. An error names the
operation at fault, and nothing is printed.

examples:
  echo '[{"op": "add", "path": "/query/limit", "value": {"kind": "limit", "n": 5}}]' | microgt edit spec.json - shop.duckdb
  microgt edit spec.json patch.json shop.duckdb > edited.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("spec", metavar="SPEC", help="a JSON file with one spec, or - for standard input")
    parser.add_argument("patch", metavar="PATCH", help="a JSON file with a JSON Patch, or - for standard input")
    parser.add_argument("db", metavar="DB", help=DB_HELP)


def run(args: argparse.Namespace) -> int:
    """Print the edited spec."""
    from microgt.errors import ConfigError
    from microgt.spec.edit import edit
    from microgt.spec.json import write_spec

    if args.spec == args.patch == "-":
        raise ConfigError("standard input holds the spec or the patch: give a file for the other")
    edited = edit(read_spec_file(args.spec), read_text(args.patch), open_db(args.db).schema)
    print(json.dumps(write_spec(edited), ensure_ascii=False, indent=1))
    return 0
