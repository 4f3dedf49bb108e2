"""A checkpoint at work: questions in, candidate specs out."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from microgt.evaluation.calibration import Calibrator
from microgt.graph import Graph, Linker, ValueNode, build_graph
from microgt.model.batch import Batch
from microgt.model.checkpoint import Checkpoint, read_checkpoint
from microgt.model.decoding import beam_search, greedy
from microgt.model.signs import signs_of
from microgt.model.steps import Hypothesis, Writing
from microgt.schema.types import Schema
from microgt.spec import Spec
from microgt.spec.grammar import Scope

MOST_LINKERS = 8  # questions come database by database


@dataclass(frozen=True)
class Candidate:
    """A spec, how sure the model is of it (0 to 1), and the value nodes it was given.

    confidence: the probability that it is right where the checkpoint is calibrated, else that of its action sequence. signs: what a
    confidence is calibrated by; none of a greedy reading, which has no others beside it.
    """

    spec: Spec
    confidence: float
    values: tuple[ValueNode, ...]
    signs: Mapping[str, float] = field(default_factory=dict)


class Predictor:
    """Holds a model and the linkers of the schemas it has met last."""

    def __init__(self, checkpoint: Checkpoint, *, beam: int = 5):
        self.checkpoint, self.beam = checkpoint, beam
        stored = checkpoint.config.get("calibration")
        self.calibrator = Calibrator.from_json(stored) if stored else None
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
        return [_candidate(h, graph, signs, self.calibrator) for h, signs in zip(found, signs_of(found, graph), strict=True)]

    @torch.inference_mode()
    def predict_many(self, graphs: Sequence[Graph]) -> list[Candidate]:
        """The greedy spec of each graph, decoded together."""
        batch = self.checkpoint.model.collate(list(graphs), None, self.checkpoint.lexicon)
        found = greedy(self.checkpoint.model, batch, [g.scope for g in graphs], write=self._write)
        return [_candidate(h, g, {}, None) for h, g in zip(found, graphs, strict=True)]


def _candidate(hypothesis: Hypothesis, graph: Graph, signs: Mapping[str, float], calibrator: Calibrator | None) -> Candidate:
    confidence = calibrator.confidence(signs) if calibrator and signs else math.exp(min(0.0, hypothesis.log_prob))
    return Candidate(hypothesis.spec, confidence, graph.values, signs)
