"""Search with a model of torch; see `search.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from microgt.model import search
from microgt.model.actions import ActionWriting, Nodes
from microgt.model.batch import Batch
from microgt.model.parser import Parser
from microgt.model.steps import Hypothesis, Steps, Writing
from microgt.spec.grammar import Scope

Write = Callable[[Batch, Sequence[Scope]], Writing]


class TorchStepper:
    """The `Stepper` of a `Parser` and a batch."""

    def __init__(self, model: Parser, batch: Batch):
        self.model, self.batch, self.device = model, batch, batch.kinds.device

    @torch.inference_mode()
    def start(self) -> Any:
        """The encoded batch."""
        return self.model.start(self.batch)

    @torch.inference_mode()
    def step(self, steps: Any, legal: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Log-probabilities [B,A] and the state after."""
        read = Steps(*map(self._tensor, steps)) if isinstance(steps, Steps) else self._tensor(steps)
        logp, after = self.model.decode_step(read, self._tensor(legal), state)
        return logp.cpu().numpy(), after

    @torch.inference_mode()
    def select(self, state: Any, rows: Sequence[int]) -> Any:
        """The state of some rows."""
        return state.select(torch.tensor(rows, dtype=torch.long, device=self.device))

    def _tensor(self, array: np.ndarray) -> Tensor:
        return torch.from_numpy(array).to(self.device)


def action_writing(batch: Batch, scopes: Sequence[Scope]) -> Writing:
    """The `Writing` of a decoder of actions."""
    return ActionWriting(batch.kinds.cpu().numpy(), batch.node_mask.cpu().numpy(), scopes)


def greedy(model: Parser, batch: Batch, scopes: Sequence[Scope], *, write: Write = action_writing) -> list[Hypothesis]:
    """See `search.greedy`."""
    return search.greedy(TorchStepper(model, batch), write(batch, scopes), len(batch))


def beam_search(model: Parser, batch: Batch, scope: Scope, *, beam: int = 5, write: Write = action_writing) -> list[Hypothesis]:
    """Up to `beam` hypotheses of the batch's only graph; see `search.beam_search`."""
    if len(batch) != 1:
        raise ValueError(f"beam search takes one graph; it was given {len(batch)}")
    return search.beam_search(TorchStepper(model, batch), write(batch, [scope]), beam=beam)


__all__ = ["Hypothesis", "Nodes", "TorchStepper", "Write", "beam_search", "greedy"]
