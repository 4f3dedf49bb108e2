"""What training a model takes on several GPUs, by arithmetic: memory of each, operations, hours. Nothing is allocated, nothing measured.

Weights, gradients and AdamW's moments in float32 as in Lightning's bf16-mixed; activations counted in float32, so that those of bf16 are
at most as large.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from microgt.errors import ConfigError
from microgt.model.description import describe
from microgt.model.parser import Parser
from microgt.training.budget import BACKWARD
from microgt.training.wrap import Plain

_FLOAT32, _BF16 = 4, 2
TOKENS_A_PARAMETER = 20  # Hoffmann et al. 2022, for text; nobody has measured it for graphs


@dataclass(frozen=True)
class Gpu:
    """peak: dense bf16 operations a second. memory: bytes. Both as its maker states them."""

    name: str
    peak: float
    memory: float


@dataclass(frozen=True)
class Layout:
    """Bytes on each GPU by what they hold, and how many examples fit in a batch of one GPU (0: not even one)."""

    name: str
    memory: dict[str, float]
    most: int

    @property
    def total(self) -> float:
        """All bytes."""
        return sum(self.memory.values())


@dataclass(frozen=True)
class Plan:
    """flops: of all training, forward and backward, and recomputed where that is done. tokens: nodes and actions."""

    parameters: int
    layouts: tuple[Layout, ...]
    examples: int
    tokens: int
    steps: int
    flops: float
    hours: float


def plan(
    model: dict[str, Any],
    *,
    gpu: Gpu,
    gpus: int,
    batch: int,
    nodes: int,
    actions: int,
    utilisation: float,
    examples: int | None = None,
    tokens: int | None = None,
    wrap: Callable[[Parser], None] | None = None,
) -> Plan:
    """batch: examples on each GPU in a step. utilisation: share of the peak that is reached. wrap: what is done to the layers (`wrap.py`).

    examples, tokens: what is read, one of them; neither: `TOKENS_A_PARAMETER`. Raises `ConfigError` when both are given.
    """
    if examples is not None and tokens is not None:
        raise ConfigError(f"examples={examples} and tokens={tokens} are both given: one decides; set the other to null")
    plain = describe(model, nodes=nodes, actions=actions)
    kept = describe(model, nodes=nodes, actions=actions, wrap=wrap or Plain()).activations
    depth = model["encoder"]["depth"]
    again = (plain.activations - kept) / max(1, depth)  # of one layer at a time, while it is recomputed
    total, encoder = plain.total, _of(plain.parameters, "encoder")
    copies = {"weights": _FLOAT32, "gradients": _FLOAT32, "AdamW": 2 * _FLOAT32}
    whole = {name: size * total for name, size in copies.items()}
    gathered = _BF16 * (total - encoder + 2 * encoder / max(1, depth))  # what is outside of layers, a layer, and the next
    ddp = {**whole, "average": _FLOAT32 * total, "buckets or gathered": (_FLOAT32 if gpus > 1 else 0) * total}
    fsdp = {**{name: size / gpus for name, size in whole.items()}, "average": 0, "buckets or gathered": gathered}
    an_example = kept + again
    if examples is None:
        examples = -(-(tokens or TOKENS_A_PARAMETER * total) // (nodes + actions))
    recomputed = _of(plain.flops, "encoder") if again else 0
    flops = float(examples * (BACKWARD * sum(plain.flops.values()) + recomputed))
    return Plan(
        parameters=total,
        layouts=tuple(_layout(name, memory, an_example, batch, gpu) for name, memory in (("DDP", ddp), ("FSDP", fsdp))),
        examples=examples,
        tokens=examples * (nodes + actions),
        steps=-(-examples // (batch * gpus)),
        flops=flops,
        hours=flops / (gpus * gpu.peak * utilisation) / 3600,
    )


def _of(counts: dict[tuple[str, str], int], part: str) -> int:
    return sum(count for (name, _), count in counts.items() if name == part)


def _layout(name: str, memory: Mapping[str, float], example: float, batch: int, gpu: Gpu) -> Layout:
    most = max(0, int((gpu.memory - sum(memory.values())) // example))
    return Layout(name, {**memory, "activations": example * batch}, most)
