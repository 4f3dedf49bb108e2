"""`microgt log`: what was asked of a database, answered, judged, corrected, learnt and deployed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from microgt.audit.log import PLACE, VARIABLE
from microgt.cli.inputs import DB_HELP

if TYPE_CHECKING:
    from microgt.audit.events import Event

KINDS = ("asked", "judged", "corrected", "deployed", "promoted", "refused", "taken back")
EPILOG = f"""\
`ask`, `serve`, `correct`, `learn` and `deploy` write it: {PLACE}.
It holds questions, specs, SQL and counts of rows, no rows. `--no-log` or {VARIABLE}=off turns it off.

examples:
  microgt log shop.duckdb
  microgt log shop.duckdb --kind corrected --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("--kind", choices=KINDS, help="only these events")
    parser.add_argument("--last", metavar="N", type=int, help="only the newest N")
    parser.add_argument("--json", action="store_true", help="print JSON lines, all that is known")


def run(args: argparse.Namespace) -> int:
    """Print it, the oldest first."""
    from microgt.audit.log import log_file
    from microgt.errors import ConfigError, DataError

    if not Path(args.db).exists():
        raise DataError(f"no database at {args.db}: expected {DB_HELP}")
    if args.last is not None and args.last < 1:
        raise ConfigError(f"--last {args.last}: expected a whole number from 1")
    found = [event for event in log_file(args.db).events() if args.kind in (None, event.event)]
    for event in found[-args.last :] if args.last else found:
        print(json.dumps(event.model_dump(mode="json"), ensure_ascii=False) if args.json else _line(event))
    return 0


def _line(event: Event) -> str:
    at = event.at.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
    said = [f"{at} {event.event:<10} {_told(event)}", f"  by {event.by}" if event.by else ""]
    return "".join(said)


def _told(event: Event) -> str:
    match event.event:
        case "asked":
            sure = "" if event.confidence is None else f", {event.confidence:.0%} sure"
            outcome = f"{event.rows} rows{sure}" if event.sql else " ".join([event.intent, *event.warnings[:1]])
            return f"{event.question!r}: {outcome}, data version {event.data_version or 'unknown'}"
        case "judged":
            return f"{event.question!r}: thumb {event.thumb}"
        case "corrected":
            return f"{event.question!r}: {event.rows} rows, data version {event.data_version}"
        case "deployed":
            return f"{event.product} version {event.version}, {event.state}, data version {event.data_version}"
        case "promoted" | "refused":
            counts = "; ".join(f"{one.name} {one.before} to {one.after} of {one.of}" for one in event.changed)
            return f"checkpoint {event.checkpoint}: {event.why} ({counts})"
        case "taken back":
            return f"checkpoint {event.checkpoint}: {f'checkpoint {event.now}' if event.now else 'what learnt nothing here'} answers"
