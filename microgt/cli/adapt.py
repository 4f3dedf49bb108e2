"""`microgt adapt`: make a checkpoint better for one's own database."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from microgt.cli.inputs import DB_HELP, add_overrides, open_db, override, overrides_of

EPILOG = """\
Questions are generated over DB, all of which run and have an answer; a copy of the checkpoint is trained on them for --minutes, together
with questions over the embedded databases, so that it forgets nothing. Then both answer questions that were not trained on: your own,
generated ones in other sentences, and hand-written ones about the embedded databases. The better one goes to DIR/checkpoint, the figures
to DIR/result.json. Ctrl-C ends training early; what was learnt until then is measured.

Words of DB that the checkpoint's vocabulary lacks are added to it. Until training has seen one often, it is known by its spelling, and
where the checkpoint holds vectors of meaning for it (model/embedder/tokens=static), by those.

keys (defaults in configs/adapt.yaml and the groups it names):
  training.lr=X  training.steps=N  machine=cpu|cpu2|gpu     as of `microgt train`
  data.source.sources.own.count=N                           questions generated in each of two manners
  data.shares.replay_generated=X  data.shares.own_train=X   how much of each an epoch has
  measures.held_out_sentences.limit=N  beam=N               what is compared, and how it is answered

Exit status 0 also when the old checkpoint is the better one; the message and "kept" in result.json say so.

examples:
  microgt adapt shop.duckdb
  microgt adapt shop.duckdb --minutes 10 --questions mine.jsonl --to runs/shop
  microgt ask shop.duckdb "Which region bought most?" --checkpoint runs/shop
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("--checkpoint", metavar="C", help="the checkpoint to start from; default: as for `microgt ask`")
    parser.add_argument("--minutes", metavar="M", type=float, help="of training (default: 5)")
    parser.add_argument("--questions", metavar="FILE", help="your own questions about DB to measure by: JSON lines as of data=folder")
    parser.add_argument("--to", metavar="DIR", help="the folder to make; default: runs/adapt-NAME")
    parser.add_argument("--seed", metavar="N", type=int, help="of every random choice (default: 0)")
    add_overrides(parser)


def run(args: argparse.Namespace) -> int:
    """Adapt; the checkpoint's path is the last line."""
    from microgt.config import compose
    from microgt.product.adapt import adapt
    from microgt.product.demo import plain_console
    from microgt.product.further import CHECKPOINT

    open_db(args.db)  # before anything that takes long
    given = {"checkpoint": args.checkpoint, "training.minutes": args.minutes, "data.questions": args.questions, "seed": args.seed}
    given |= {"data.path": args.db, "to": args.to or str(_free_folder(args.db))}
    options = [override(key, value) for key, value in given.items() if value is not None]
    print(adapt(compose("adapt", [*options, *overrides_of(args)]), plain_console()) / CHECKPOINT)
    return 0


def _free_folder(db: str) -> Path:
    """runs/adapt-shop, or runs/adapt-shop-2 where that is taken."""
    from microgt.product.checkpoints import free_name

    name = re.sub(r"\W+", "-", Path(db).resolve().name.partition(".")[0]).strip("-") or "database"
    return Path("runs") / free_name(f"adapt-{name}", lambda n: (Path("runs") / n).exists())
