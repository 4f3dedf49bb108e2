"""`microgt diff`: what changed from one spec to another."""

from __future__ import annotations

import argparse
import json

from microgt.cli.inputs import DB_HELP, open_db, read_spec_file

EPILOG = """\
With DB the differences in meaning, in words, a line each: none for two specs that mean the same. Without DB a JSON Patch that makes NEW of
OLD, for `microgt edit`.

examples:
  microgt diff before.json after.json shop.duckdb
  microgt diff before.json after.json > patch.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("old", metavar="OLD", help="a JSON file with one spec, or - for standard input")
    parser.add_argument("new", metavar="NEW", help="a JSON file with one spec, or - for standard input")
    parser.add_argument("db", metavar="DB", nargs="?", help=DB_HELP)
    parser.add_argument("--json", action="store_true", help="print one JSON list: part, before, after, words")


def run(args: argparse.Namespace) -> int:
    """Print the differences."""
    from microgt.errors import ConfigError
    from microgt.spec.diff import diff
    from microgt.spec.edit import patch_between

    if args.old == args.new == "-":
        raise ConfigError("standard input holds one spec: give a file for the other")
    old, new = read_spec_file(args.old), read_spec_file(args.new)
    if not args.db:
        print(json.dumps(patch_between(old, new), ensure_ascii=False, indent=1))
        return 0
    changes = diff(old, new, open_db(args.db).schema)
    if args.json:
        print(json.dumps([change.to_json() for change in changes], ensure_ascii=False, indent=1))
    else:
        for change in changes:
            print(change)
    return 0
