"""The arm without a graph: an encoder that reads question and schema as one sequence of tokens.

It knows the order of the text and where a name begins, but no relations, no links between words and names, no types.

Shapes: B batch, N nodes, S tokens of a text, T distinct tokens, W width of a token, C model.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from microgt.blocks.embedding import NodeEmbedder
from microgt.blocks.repeat import Factory
from microgt.blocks.residual import PreNorm
from microgt.graph import Graph
from microgt.model.batch import Batch
from microgt.model.encoder import Encoder, Memory
from microgt.model.text.layout import lay_out


class TextEncoder(Encoder):
    """An `Encoder` over tokens; the memory of a node is the mean of its tokens. dim: C. Its attention should know positions.

    The kind of node a token belongs to is told as BERT tells segments (Devlin et al. 2019); a vector marks the first token of a name,
    where text would have a separator.
    """

    def __init__(
        self,
        *,
        dim: int,
        depth: int,
        attention: Factory,
        feed_forward: Factory,
        norm: Factory,
        dropout: Factory,
        residual: Factory = PreNorm,
    ):
        super().__init__(depth=depth, attention=attention, feed_forward=feed_forward, norm=norm, dropout=dropout, residual=residual)
        self.first = nn.Parameter(torch.empty(dim).normal_(std=0.5 * dim**-0.5))

    def lay_out(self, graphs: Sequence[Graph], batch: Batch) -> Batch:
        """With the graphs as texts."""
        return lay_out(graphs, batch)

    def read(self, embedder: NodeEmbedder, tokens_TW: Tensor, batch: Batch) -> Memory:
        """From the vectors of the batch's tokens [T,W]."""
        x_BSC, mask_BS = self.embed(embedder, tokens_TW, batch)
        assert batch.text_nodes is not None
        memory_BSC = self(x_BSC, batch.rel, mask_BS)
        return Memory(node_means(memory_BSC, batch.text_nodes, batch.kinds.shape[1]), batch.node_mask, memory_BSC, mask_BS)

    def embed(self, embedder: NodeEmbedder, tokens_TW: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """The text as vectors [B,S,C] and its mask bool [B,S]. Raises `ValueError` when the batch has no texts."""
        if batch.text_tokens is None or batch.text_nodes is None:
            raise ValueError("the batch has no texts: collate it with the model's own `collate`")
        mask_BS, node_BS = batch.text_nodes >= 0, batch.text_nodes.clamp(min=0)
        kinds_BS = batch.kinds.gather(1, node_BS)
        each = torch.arange(kinds_BS.numel(), device=kinds_BS.device)
        flags_BSF = batch.flags.new_zeros(*kinds_BS.shape, batch.flags.shape[-1])
        x_BSC = embedder(tokens_TW, batch.text_tokens.flatten(), each, kinds_BS, flags_BSF)
        begins_BS = torch.cat([torch.ones_like(mask_BS[:, :1]), node_BS[:, 1:] != node_BS[:, :-1]], dim=1)
        return x_BSC + self.first * begins_BS[..., None], mask_BS


def node_means(x_BSC: Tensor, nodes_BS: Tensor, count: int) -> Tensor:
    """The mean of the positions of each of N nodes, [B,N,C]; position -1 is of none, a node without positions gets zeros."""
    place_BS = torch.where(nodes_BS < 0, count, nodes_BS)
    sums_BNC = x_BSC.new_zeros(x_BSC.shape[0], count + 1, x_BSC.shape[2])
    sums_BNC = sums_BNC.scatter_add(1, place_BS[..., None].expand_as(x_BSC), x_BSC)
    counts_BN = x_BSC.new_zeros(x_BSC.shape[0], count + 1).scatter_add(1, place_BS, torch.ones_like(x_BSC[..., 0]))
    return (sums_BNC / counts_BN.clamp(min=1)[..., None])[:, :count]
