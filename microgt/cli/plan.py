"""`microgt plan`: memory of each GPU, operations and hours that training a model would take."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from microgt.cli.inputs import add_overrides, overrides_of

if TYPE_CHECKING:
    from rich.table import Table

    from microgt.training.plan import Gpu, Plan

EPILOG = """\
keys (defaults in configs/plan.yaml):
  model=nano|micro|small|tenth  gpus=N  gpu=h100|a100|l4
  batch=N                       examples on each GPU in a step
  examples=N or tokens=N        what is read (tokens: nodes and actions); neither: 20 tokens a parameter
  nodes=N  actions=N            of an example
  utilisation=X                 the share of the peak that is reached
  machine/wrap=none|recompute   whether activations are computed again instead of kept

examples:
  microgt plan model=tenth gpus=8
  microgt plan model=tenth gpus=8 gpu=a100 machine/wrap=recompute examples=10000000
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides only."""
    parser.epilog = EPILOG
    add_overrides(parser)


def run(args: argparse.Namespace) -> int:
    """Compose, count, print."""
    from rich.console import Console

    from microgt.build import build, trusting
    from microgt.config import compose
    from microgt.training.plan import plan

    config = compose("plan", overrides_of(args))
    gpu, wrap = build(config["gpu"]), build(config["machine"]["wrap"])
    with trusting(config["packages"]):
        found = plan(
            config["model"],
            gpu=gpu,
            wrap=wrap,
            **{key: config[key] for key in ("gpus", "batch", "nodes", "actions", "utilisation", "examples", "tokens")},
        )
    console = Console(highlight=False)
    console.print(_table(found, gpu, config))
    for line in _lines(found, gpu, config):
        console.print(line, soft_wrap=True)
    return 0


def _table(found: Plan, gpu: Gpu, config: dict[str, Any]) -> Table:
    from rich.table import Table

    table = Table(f"GB on each of {config['gpus']} {gpu.name}", box=None, pad_edge=False)
    for layout in found.layouts:
        table.add_column(layout.name, justify="right")
    for name in found.layouts[0].memory:
        label = f"{name}, {config['batch']} examples" if name == "activations" else name
        table.add_row(label, *(f"{layout.memory[name] / 1e9:.1f}" for layout in found.layouts))
    table.add_row("all", *(f"{layout.total / 1e9:.1f}" for layout in found.layouts), style="bold")
    verdicts = ("fits" if layout.total <= gpu.memory else "does not fit" for layout in found.layouts)
    table.add_row(f"of {gpu.memory / 1e9:.0f}", *verdicts)
    table.add_row("most examples", *(f"{layout.most:,}" for layout in found.layouts))
    return table


def _lines(found: Plan, gpu: Gpu, config: dict[str, Any]) -> list[str]:
    length = f"{config['nodes']} nodes and {config['actions']} actions"
    return [
        "",
        f"{found.parameters:,} parameters; {found.examples:,} examples of {length}: {found.tokens:,} tokens, {found.steps:,} steps",
        f"{found.flops:.3g} operations; {found.hours:,.1f} hours at {config['utilisation']:.0%} of {gpu.peak / 1e12:,.0f} TFLOP/s each",
        "arithmetic from the maker's peak rate and memory and from an assumed utilisation; nothing was run. weights in float32,",
        "activations as in float32, so at most that in bf16; what the allocator and libraries keep comes on top",
    ]
