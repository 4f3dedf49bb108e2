"""`microgt chat`: a conversation about a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from microgt.cli.inputs import DB_HELP, add_asking, day
from microgt.errors import ConfigError, MicrogtError, SeveralReadings, did_you_mean

if TYPE_CHECKING:
    from rich.console import Console

    from microgt.product.answered import Answered
    from microgt.product.session import Session

EPILOG = """\
Ask, then say what is to be different: "only 2023", "for Berlin", "without refunds", "by month", "also by region", "top five", "average
instead of total", "as a donut", "forecast three months", "drop the filter". "undo" and "redo" go back and forth; a number takes a reading
that was asked back. What is no change of the answer is a new question. Lines come from the terminal, or from standard input:

  :sql  :spec   the SQL, the spec of what is shown         :history   what has been said
  :undo :redo   as the words                               :new       forget it, and begin anew
  :chart FILE   draw what is shown (.html, .png, .svg)     :suggest   questions to begin with
  :help :quit

Exit status, when the lines come from standard input: that of the last line that could not be answered (3: it cannot be; 2: it is wrong), 0
when all were.

examples:
  microgt chat shop.duckdb
  printf 'total amount by region\\nonly 2024\\nas a donut\\n:sql\\n' | microgt chat shop.duckdb
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    add_asking(parser)
    parser.add_argument("--history", metavar="FILE", help="keep the conversation in FILE, and go on from what is in it")


def run(args: argparse.Namespace) -> int:
    """Talk until the lines end."""
    from rich.console import Console

    from microgt.audit.log import log_of, user
    from microgt.product.asker import Asker
    from microgt.product.checkpoints import checkpoint_for
    from microgt.product.session import Session

    as_of = day(args.as_of) if args.as_of else None
    history = Path(args.history) if args.history else None
    with Asker.from_checkpoint(checkpoint_for(args.checkpoint, args.db), hide=tuple(args.hide), allow=args.allow) as asker:
        asker.database(args.db)
        log = log_of(args.db, on=not args.no_log)

        session = Session(asker, args.db, log=log, as_of=as_of, history=history, by=user())
        return Chat(session, Console(highlight=False)).talk()


class Chat:
    """A session at a console."""

    def __init__(self, session: Session, console: Console):
        self._session, self._console = session, console
        self._shown: Answered | None = None

    def talk(self) -> int:
        """The exit status."""
        status, terminal = 0, sys.stdin.isatty()
        self._show(self._session.shown())
        for line in _lines(self._console, terminal):
            if line in (":quit", ":q", ":exit"):
                break
            status = self._tried(line) or status
        return 0 if terminal else status

    def _tried(self, line: str) -> int:
        from rich.text import Text

        from microgt.product.terminal import readings

        try:
            self._command(line) if line.startswith(":") else self._show(self._session.say(line))
        except MicrogtError as error:
            if isinstance(error, SeveralReadings):
                self._console.print(readings(error))
            self._console.print(Text(str(error), style="yellow"))
            return error.exit_status
        return 0

    def _show(self, answered: Answered | None) -> None:
        from microgt.product.terminal import answer

        if answered:
            self._shown = answered
            self._console.print(answer(answered))

    def _command(self, line: str) -> None:
        name, _, rest = line[1:].partition(" ")
        match name:
            case "undo":
                self._show(self._session.undo())
            case "redo":
                self._show(self._session.redo())
            case "new":
                self._session.forget()
                self._shown = None
            case "history":
                for number, step in enumerate(self._session.conversation.steps, 1):
                    undone = " (undone)" if number > self._session.conversation.at else ""
                    self._console.print(f"{number} {step.words}{undone}", markup=False)
            case "help":
                self._console.print(EPILOG.partition("\n\nExit")[0], markup=False)
            case "suggest":
                for suggestion in self._session.suggestions():
                    self._console.print(suggestion.question, markup=False)
            case "sql" | "spec" | "chart":
                self._of_what_is_shown(name, rest.strip())
            case _:
                commands = ("sql", "spec", "chart", "undo", "redo", "history", "suggest", "new", "help", "quit")
                raise ConfigError(f"unknown command ':{name}'{did_you_mean(name, commands)}")

    def _of_what_is_shown(self, name: str, rest: str) -> None:
        from microgt.product.chart import write_chart

        shown = self._shown
        if shown is None:
            raise ConfigError("nothing is shown yet: ask something")
        if name == "chart":
            if not rest:
                raise ConfigError("name the file to draw: :chart FILE")
            rest = str(write_chart(shown.table, shown.view, rest, title=shown.title, forecast=shown.forecast))
            self._console.print(f"chart: {rest}", markup=False)
            return
        text = shown.sql if name == "sql" else json.dumps(shown.to_json()["spec"], ensure_ascii=False, indent=1)
        self._console.print(text, markup=False, soft_wrap=True)


def _lines(console: Console, terminal: bool) -> Iterator[str]:
    """What is typed, or what comes through standard input, shown as if it had been typed. Empty lines are left out."""
    if terminal:
        with suppress(ImportError):  # gives the lines typed before back by the arrow keys
            import readline  # noqa: F401
        console.print('ask something; then say what is to be different ("only 2023", "as a line"), or :help, :quit', style="dim")
    while True:
        try:
            line = console.input("> ") if terminal else sys.stdin.readline()
        except EOFError:
            return
        except UnicodeDecodeError:
            raise ConfigError("standard input is not UTF-8 text") from None
        if not terminal:
            if not line:
                return
            console.print(f"> {line.strip()}", markup=False, style="dim") if line.strip() else None
        if line.strip():
            yield line.strip()
