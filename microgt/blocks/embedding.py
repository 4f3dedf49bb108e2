"""Nodes as vectors: their tokens, their kind, their flags.

A token is a row of a vocabulary plus the mean of its hashed character n-grams (fastText, Bojanowski et al. 2017), so that an
unknown word is as near to its relatives as its spelling.

Shapes: B batch, N nodes, T distinct tokens of a batch, G their n-grams, M tokens of all nodes, F flags, W width of a token, C model.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from microgt.blocks.links import GraphLinks
from microgt.blocks.pooling import MeanPooling
from microgt.blocks.positions import NoPositions

_WORD = 0  # kind of a question's word


class TokenEmbedder(nn.Module):
    """words: size of the vocabulary, id 0 for unknown words. grams: number of n-gram buckets.

    unknown: share of tokens that lose their vocabulary row in training, so that row 0 and the n-grams learn to stand alone.
    """

    def __init__(self, *, width: int, words: int, grams: int, unknown: float = 0.0):
        super().__init__()
        self.grams, self.unknown = grams, unknown
        self.word_table = nn.Embedding(words, width)
        self.gram_table = nn.EmbeddingBag(grams, width, mode="mean")
        for table in (self.word_table, self.gram_table):
            nn.init.normal_(table.weight, std=width**-0.5)

    def forward(self, ids_T: Tensor, gram_hashes_G: Tensor, gram_offsets_T: Tensor) -> Tensor:
        """Vocabulary ids [T], flat n-gram hashes [G] and where each token's begin [T] -> [T,W]."""
        if self.training and self.unknown:
            ids_T = ids_T * (torch.rand(ids_T.shape, device=ids_T.device) >= self.unknown)
        return self.word_table(ids_T) + self.gram_table(gram_hashes_G % self.grams, gram_offsets_T)


class NodeEmbedder(nn.Module):
    """dim: C. width: W. words: size of the vocabulary. flags: F. kinds: number of node kinds.

    tokens: called with `words=`, which is known only when training starts; gives the vectors of a batch's distinct tokens.
    pooling: from the tokens of a node to one vector (`pooling.py`). positions: of a question's words (`positions.py`).
    links: from the graph's relations to those that the encoder sees (`links.py`).
    """

    def __init__(
        self,
        *,
        dim: int,
        width: int,
        words: int,
        tokens: Callable[..., nn.Module],
        norm: nn.Module,
        dropout: nn.Module,
        flags: int,
        kinds: int = 5,
        pooling: nn.Module | None = None,
        positions: nn.Module | None = None,
        links: GraphLinks | None = None,
    ):
        super().__init__()
        self.dim = dim
        self.tokens, self.norm, self.dropout = tokens(words=words), norm, dropout
        self.pooling, self.positions, self.links = pooling or MeanPooling(), positions or NoPositions(), links or GraphLinks()
        self.widen = nn.Linear(width, dim, bias=False)
        self.kind_table = nn.Embedding(kinds, dim)
        self.flags = nn.Linear(flags, dim, bias=False)
        nn.init.normal_(self.kind_table.weight, std=dim**-0.5)

    def forward(self, tokens_TW: Tensor, node_tokens_M: Tensor, node_offsets_BN: Tensor, kinds_BN: Tensor, flags_BNF: Tensor) -> Tensor:
        """Token vectors, the tokens of each node (flat, with offsets [B*N]), kinds [B,N], flags [B,N,F] -> [B,N,C]."""
        names_BNW = self.pooling(tokens_TW, node_tokens_M, node_offsets_BN).view(*kinds_BN.shape, -1)
        x_BNC = self.widen(names_BNW) + self.kind_table(kinds_BN) + self.flags(flags_BNF)
        number_N = torch.arange(kinds_BN.shape[1], device=kinds_BN.device)
        x_BNC = x_BNC + self.positions(number_N) * (kinds_BN == _WORD)[..., None]  # words come first, in their order
        return self.dropout(self.norm(x_BNC))

    def relations(self, ids_T: Tensor, node_tokens_M: Tensor, node_offsets_BN: Tensor, rel_BNN: Tensor) -> Tensor:
        """Ids of the batch's tokens, the tokens of each node, the graph's relations -> the relations that the encoder sees [B,N,N]."""
        return self.links(self.tokens, ids_T, node_tokens_M, node_offsets_BN, rel_BNN)
