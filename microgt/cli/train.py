"""`microgt train`: train a model from a composed configuration."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from microgt.cli.inputs import add_overrides, overrides_of
from microgt.errors import ConfigError

EPILOG = """\
keys (defaults in configs/train.yaml and the groups it names):
  data=demo|spider|folder     what to learn from; data=folder needs data.path=DIR
  data=mix                    several at once: data.shares.synthetic_train=0.5 data.shares.nvbench_train=0.2
  model=nano|micro|small      the size; model.encoder.attention=... swaps a part
  ablation=none|no_relations|no_augment|...   what is left out or swapped, a file each in configs/ablation
  training.steps=N            the budget; or training.examples=N (questions read), training.flops=N (operations spent)
  training.minutes=M          a deadline beside it
  training.lr=X  training.batch_size=N  trainer.max_steps=N  +trainer.KEY=... (of Lightning's Trainer)
  machine=cpu|gpu             one process on a CPU or a GPU
  machine=ddp|cpu2            two processes: gradients averaged each step, or parameters every few; machine.processes=N
  machine=gpu_ddp|gpu_fsdp    eight GPUs: a copy each, or one model in shards; machine/wrap=recompute|compile|both
  training.accumulate=N       a batch in N parts: the same step in less memory
  logger=csv|wandb|tensorboard|all   a CSV file always; W&B offline without a key
  name=NAME                   the run's folder is runs/NAME
  seed=N  resume=runs/NAME/last.ckpt
  start=C                     fine-tune a copy of checkpoint C: its model and vocabulary, to which new words are added
  evaluate=SPLIT              answered when training is done, for runs/NAME/result.json (the data's validation split; null: none)

with --from the run in a folder is made again as runs/NAME-again, from what its config.json and run.json say; what has changed since is said

with -m the jobs of runs/NAME (default sweep-DATA), a folder each; the same command goes on where an interrupted one ended
  launcher=basic|joblib|submitit|ray   one after another; launcher.workers=N processes; SLURM or processes of this machine; Ray

examples:
  microgt train -m ablation=none,no_relations seed=0,1,2 model=nano training.examples=20000
  microgt train model=nano training.steps=200 name=first
  microgt train data=spider machine=cpu2 training.minutes=45 name=spider
  microgt train --from runs/first
  microgt train --from runs/first seed=1 name=second
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides only."""
    parser.epilog = EPILOG
    parser.add_argument("-m", "--multirun", action="store_true", help="a sweep: every combination of the values key=value,value lists")
    parser.add_argument("--from", dest="origin", type=Path, metavar="DIR", help="make the run in this folder again; overrides change it")
    add_overrides(parser)


def run(args: argparse.Namespace) -> int:
    """Compose, check, train; print where the checkpoint is, or of a sweep what became of each job (exit status 1 unless all are done)."""
    if args.multirun and args.origin:
        raise ConfigError("--from makes one run again, -m many: give one of them")
    if args.multirun:
        return _sweep(overrides_of(args))
    from microgt.config import compose
    from microgt.experiments.run import run

    overrides = overrides_of(args)
    config, overrides = _again(args.origin, overrides) if args.origin else (compose("train", overrides), overrides)
    print(run(config, overrides))
    if args.origin:
        _say_changes(args.origin, Path(config["runs"]) / config["name"])
    return 0


def _again(folder: Path, overrides: list[str]) -> tuple[dict[str, Any], list[str]]:
    from microgt.experiments.again import again, drift

    for line in drift(folder):
        print(f"configuration has changed since: {line}", file=sys.stderr)
    return again(folder, overrides)


def _say_changes(before: Path, after: Path) -> None:
    from microgt.training.record import RunRecord

    for line in RunRecord.read(after).changes(RunRecord.read(before)):
        print(f"changed since: {line}", file=sys.stderr)


def _sweep(overrides: list[str]) -> int:
    from microgt.cli.sweep import print_status
    from microgt.experiments.sweep import sweep

    return print_status(sweep(overrides))
