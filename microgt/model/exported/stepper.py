"""The `Stepper` of an exported model. Shapes: B rows, S steps so far, R rules, N nodes, A = R + N."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgt.model.exported.names import ENCODED, PLACE
from microgt.model.steps import Steps

Arrays = dict[str, np.ndarray]
_LEAST = np.finfo(np.float32)  # numbers above -inf and above 0
Function = Callable[[Arrays], Sequence[np.ndarray]]


@dataclass(frozen=True)
class Functions:
    """The two functions, called with arrays by name (`names.py`). past: shape of `past` with B and S 0. allowed: bool [R]: rules."""

    encode: Function
    step: Function
    past: tuple[int, ...]
    allowed: np.ndarray


@dataclass(frozen=True)
class State:
    """graphs: which graph each row is of. shared: what the encoder gave of these. past: keys and values [2Y,B,H,S,D]."""

    graphs: tuple[int, ...]
    shared: Arrays
    pointed: np.ndarray
    depths: np.ndarray
    past: np.ndarray


class ExportedStepper:
    """fields: of the batch (`arrays_of`)."""

    def __init__(self, functions: Functions, fields: Mapping[str, np.ndarray]):
        self.functions = functions
        self.read = {**fields, "node_offsets": fields["node_offsets"].reshape(fields["kinds"].shape)}
        nodes = np.ones(fields["node_mask"].shape[1], dtype=bool)
        self._allowed = np.concatenate([functions.allowed, nodes])
        self._encoded: Arrays = {}

    def start(self) -> State:
        """Encode."""
        mask = self.read["node_mask"]
        self._encoded = {"node_mask": mask, **dict(zip(ENCODED, self.functions.encode(self.read), strict=True))}
        layers, _, heads, _, width = self.functions.past
        past = np.zeros((layers, len(mask), heads, 0, width), dtype=np.float32)
        return State(tuple(range(len(mask))), self._encoded, np.zeros_like(mask), np.zeros((len(mask), 0), dtype=np.int64), past)

    def step(self, steps: Steps, legal: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """Log-probabilities float32 [B,A], and the state after."""
        place = dict(zip(PLACE, steps, strict=True))
        remembered = {"pointed": state.pointed, "past_depths": state.depths, "past": state.past}
        logits, pointed, past = self.functions.step({**place, **state.shared, **remembered})
        depths = np.concatenate([state.depths, steps.depths], axis=1)
        after = State(state.graphs, state.shared, pointed, depths, past)
        return log_softmax(np.where(legal & self._allowed, logits, -np.inf)), after

    def select(self, state: State, rows: Sequence[int]) -> State:
        """The state of some rows. What the encoder gave is copied only when rows of other graphs take their places."""
        places = np.array(rows, dtype=np.int64)
        graphs = tuple(state.graphs[row] for row in rows)
        shared = state.shared
        if graphs != state.graphs:
            taken = np.array(graphs, dtype=np.int64)
            shared = {name: x.take(taken, axis=1 if name == "cross" else 0) for name, x in self._encoded.items()}
        return State(graphs, shared, state.pointed[places], state.depths[places], state.past.take(places, axis=1))


def empty(shape: Sequence[Any]) -> tuple[int, ...]:
    """A shape with free sizes as 0."""
    return tuple(size if isinstance(size, int) else 0 for size in shape)


def log_softmax(x_BA: np.ndarray) -> np.ndarray:
    """Over the last dimension, float32; a row of -inf alone stays so."""
    shifted_BA = x_BA - np.maximum(x_BA.max(-1, keepdims=True), _LEAST.min)
    return shifted_BA - np.log(np.maximum(np.exp(shifted_BA).sum(-1, keepdims=True), _LEAST.tiny))
