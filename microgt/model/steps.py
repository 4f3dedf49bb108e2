"""What search and the decoder say to each other of a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from microgt.errors import GrammarError
from microgt.spec.grammar import Action
from microgt.spec.types import Spec

START = -1  # the action before the first


class Steps(NamedTuple):
    """Where in the tree each step is, int64 [B,L]: arrays in search, tensors in a decoder of torch.

    before: the action before (joint id, `START` at the first).
    """

    before: Any
    slots: Any
    parents: Any
    depths: Any


@dataclass(frozen=True)
class Hypothesis:
    """A finished derivation, the log-probability of what was written, and its tree."""

    actions: tuple[Action, ...]
    log_prob: float
    spec: Spec


class Growing(Protocol):
    """An output under way. `push` returns a new one; the old one stays valid, so beams share their beginnings."""

    @property
    def done(self) -> bool:
        """Whether nothing more comes."""
        ...

    def push(self, index: int) -> Growing:
        """With one more output of the decoder."""
        ...

    def finish(self, log_prob: float) -> Hypothesis:
        """What was written. Raises `GrammarError` when it is no spec."""
        ...

    def stuck(self) -> GrammarError:
        """What to say when nothing may come next."""
        ...


class Writing(Protocol):
    """How a decoder's outputs become specs, for the graphs of a batch."""

    def start(self, graph: int) -> Growing:
        """Nothing written yet for one of the graphs."""
        ...

    def inputs(self, rows: Sequence[Any]) -> tuple[Any, np.ndarray]:
        """What the decoder reads for the next output of each row (`Steps` or one array), and bool [B,A], which outputs are legal."""
        ...


class Stepper(Protocol):
    """A model that has read the graphs of a batch, whatever it runs on: what search asks of it. A, outputs, as of the `Writing`."""

    def start(self) -> Any:
        """Where decoding begins: a row for each graph."""
        ...

    def step(self, steps: Any, legal: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """One output more of each row: log-probabilities float32 [B,A], illegal ones at -inf, and the state after it."""
        ...

    def select(self, state: Any, rows: Sequence[int]) -> Any:
        """The state of some rows, in any order and repeated at will."""
        ...
