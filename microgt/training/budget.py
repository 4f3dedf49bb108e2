"""How long to train: a number of steps, of examples read, or of operations spent. At most one of them decides."""

from __future__ import annotations

import math
from typing import Any

from microgt.errors import ConfigError

DEFAULT_STEPS = 6000
BACKWARD = 3  # operations of a training step in those of reading forward (Kaplan et al. 2020, section 2.1)


def check_budget(config: dict[str, Any]) -> None:
    """Raises `ConfigError` when two budgets are given that are not the same."""
    given = _given(config)
    if len(given) > 1:
        named = " and ".join(f"{name}={value:g}" for name, value in given.items())
        raise ConfigError(f"{named} are both given: one budget decides; set the other to null")


def steps_of(config: dict[str, Any], *, batch: int, flops_per_example: float) -> int:
    """The steps of the budget, at least one; `DEFAULT_STEPS` when none is given.

    batch: examples of all processes in a step. flops_per_example: of training, forward and backward.
    """
    for name, value in _given(config).items():
        if name == "training.examples":
            return math.ceil(value / batch)
        if name == "training.flops":
            return max(1, round(value / (batch * flops_per_example)))
        return int(value)
    return DEFAULT_STEPS


def _given(config: dict[str, Any]) -> dict[str, float]:
    """What is given, by its key; the Trainer's steps are another word for the budget's, and may say the same."""
    training, most = config["training"], config["trainer"]["max_steps"]
    found = {f"training.{name}": training[name] for name in ("steps", "examples", "flops")}
    if most != training["steps"]:
        found["trainer.max_steps"] = most
    return {name: value for name, value in found.items() if value is not None}
