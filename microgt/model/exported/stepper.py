"""The `Stepper` of an exported model. Shapes: B rows, S steps so far, R rules, N nodes, A = R + N."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from microgt.model.arrays import RULES
from microgt.model.exported.names import ENCODED, PLACE
from microgt.model.steps import Steps

Arrays = dict[str, np.ndarray]
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
        legal = legal & np.concatenate([self.functions.allowed, np.ones(legal.shape[1] - RULES, dtype=bool)])
        depths = np.concatenate([state.depths, steps.depths], axis=1)
        return log_softmax(np.where(legal, logits, -np.inf)), replace(state, pointed=pointed, depths=depths, past=past)

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
    """Over the last dimension; a row of -inf alone stays so."""
    most_B1 = x_BA.max(-1, keepdims=True)
    shifted_BA: Any = x_BA - np.where(np.isfinite(most_B1), most_B1, 0)
    with np.errstate(divide="ignore"):
        total_B1 = np.log(np.exp(shifted_BA).sum(-1, keepdims=True))
    return np.where(np.isfinite(shifted_BA), shifted_BA - np.where(np.isfinite(total_B1), total_B1, 0), -np.inf).astype(np.float32)
