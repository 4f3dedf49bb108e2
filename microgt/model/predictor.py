"""A checkpoint at work in torch: questions in, candidate specs out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from microgt.graph import Graph
from microgt.model.checkpoint import Checkpoint, read_checkpoint
from microgt.model.decoding import TorchStepper
from microgt.model.proposer import Candidate, Proposer
from microgt.model.steps import Stepper, Writing


class Predictor(Proposer):
    """The `Proposer` of a checkpoint."""

    def __init__(self, checkpoint: Checkpoint, *, beam: int = 5):
        super().__init__(checkpoint.config, beam=beam, ranking=checkpoint.ranking)
        self.checkpoint = checkpoint

    @classmethod
    def load(cls, path: str | Path, *, beam: int = 5, allow: Sequence[str] = ()) -> Predictor:
        """From a checkpoint directory or a Lightning .ckpt; see `read_checkpoint`. Raises `CheckpointError`."""
        return cls(read_checkpoint(path, allow=allow), beam=beam)

    def read(self, graphs: Sequence[Graph]) -> tuple[Stepper, Writing]:
        """The model over a batch of these graphs, and how what it writes becomes specs."""
        model, lexicon = self.checkpoint.model, self.checkpoint.lexicon
        batch = model.collate(list(graphs), None, lexicon)
        return TorchStepper(model, batch), model.writing(batch, [g.scope for g in graphs], lexicon)


__all__ = ["Candidate", "Predictor"]
