"""Nodes as vectors: the mean of their tokens, their kind, their flags.

A token is a row of a vocabulary plus the mean of its hashed character n-grams (fastText, Bojanowski et al. 2017), so that an
unknown word is as near to its relatives as its spelling.

Shapes: B batch, N nodes, T distinct tokens of a batch, G their n-grams, M tokens of all nodes, F flags, W width of a token, C model.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag


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
    ):
        super().__init__()
        self.dim = dim
        self.tokens, self.norm, self.dropout = tokens(words=words), norm, dropout
        self.widen = nn.Linear(width, dim, bias=False)
        self.kind_table = nn.Embedding(kinds, dim)
        self.flags = nn.Linear(flags, dim, bias=False)
        nn.init.normal_(self.kind_table.weight, std=dim**-0.5)

    def forward(self, tokens_TW: Tensor, node_tokens_M: Tensor, node_offsets_BN: Tensor, kinds_BN: Tensor, flags_BNF: Tensor) -> Tensor:
        """Token vectors, the tokens of each node (flat, with offsets [B*N]), kinds [B,N], flags [B,N,F] -> [B,N,C]."""
        means_BNW = embedding_bag(node_tokens_M, tokens_TW, node_offsets_BN, mode="mean").view(*kinds_BN.shape, -1)
        x_BNC = self.widen(means_BNW) + self.kind_table(kinds_BN) + self.flags(flags_BNF)
        return self.dropout(self.norm(x_BNC))
