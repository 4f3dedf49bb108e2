"""`microgt serve`: answers over HTTP."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from microgt.cli.inputs import DB_HELP
from microgt.errors import ConfigError, DataError
from microgt.products.place import VARIABLE as PRODUCTS

EPILOG = """\
Without --checkpoint: as for `microgt ask`, with what was learnt for each database, uploaded ones too, before the server started.
GET /openapi.json describes all addresses: /ask, /refine, /suggestions, /feedback, /corrections, /spec/check, /spec/run, /schema, /profile,
/databases, /health and /metrics; with --products also /products. With MICROGT_TOKEN set,
requests carry `Authorization: Bearer TOKEN`; with MICROGT_TOKENS='ana=TOKEN ben=TOKEN' too, and products with an access list are seen
by those only and changed by their owner. Questions, thumbs and corrections go to the logs of the databases (`microgt log DB`), under
$MICROGT_HOME, by default ~/.local/share/microgt. A signal (Ctrl-C, TERM) ends it after the answers that are due.

examples:
  microgt serve shop.duckdb --ui
  microgt serve shop.duckdb
  curl -s localhost:8000/ask -H 'Content-Type: application/json' -d '{"question": "Total amount by region"}'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", nargs="*", help=f"{DB_HELP}; it is called by its name without ending")
    parser.add_argument("--checkpoint", metavar="C", help="a checkpoint directory, a Lightning .ckpt or an export in ONNX")
    parser.add_argument("--allow", metavar="PACKAGE", action="append", default=[], help="code of your own that the checkpoint may run")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1, for this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one (default: 8000)")
    parser.add_argument("--without-token", action="store_true", help="let anybody who reaches another --host ask")
    parser.add_argument("--workers", metavar="N", type=_at_least_one, default=2, help="questions answered at once (default: 2)")
    parser.add_argument("--queue", metavar="N", type=_at_least_one, default=32, help="how many more may wait; beyond it 503 (default: 32)")
    parser.add_argument("--timeout", metavar="SECONDS", type=_seconds, default=30.0, help="for a request, waiting included (default: 30)")
    parser.add_argument("--max-body", metavar="BYTES", type=_at_least_one, default=65_536, help="of a request (default: 65536)")
    parser.add_argument("--no-log", action="store_true", help="do not write questions to the logs; thumbs and corrections are kept anyway")
    parser.add_argument("--hide", metavar="TABLE.COLUMN", action="append", default=[], help="keep this column's values from the model")
    parser.add_argument("--ui", action="store_true", help="with a page to ask on, and with --products and --uploads")
    parser.add_argument(
        "--products", metavar="DIR", type=Path, help=f"show and deploy products here (with --ui: ${PRODUCTS}, else the folder products)"
    )
    parser.add_argument(
        "--uploads",
        metavar="DIR",
        type=Path,
        help="take CSV, TSV and Parquet files in here, each a table to ask about (with --ui: the folder uploads)",
    )
    parser.add_argument("--max-upload", metavar="BYTES", type=_at_least_one, default=256 << 20, help="of such a file (default: 256 MiB)")


def run(args: argparse.Namespace) -> int:
    """Serve until a signal."""
    from microgt.serve.auth import LOOPBACK, NAMED, VARIABLE, is_loopback, named_tokens, refuse_open

    token = os.environ.get(VARIABLE) or None
    tokens = named_tokens(os.environ.get(NAMED, ""))
    refuse_open(args.host, token or tokens, allowed=args.without_token)
    if args.ui:
        args.products = args.products or Path(os.environ.get(PRODUCTS) or "products")
        args.uploads = args.uploads or Path("uploads")
    if not args.db and not args.uploads:
        raise ConfigError("name a database to serve, or say --ui to send one from the page")
    for path in args.db:
        if not Path(path).exists():
            raise DataError(f"no database at {path}: expected {DB_HELP}")

    from microgt.product.checkpoints import checkpoint_for, find_checkpoint
    from microgt.product.learnt import name_of
    from microgt.serve.ask_desk import Maker
    from microgt.serve.databases import Databases
    from microgt.serve.server import serve
    from microgt.serve.service import Service
    from microgt.serve.settings import Settings

    settings = Settings(
        seconds=args.timeout,
        body=args.max_body,
        workers=args.workers,
        queue=args.queue,
        hide=tuple(args.hide),
        log=not args.no_log,
        token=token,
        tokens=tokens,
        hosts=(*LOOPBACK, args.host) if is_loopback(args.host) else None,
        products=args.products,
        uploads=args.uploads,
        upload=args.max_upload,
        ui=args.ui,
    )
    checkpoint = find_checkpoint(args.checkpoint)
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // args.workers)))  # torch reads it when it is imported

    from microgt.model.loading import load_proposer

    def maker(path: Path) -> Maker:
        return Maker(lambda: load_proposer(path, allow=args.allow), name_of(path))

    used = {db: checkpoint_for(args.checkpoint, db) for db in Databases(args.db, args.uploads).paths.values()}
    own = {db: maker(path) for db, path in used.items() if path != checkpoint}
    usual = maker(checkpoint)
    serve(Service(args.db, usual.make, settings, name=usual.name, own=own), args.host, args.port)
    return 0


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"expected seconds above 0 and up to 3600, not {text!r}")
    return seconds
