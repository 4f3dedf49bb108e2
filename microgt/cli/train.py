"""`microgt train`: train a model from a composed configuration."""

from __future__ import annotations

import argparse

EPILOG = """\
keys (defaults in configs/train.yaml and the groups it names):
  data=demo|spider|folder     what to learn from; data=folder needs data.path=DIR
  model=nano|micro|small      the size; model.encoder.attention=... swaps a part
  training.steps=N  training.minutes=M  training.lr=X  training.batch_size=N
  machine=cpu|cpu2|gpu        one process, two processes, a GPU
  logger=csv|wandb            a CSV file always; W&B offline without a key
  name=NAME                   the run's folder is runs/NAME
  seed=N  resume=runs/NAME/last.ckpt

examples:
  microgt train model=nano training.steps=200 name=first
  microgt train data=spider machine=cpu2 training.minutes=45 name=spider
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides only."""
    parser.epilog = EPILOG
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="overrides of the configuration")


def run(args: argparse.Namespace) -> int:
    """Compose, check, train; print where the checkpoint is."""
    from microgt.config import compose
    from microgt.training.train import train

    print(train(compose("train", args.overrides)))
    return 0
