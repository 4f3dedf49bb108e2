"""`microgt ask`: answer one question from a database."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, TextIO

from microgt.cli.inputs import DB_HELP, add_asking, day, read_spec_file
from microgt.errors import ConfigError, NotAnswerable, SeveralReadings

if TYPE_CHECKING:
    from microgt.product.answered import Answered

EPILOG = """\
Without --checkpoint: $MICROGT_CHECKPOINT, else what `microgt learn DB` made, else the one that comes with microgt. Exit status 3: the
question cannot be answered from DB, or the model proposes several readings, which are then listed: choose one with --choose. Question,
spec, SQL and count of rows go to the log of DB (`microgt log DB`), which lies under $MICROGT_HOME, by default ~/.local/share/microgt.

examples:
  microgt ask shop.duckdb "Which five products sold most last year?"
  microgt ask orders.csv "Revenue by month as a line chart" --chart revenue.html
  microgt ask shop.duckdb "How many customers are there?" --spec > before.json
  microgt ask shop.duckdb "by region, as a donut" --previous before.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("question", metavar="QUESTION", nargs="?", help="in English, in quotes; without one, questions are suggested")
    add_asking(parser)
    parser.add_argument("--previous", metavar="SPEC", help="the spec of an answer that QUESTION may change (`only 2023`), a JSON file or -")
    parser.add_argument("--choose", metavar="N", type=int, help="the number of a reading, for a question that can mean several things")
    parser.add_argument("--chart", metavar="FILE", help="also draw the answer into FILE (.html, .svg or .png)")
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    output.add_argument("--sql", action="store_true", help="print only the SQL")
    output.add_argument("--spec", action="store_true", help="print only the spec, as JSON")


def run(args: argparse.Namespace) -> int:
    """Answer and print."""
    from microgt.product.answered import refusal

    if args.question is None:
        from microgt.cli.suggest import suggest

        return suggest(args.db, as_json=args.json)
    try:
        return _answer(args)
    except NotAnswerable as error:
        if args.json:
            print(json.dumps(refusal(error), ensure_ascii=False))
        if not isinstance(error, SeveralReadings):
            raise
        if not args.json:
            _list(error, sys.stderr if args.sql or args.spec else sys.stdout)
        raise NotAnswerable(f"the question has {len(error.readings)} readings: repeat it with --choose {error.numbers}") from None


def _answer(args: argparse.Namespace) -> int:
    from microgt.audit.log import log_of, user
    from microgt.product.asker import Asker
    from microgt.product.checkpoints import checkpoint_for
    from microgt.product.logged import logged

    if not args.question.strip():
        raise ConfigError('the question is empty: ask something, such as "How many orders were there last year?"')
    as_of = day(args.as_of) if args.as_of else None
    previous = read_spec_file(args.previous) if args.previous else None
    with Asker.from_checkpoint(checkpoint_for(args.checkpoint, args.db), hide=tuple(args.hide), allow=args.allow) as asker:
        answered = logged(
            lambda: asker.ask(args.db, args.question, as_of=as_of, previous=previous, choose=args.choose),
            log_of(args.db, on=not args.no_log),
            args.question,
            previous=previous,
            by=user(),
        )
    _print(answered, args)
    if args.chart:
        from microgt.product.chart import write_chart

        print(
            f"chart: {write_chart(answered.table, answered.view, args.chart, title=answered.title, forecast=answered.forecast)}",
            file=sys.stderr,
        )
    return 0


def _print(answered: Answered, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps(answered.to_json(), ensure_ascii=False))
    elif args.sql:
        print(answered.sql)
    elif args.spec:
        print(json.dumps(answered.to_json()["spec"], ensure_ascii=False, indent=1))
    else:
        from rich.console import Console

        from microgt.product.terminal import answer

        Console(highlight=False).print(answer(answered))


def _list(several: SeveralReadings, to: TextIO) -> None:
    from rich.console import Console

    from microgt.product.terminal import readings

    Console(file=to, highlight=False).print(readings(several))
