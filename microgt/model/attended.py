"""Which words of a question the decoder looked at when it pointed at a table, a column or a value.

They show what the model read there, not that it chose for that reason (Jain and Wallace 2019, Attention is not Explanation).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from microgt.blocks.attention import CrossAttention
from microgt.blocks.decoder_layer import DecoderLayer
from microgt.graph import Graph
from microgt.model.arrays import RULES
from microgt.model.batch import Batch
from microgt.model.decoder import Decoder
from microgt.model.parser import Parser


def last_attention(model: Parser) -> CrossAttention | None:
    """Of the decoder over the nodes; None in a model that has none, or whose decoder points at nothing."""
    last = model.decoder.layers[-1] if isinstance(model.decoder, Decoder) else None
    return last.cross if isinstance(last, DecoderLayer) and isinstance(last.cross, CrossAttention) else None


def attention_of_steps(model: Parser, batch: Batch, attention: CrossAttention) -> Tensor:
    """Of a batch with targets, for each gold step: the weights of a layer's attention over the nodes, mean of its heads, [B,L,N]."""
    found: list[Tensor] = []

    def keep(cross: Any, given: tuple[Any, ...], _: Tensor) -> None:
        found.append(cross.weights(*given).mean(1))

    with torch.inference_mode(), attention.register_forward_hook(keep):
        model(batch)
    return found[0]


def attended_words(model: Parser, batch: Batch, graph: Graph, attention: CrossAttention) -> Mapping[str, Sequence[float]]:
    """For what the gold steps of a batch of one graph point at, in their order: shares of the attention on the question's words.

    Names are ids of tables and columns, and values as text; of one that is pointed at more than once all times together.
    """
    assert batch.actions is not None
    words, found = len(graph.words), defaultdict[str, list[Tensor]](list)
    for action, weights_N in zip(batch.actions[0].tolist(), attention_of_steps(model, batch, attention)[0], strict=True):
        if action >= RULES:
            found[_name(graph, action - RULES)].append(weights_N[:words])
    return {name: _shares(torch.stack(seen).sum(0)) for name, seen in found.items()}


def _shares(weights_W: Tensor) -> list[float]:
    return (weights_W / weights_W.sum().clamp(min=torch.finfo(weights_W.dtype).tiny)).tolist()


def _name(graph: Graph, node: int) -> str:
    """Of a node that can be pointed at; those of words and the star come before."""
    return (*graph.tables, *graph.columns, *(str(v.value) for v in graph.values))[node - len(graph.words) - 1]
