"""`microgt ablate`: what a trained model loses when a part of it is silent."""

from __future__ import annotations

import argparse

from microgt.cli.inputs import add_overrides, overrides_of

EPILOG = """\
keys (defaults in configs/ablate.yaml):
  checkpoint=DIR              a checkpoint directory or a Lightning .ckpt; default: as for `microgt ask`
  what=head|layer|relation    each head of attention; each layer and its parts; each type of relation, in each layer and in all
  data=demo|spider|nvbench|folder   what is asked; data=folder needs data.path=DIR
  split=NAME                  default: the data's validation split
  limit=N                     only the first N questions
  out=DIR                     where to (reports/ablate): WHAT.md, .svg, .html, and .json, from which an interrupted command goes on

example:
  microgt ablate checkpoint=runs/demo/checkpoint what=head limit=100
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides only."""
    parser.epilog = EPILOG
    add_overrides(parser)


def run(args: argparse.Namespace) -> int:
    """Silence each part in turn, draw, print the files."""
    import shlex
    from pathlib import Path

    from microgt.config import compose
    from microgt.experiments.silence.heat import write_heat_map
    from microgt.experiments.silence.measure import measure

    overrides = overrides_of(args)
    config = compose("ablate", overrides)
    file = Path(config["out"]) / f"{config['what']}.json"
    found = measure(config, file)
    print(*write_heat_map(found, file.with_suffix(".md"), command=shlex.join(["microgt", "ablate", *overrides])), sep="\n")
    return 0
