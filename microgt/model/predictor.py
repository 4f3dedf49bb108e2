"""A checkpoint at work: questions in, candidate specs out."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from microgt.graph import Graph, Linker, ValueNode, build_graph
from microgt.model.batch import Batch
from microgt.model.checkpoint import Checkpoint, read_checkpoint
from microgt.model.decoding import beam_search, greedy
from microgt.model.steps import Hypothesis, Writing
from microgt.schema.types import Schema
from microgt.spec import Spec
from microgt.spec.grammar import Scope

MOST_LINKERS = 8  # questions come database by database


@dataclass(frozen=True)
class Candidate:
    """A spec, how sure the model is of it (0 to 1: the probability of its action sequence), and the value nodes it was given."""

    spec: Spec
    confidence: float
    values: tuple[ValueNode, ...]


class Predictor:
    """Holds a model and the linkers of the schemas it has met last."""

    def __init__(self, checkpoint: Checkpoint, *, beam: int = 5):
        self.checkpoint, self.beam = checkpoint, beam
        self._linkers: OrderedDict[int, tuple[Schema, Linker]] = OrderedDict()

    @classmethod
    def load(cls, path: str | Path, *, beam: int = 5, allow: Sequence[str] = ()) -> Predictor:
        """From a checkpoint directory or a Lightning .ckpt; see `read_checkpoint`. Raises `CheckpointError`."""
        return cls(read_checkpoint(path, allow=allow), beam=beam)

    def graph(self, question: str, schema: Schema) -> Graph:
        """The graph that the model sees."""
        return build_graph(question, schema, self._linker(schema))

    def _linker(self, schema: Schema) -> Linker:
        """By the schema's id, which is its own as long as the schema is held here with its linker."""
        if id(schema) not in self._linkers:
            self._linkers[id(schema)] = (schema, Linker(schema))
            if len(self._linkers) > MOST_LINKERS:
                self._linkers.popitem(last=False)
        self._linkers.move_to_end(id(schema))
        return self._linkers[id(schema)][1]

    def _write(self, batch: Batch, scopes: Sequence[Scope]) -> Writing:
        return self.checkpoint.model.writing(batch, scopes, self.checkpoint.lexicon)

    @torch.inference_mode()
    def predict(self, question: str, schema: Schema) -> list[Candidate]:
        """Candidate specs, best first."""
        graph = self.graph(question, schema)
        batch = self.checkpoint.model.collate([graph], None, self.checkpoint.lexicon)
        found = beam_search(self.checkpoint.model, batch, graph.scope, beam=self.beam, write=self._write)
        return [_candidate(h, graph) for h in found]

    @torch.inference_mode()
    def predict_many(self, graphs: Sequence[Graph]) -> list[Candidate]:
        """The greedy spec of each graph, decoded together."""
        batch = self.checkpoint.model.collate(list(graphs), None, self.checkpoint.lexicon)
        found = greedy(self.checkpoint.model, batch, [g.scope for g in graphs], write=self._write)
        return [_candidate(h, g) for h, g in zip(found, graphs, strict=True)]


def _candidate(hypothesis: Hypothesis, graph: Graph) -> Candidate:
    return Candidate(hypothesis.spec, math.exp(min(0.0, hypothesis.log_prob)), graph.values)
