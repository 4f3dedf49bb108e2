"""`microgt learn`: learn from the corrections of a database."""

from __future__ import annotations

import argparse

from microgt.cli.inputs import DB_HELP, add_overrides, open_db, override, overrides_of

EPILOG = """\
A copy of the checkpoint that answers DB's questions is trained further, for --minutes, on all corrections (`microgt correct`, or the page),
on these about other values and in other words, on answers with a thumb up, and on questions over the embedded databases, so that it forgets
nothing. Then both answer the corrections, the confirmed answers and hand-written questions about the embedded databases. The new one is
promoted when more corrections are right and nothing that was right became wrong beyond chance (the paired test of `microgt compare`).

Checkpoints lie beside the log of DB: $MICROGT_HOME/NAME-HASH/checkpoints/N (by default in ~/.local/share/microgt), with result.json. `ask`
and a `serve` that is started later use the promoted one, and each answer names it; --checkpoint C or MICROGT_CHECKPOINT still comes first.
What changed is in `microgt log DB`.

keys (defaults in configs/learn.yaml and the groups it names): as of `microgt adapt`

examples:
  microgt learn shop.duckdb
  microgt learn shop.duckdb --minutes 10
  microgt learn shop.duckdb --back         # take the last promotion back
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("--back", action="store_true", help="let the checkpoint answer that did so before")
    parser.add_argument("--checkpoint", metavar="C", help="the checkpoint to start from; default: the one that answers DB's questions")
    parser.add_argument("--minutes", metavar="M", type=float, help="of training (default: 3)")
    parser.add_argument("--seed", metavar="N", type=int, help="of every random choice (default: 0)")
    add_overrides(parser)


def run(args: argparse.Namespace) -> int:
    """Learn, or take back what was learnt."""
    open_db(args.db)  # before anything that takes long
    if args.back:
        from microgt.product.learn import take_back

        print(take_back(args.db))
        return 0
    from microgt.config import compose
    from microgt.product.demo import plain_console
    from microgt.product.learn import learn

    given = {"checkpoint": args.checkpoint, "training.minutes": args.minutes, "seed": args.seed, "data.path": args.db}
    options = [override(key, value) for key, value in given.items() if value is not None]
    learn(compose("learn", [*options, *overrides_of(args)]), plain_console())
    return 0
