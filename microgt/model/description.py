"""The size of a model: parameters by block, operations and memory, found on the meta device, where nothing is allocated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from microgt.blocks.embedding import NodeEmbedder
from microgt.build import build
from microgt.model.batch import Batch
from microgt.model.decoder import RULES
from microgt.model.loss import ParserLoss
from microgt.model.parser import Parser

_TRAINING_COPIES = 5  # weights, gradients, two moments of AdamW, the average


@dataclass(frozen=True)
class Description:
    """parameters: (part, block) -> count. flops: part -> floating-point operations of reading one example, forward.

    weights, training: bytes in float32. activations: bytes that one example keeps for the backward pass.
    """

    parameters: dict[tuple[str, str], int]
    flops: dict[str, int]
    weights: int
    training: int
    activations: int

    @property
    def total(self) -> int:
        """All parameters."""
        return sum(self.parameters.values())


def describe(model: dict[str, Any], *, nodes: int = 64, actions: int = 12) -> Description:
    """What a model's configuration amounts to, for an example with so many nodes and actions."""
    with torch.device("meta"):
        parser: Parser = build(model)
        batch = _example(parser.embedder, nodes, actions)
    count = Counter[tuple[str, str]]()
    for name, parameter in parser.named_parameters():
        count[_block(name)] += parameter.numel()
    weights = 4 * sum(count.values())
    return Description(dict(count), _flops(parser.eval(), batch), weights, _TRAINING_COPIES * weights, _activations(parser.train(), batch))


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
        **steps,
    )


def _flops(parser: Parser, batch: Batch) -> dict[str, int]:
    counter = FlopCounterMode(display=False, custom_mapping={torch.ops.microgt.relation_attention: _attention_flops})
    with counter, torch.no_grad():
        parser(batch)
    by_module = counter.get_flop_counts()
    flops = {part: sum(by_module.get(f"Parser.{part}", {}).values()) for part in ("embedder", "encoder")}
    return flops | {"decoder": counter.get_total_flops() - sum(flops.values())}


def _attention_flops(q: torch.Size, *_: Any, **__: Any) -> int:
    """Of the operator's two products, scores and sums of values; what it reads from tables is made by products outside of it."""
    batch, heads, nodes, width = q
    return 4 * batch * heads * nodes * nodes * width


def _activations(parser: Parser, batch: Batch) -> int:
    """Bytes of the tensors that autograd saves, weights and the batch not counted."""
    saved: dict[tuple[int, int, int], int] = {}
    known = {p.untyped_storage()._cdata for p in parser.parameters()} | {t.untyped_storage()._cdata for t in vars(batch).values()}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()._cdata
        if storage not in known:
            saved[storage, int(tensor.storage_offset()), tensor.numel()] = tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        ParserLoss()(parser(batch), batch)
    return sum(saved.values())
