"""Graphs and their gold actions to one padded batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from microgt.graph import Graph
from microgt.model.arrays import RULES, arrays_of
from microgt.model.batch import Batch
from microgt.model.lexicon import Lexicon
from microgt.spec.grammar import Action


def collate(graphs: Sequence[Graph], targets: Sequence[Sequence[Action]] | None, lexicon: Lexicon) -> Batch:
    """One batch. targets: the gold actions of each graph (`GRAMMAR.encode`), or None when predicting.

    Raises `GrammarError` when a target is not legal.
    """
    return Batch(**{name: torch.from_numpy(array) for name, array in arrays_of(graphs, targets, lexicon).items()})


__all__ = ["RULES", "collate"]
