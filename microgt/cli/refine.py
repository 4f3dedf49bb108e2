"""`microgt refine`: a spec changed by words, without a model."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from microgt.cli.inputs import DB_HELP, open_db, read_spec_file
from microgt.errors import CannotRefine, ConfigError

if TYPE_CHECKING:
    from microgt.schema.types import Schema
    from microgt.spec.types import Answer

EPILOG = """\
WORDS say what is to be different: "only 2023", "by month", "top five", "without refunds", "as a line", "forecast three months". They must
be understood wholly, and what comes out is checked; otherwise the exit status is 3 and nothing is printed.

examples:
  microgt refine shop.duckdb spec.json "only 2024, as a donut" > changed.json
  microgt refine shop.duckdb spec.json "by month" --patch
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("spec", metavar="SPEC", help="a JSON file with the spec of an answer, or - for standard input")
    parser.add_argument("words", metavar="WORDS", help="in English, in quotes")
    parser.add_argument("--choose", metavar="N", type=int, help="the number of a reading, for words that can mean several things")
    parser.add_argument("--patch", action="store_true", help="print the JSON Patch that leads there instead")


def run(args: argparse.Namespace) -> int:
    """Print the spec that comes out."""
    from microgt.graph import Linker, build_graph
    from microgt.refine import EXAMPLES, refine
    from microgt.spec import patch_between, write_spec
    from microgt.spec.checker import check
    from microgt.spec.types import Answer, Edit

    schema = open_db(args.db).schema
    spec = read_spec_file(args.spec)
    before = spec.answer if isinstance(spec, Edit) else spec
    if not isinstance(before, Answer):
        raise ConfigError(f"a spec of kind {before.kind!r} has no answer to change")
    for error in check(before, schema):
        raise error
    readings = refine(before, build_graph(args.words, schema, Linker(schema)), schema)
    if readings is None:
        raise CannotRefine(f"{args.words!r} is no change of an answer that is known, such as {EXAMPLES}")
    after = _chosen(readings, args.choose, schema)
    print(json.dumps(patch_between(before, after) if args.patch else write_spec(after), ensure_ascii=False, indent=1))
    return 0


def _chosen(readings: Sequence[Answer], number: int | None, schema: Schema) -> Answer:
    from microgt.errors import SeveralReadings
    from microgt.spec.types import Clarify
    from microgt.spec.words import in_words

    if len(readings) == 1:
        return readings[0]
    several = SeveralReadings("", Clarify(readings=tuple(readings)), readings)
    if number is not None:
        return several.chosen(number)
    listed = "; ".join(f"{n}: {in_words(reading, schema)}" for n, reading in enumerate(readings, 1))
    raise CannotRefine(f"the words have {len(readings)} readings: choose one with --choose {several.numbers}: {listed}")
