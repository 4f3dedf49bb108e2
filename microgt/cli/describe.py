"""`microgt describe`: what each block of a model costs, without building it, beside Llama-2-7B."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from microgt.cli.inputs import add_overrides, overrides_of

if TYPE_CHECKING:
    from rich.table import Table

    from microgt.model.description import Description

EPILOG = """\
keys (defaults in configs/describe.yaml):
  model=nano|micro|small|tenth         the size; size.dim=256 and so on change it
  model/blocks=llama2|gpt2|light_decoder   presets: the layers of those models, without relations; nearly all in the encoder
  model/encoder/attention=relation|bias|plain|none, and other groups in configs/model
  nodes=N  actions=N                   of the question that operations and memory are counted for
  text.prompt=N  text.answer=N         tokens of the same question as text with its schema, and of its SQL, for Llama-2-7B
  packages=[NAME]                      code of your own that the configuration names; --config-dir DIR for its YAML

examples:
  microgt describe model=tenth
  microgt describe model=micro model/encoder/attention=bias size.dim=256
"""
FLOAT32 = 4  # bytes

Counts = Mapping[tuple[str, str], int]  # (part, block) -> how many


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
    from microgt.model.llama2 import Llama2

    config = compose("describe", overrides_of(args))
    with trusting(config["packages"]):
        description = describe(config["model"], nodes=config["nodes"], actions=config["actions"])
    llama = Llama2()
    flops = llama.flops(**config["text"])
    console = Console()
    console.print(_table("part", description.parameters, description.flops))
    console.print(_training(description), highlight=False, soft_wrap=True)
    console.print(_table("Llama-2-7B", llama.parameters, flops))
    for line in _beside(description, llama.total, sum(flops.values()), config):
        console.print(line, highlight=False, soft_wrap=True)
    return 0


def _table(title: str, parameters: Counts, flops: Counts) -> Table:
    from rich.table import Table

    table = Table(title, "block", box=None, pad_edge=False)
    for heading in ("parameters", "share", "memory", "operations", "share"):
        table.add_column(heading, justify="right")
    total, spent = sum(parameters.values()), sum(flops.values())
    parts = list(dict.fromkeys(part for part, _ in (*parameters, *flops)))
    part_before = None
    for part, block in sorted(dict.fromkeys((*parameters, *flops)), key=lambda key: parts.index(key[0])):
        count, operations = parameters.get((part, block), 0), flops.get((part, block), 0)
        costs = (f"{count:,}", f"{count / total:.1%}", _bytes(FLOAT32 * count), _flops(operations), f"{operations / spent:.1%}")
        table.add_row(part if part != part_before else "", block, *costs)
        part_before = part
    table.add_row("all", "", f"{total:,}", "100.0%", _bytes(FLOAT32 * total), _flops(spent), "100.0%", style="bold")
    return table


def _training(description: Description) -> str:
    memory, activations = _bytes(description.training), _bytes(description.activations)
    return f"to train in float32: {memory} (weights, gradients, AdamW, average) and {activations} an example\n"


def _beside(description: Description, parameters: int, flops: int, config: dict[str, Any]) -> list[str]:
    spent, text = sum(description.flops.values()), config["text"]
    return [
        "memory: weights in float32. operations: of one question, forward, with a cache of keys and values",
        f"this model: a graph of {config['nodes']} nodes, {config['actions']} actions. "
        f"Llama-2-7B: a prompt of {text['prompt']} tokens, {text['answer']} tokens of SQL",
        f"parameters: 1 to {parameters / description.total:,.1f}. operations: 1 to {flops / spent:,.0f}",
    ]


def _flops(count: int) -> str:
    return f"{count / 1e9:,.1f} G" if count >= 1e9 else f"{count / 1e6:,.1f} M"


def _bytes(count: int) -> str:
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.1f} MiB"
