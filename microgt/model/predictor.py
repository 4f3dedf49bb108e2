"""A checkpoint at work in torch: questions in, candidate specs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from microgt.errors import GrammarError
from microgt.graph import Graph
from microgt.model.attended import attended_words, last_attention
from microgt.model.checkpoint import Checkpoint, read_checkpoint
from microgt.model.decoding import TorchStepper
from microgt.model.proposer import Candidate, Proposer
from microgt.model.steps import Stepper, Writing
from microgt.schema.types import Schema
from microgt.spec.grammar import GRAMMAR
from microgt.spec.types import Spec


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

    def attended(self, question: str, schema: Schema, spec: Spec) -> Mapping[str, Sequence[float]] | None:
        """See `Proposer.attended`; told by a decoder of actions, in `attended.py`."""
        model, graph = self.checkpoint.model, self.graph(question, schema)
        attention = last_attention(model)
        try:
            actions = GRAMMAR.encode(spec, graph.scope)
        except GrammarError:
            return None
        return attention and attended_words(model, model.collate([graph], [actions], self.checkpoint.lexicon), graph, attention)


__all__ = ["Candidate", "Predictor"]
