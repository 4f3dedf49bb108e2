"""An exported model at work: questions in, candidate specs out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from microgt.graph import Graph
from microgt.model.actions import ActionWriting
from microgt.model.arrays import arrays_of
from microgt.model.exported.stepper import ExportedStepper, Functions
from microgt.model.lexicon import Lexicon
from microgt.model.proposer import Proposer
from microgt.model.steps import Stepper, Writing
from microgt.ranking import Ranking
from microgt.spec.grammar import GRAMMAR


class ExportedProposer(Proposer):
    """The `Proposer` of two exported functions."""

    def __init__(self, functions: Functions, lexicon: Lexicon, config: dict[str, Any], *, beam: int = 5, ranking: Ranking | None = None):
        super().__init__(config, beam=beam, ranking=ranking)
        self.functions, self.lexicon = functions, lexicon

    def read(self, graphs: Sequence[Graph]) -> tuple[Stepper, Writing]:
        """The model over a batch of these graphs, and how what it writes becomes specs."""
        fields = arrays_of([self._linked(graph) for graph in graphs], None, self.lexicon)
        writing = ActionWriting(fields["kinds"], fields["node_mask"], [g.scope for g in graphs])
        return ExportedStepper(self.functions, fields), writing


def allowed_rules(config: dict[str, Any]) -> np.ndarray:
    """bool [R]: the rules that the weights have learnt."""
    untrained = set(config.get("untrained", ()))
    return np.array([name not in untrained for name in GRAMMAR.rules])
