"""A stack of encoder layers over the nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor, nn

from microgt.blocks.embedding import NodeEmbedder
from microgt.blocks.encoder_layer import EncoderLayer
from microgt.blocks.repeat import Factory, make
from microgt.blocks.residual import PreNorm
from microgt.graph import Graph
from microgt.model.batch import Batch


class Memory(NamedTuple):
    """What was read. nodes: [B,N,C], for pointers and cross attention. sequence: [B,S,C], all positions: the nodes, or tokens of a text."""

    nodes: Tensor
    node_mask: Tensor  # bool [B,N]
    sequence: Tensor
    mask: Tensor  # bool [B,S]


class Encoder(nn.Module):
    """depth layers. attention, feed_forward, norm, residual, dropout: factories, called once for each place."""

    def __init__(
        self, *, depth: int, attention: Factory, feed_forward: Factory, norm: Factory, dropout: Factory, residual: Factory = PreNorm
    ):
        super().__init__()
        self.layers = nn.ModuleList(
            EncoderLayer(
                attention=make(attention),
                attention_norm=make(norm),
                feed_forward=make(feed_forward),
                feed_forward_norm=make(norm),
                dropout=make(dropout),
                residuals=(make(residual), make(residual)),
            )
            for _ in range(depth)
        )
        self.norm = make(norm)

    def lay_out(self, graphs: Sequence[Graph], batch: Batch) -> Batch:
        """A batch with what this encoder reads beside nodes and relations: nothing."""
        return batch

    def read(self, embedder: NodeEmbedder, tokens_TW: Tensor, batch: Batch) -> Memory:
        """From the vectors of the batch's tokens [T,W]."""
        x_BNC = embedder(tokens_TW, batch.node_tokens, batch.node_offsets, batch.kinds, batch.flags)
        memory_BNC = self(x_BNC, batch.rel, batch.node_mask)
        return Memory(memory_BNC, batch.node_mask, memory_BNC, batch.node_mask)

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations uint8 [B,N,N], mask bool [B,N] -> memory [B,N,C]."""
        for layer in self.layers:
            x_BNC = layer(x_BNC, rel_BNN, mask_BN)
        return self.norm(x_BNC)
