"""`microgt describe`: the size of a model by block, without building it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from microgt.cli.inputs import add_overrides, overrides_of

if TYPE_CHECKING:
    from rich.table import Table

    from microgt.model.description import Description

EPILOG = """\
keys (defaults in configs/describe.yaml):
  model=nano|micro|small|tenth         the size; size.dim=256 and so on change it
  model/encoder/attention=relation|bias|plain|none, and other groups in configs/model
  nodes=N  actions=N                   of the example that operations and memory are counted for

examples:
  microgt describe model=tenth
  microgt describe model=micro model/encoder/attention=bias size.dim=256
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides only."""
    parser.epilog = EPILOG
    add_overrides(parser)


def run(args: argparse.Namespace) -> int:
    """Compose, count, print."""
    from rich.console import Console

    from microgt.build import trusting
    from microgt.config import compose
    from microgt.model.description import describe

    config = compose("describe", overrides_of(args))
    with trusting(config["packages"]):
        description = describe(config["model"], nodes=config["nodes"], actions=config["actions"])
    console = Console()
    console.print(_table(description))
    for line in _summary(description, config):
        console.print(line, highlight=False, soft_wrap=True)
    return 0


def _table(description: Description) -> Table:
    from rich.table import Table

    table = Table("part", "block", box=None, pad_edge=False)
    table.add_column("parameters", justify="right")
    table.add_column("share", justify="right")
    part_before = None
    for (part, block), count in description.parameters.items():
        table.add_row(part if part != part_before else "", block, f"{count:,}", f"{count / description.total:.1%}")
        part_before = part
    table.add_row("all", "", f"{description.total:,}", "100.0%", style="bold")
    return table


def _summary(description: Description, config: dict[str, Any]) -> list[str]:
    total = sum(description.flops.values())
    parts = ", ".join(f"{part} {count / 1e6:,.0f}M" for part, count in description.flops.items())
    return [
        f"an example of {config['nodes']} nodes and {config['actions']} actions, forward: {total / 1e6:,.0f}M operations ({parts})",
        f"memory in float32: weights {_bytes(description.weights)}; to train {_bytes(description.training)} "
        f"(gradients, AdamW, average) and {_bytes(description.activations)} an example",
    ]


def _bytes(count: int) -> str:
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.1f} MiB"
