"""The size of a model: parameters by block, operations and memory, found on the meta device, where nothing is allocated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from microgt.blocks.embedding import NodeEmbedder
from microgt.build import build
from microgt.model.arrays import RULES
from microgt.model.batch import Batch
from microgt.model.loss import ParserLoss
from microgt.model.operations import operations
from microgt.model.parser import Parser

_TRAINING_COPIES = 5  # weights, gradients, two moments of AdamW, the average


@dataclass(frozen=True)
class Description:
    """parameters: (part, block) -> count. flops: (part, block) -> floating-point operations of reading one example, forward.

    weights, training: bytes in float32. activations: bytes that one example keeps for the backward pass.
    """

    parameters: dict[tuple[str, str], int]
    flops: dict[tuple[str, str], int]
    weights: int
    training: int
    activations: int

    @property
    def total(self) -> int:
        """All parameters."""
        return sum(self.parameters.values())


def describe(
    model: dict[str, Any],
    *,
    nodes: int = 64,
    actions: int = 12,
    pieces: int | None = None,
    wrap: Callable[[Parser], None] = lambda parser: None,
) -> Description:
    """What a model's configuration amounts to, for an example with so many nodes and actions.

    pieces: of the text that the actions are, where a model writes text; None: about as many as there usually are.
    wrap: what is done to the model before its activations are counted.
    """
    with torch.device("meta"):
        parser: Parser = build(model)
        batch = parser.decoder.stand_in(_example(parser.embedder, nodes, actions), pieces)
    count = Counter[tuple[str, str]]()
    for name, parameter in parser.named_parameters():
        count[_block(name)] += parameter.numel()
    weights = 4 * sum(count.values())
    flops = Counter[tuple[str, str]]()
    for name, spent in operations(parser.eval(), lambda: parser(batch)).items():
        flops[_block(f"{name}.itself" if name else "parser.itself")] += spent
    wrap(parser)
    return Description(dict(count), dict(flops), weights, _TRAINING_COPIES * weights, _activations(parser.train(), batch))


def _block(name: str) -> tuple[str, str]:
    """`encoder.layers.3.attention_norm.gain` -> ("encoder", "norms")."""
    part, *inner = (word for word in name.split(".") if word != "layers" and not word.isdigit())
    block = inner[0] if len(inner) > 1 else "other"
    if "norm" in block:
        return part, "norms"
    if block == "tokens":
        return part, inner[1].replace("_table", " table")
    return part, block.replace("_", " ")


def _example(embedder: NodeEmbedder, nodes: int, actions: int) -> Batch:
    """One example whose nodes hold one token of eight n-grams each; on the current device."""
    steps = {name: torch.zeros(1, actions, dtype=torch.long) for name in ("actions", "slots", "parents", "depths")}
    return Batch(
        token_ids=torch.zeros(nodes, dtype=torch.long),
        ngram_ids=torch.zeros(8 * nodes, dtype=torch.long),
        ngram_offsets=torch.zeros(nodes, dtype=torch.long),
        node_tokens=torch.zeros(nodes, dtype=torch.long),
        node_offsets=torch.zeros(nodes, dtype=torch.long),
        kinds=torch.zeros(1, nodes, dtype=torch.long),
        flags=torch.zeros(1, nodes, embedder.flags.in_features),
        rel=torch.zeros(1, nodes, nodes, dtype=torch.uint8),
        node_mask=torch.ones(1, nodes, dtype=torch.bool),
        legal=torch.ones(1, actions, RULES + nodes, dtype=torch.bool),
        action_mask=torch.ones(1, actions, dtype=torch.bool),
        used=torch.zeros(1, nodes),
        text_tokens=torch.zeros(1, nodes, dtype=torch.long),
        text_nodes=torch.arange(nodes)[None],
        **steps,
    )


def _activations(parser: Parser, batch: Batch) -> int:
    """Bytes of the tensors that autograd saves, weights and the batch not counted."""
    saved: dict[tuple[int, int, int], int] = {}
    known = {p.untyped_storage()._cdata for p in parser.parameters()} | {
        t.untyped_storage()._cdata for t in vars(batch).values() if t is not None
    }

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()._cdata
        if storage not in known:
            saved[storage, int(tensor.storage_offset()), tensor.numel()] = tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        ParserLoss()(parser(batch), batch)
    return sum(saved.values())
