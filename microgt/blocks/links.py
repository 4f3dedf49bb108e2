"""Which words of a question belong to which names of the schema, beyond what the graph says by their letters.

Each module reads graphs before they are batched (`read`), then the relations of the batch: what embeds tokens, distinct tokens [T], those
of all nodes (flat, int64 [M], with offsets [B*N]) and the graphs' relations uint8 [B,N,N] -> relations [B,N,N]. S is the size of a word
vector, K = B*N.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag, normalize, pad

from microgt.errors import ConfigError
from microgt.graph import Graph
from microgt.graph.relations import Relation
from microgt.graph.synonyms import UNLINKED, with_synonyms
from microgt.graph.words import STOP, stem

_SILENT = len(STOP)  # words that mean no thing: they belong to no name


class GraphLinks(nn.Module):
    """Those of the graph."""

    def read(self, graph: Graph) -> Graph:
        """As it is."""
        return graph

    def forward(self, tokens: nn.Module, ids_T: Tensor, node_tokens_M: Tensor, offsets_K: Tensor, rel_BNN: Tensor) -> Tensor:
        """As they are."""
        return rel_BNN


class SynonymLinks(GraphLinks):
    """As in the graph, and where that has none, of words that mean the same or nearly the same by a thesaurus (`graph/synonyms.py`)."""

    def read(self, graph: Graph) -> Graph:
        """With further relations."""
        return with_synonyms(graph)


class MeaningLinks(GraphLinks):
    """As in the graph, and where that has none: a word that means nearly what a word of a name means (as Wang et al. 2022, Proton,
    but by frozen word vectors instead of a language model).

    near: cosines of their vectors from which a pair has a relation of its own, the greatest first. Further relations, one for each of
    these and each of the four kinds of pair, have the ids behind those of the graph.
    """

    base: Tensor
    silent: Tensor

    def __init__(self, *, near: Sequence[float] = (0.7, 0.55, 0.4)):
        super().__init__()
        self.near = tuple(near)
        if list(self.near) != sorted(set(self.near), reverse=True):
            raise ConfigError(f"near: cosines are given from the greatest to the least; it was given {list(self.near)}")
        base = torch.zeros(len(Relation), dtype=torch.int64)
        for i, relation in enumerate(UNLINKED):
            base[relation] = len(Relation) + i * len(self.near)
        self.register_buffer("base", base, persistent=False)
        self.register_buffer("silent", torch.zeros(_SILENT, dtype=torch.int64))

    def load_pretrained(self, lexicon: Any) -> None:
        """Which words of a run's vocabulary mean no thing."""
        self.silent.copy_(torch.tensor([lexicon.id(stem(word)) for word in sorted(STOP)]))

    def forward(self, tokens: nn.Module, ids_T: Tensor, node_tokens_M: Tensor, offsets_K: Tensor, rel_BNN: Tensor) -> Tensor:
        """Those of the graph and those by meaning. Raises `ConfigError` where tokens have no frozen vectors."""
        table = getattr(tokens, "static_table", None)
        if table is None:
            raise ConfigError("links by meaning need frozen word vectors: model/embedder/tokens=static")
        heard_T = (ids_T[:, None] != self.silent).all(1)
        level_KT = self._levels(table(ids_T) * heard_T[:, None], node_tokens_M, offsets_K)
        level_BNN = _of_pairs(level_KT, node_tokens_M, offsets_K, rel_BNN)
        base_BNN = self.base[rel_BNN.long()]
        linked_BNN = (base_BNN + len(self.near) - level_BNN).to(rel_BNN.dtype)
        return torch.where((base_BNN > 0) & (level_BNN > 0), linked_BNN, rel_BNN)

    def _levels(self, vectors_TS: Tensor, node_tokens_M: Tensor, offsets_K: Tensor) -> Tensor:
        """int64 [K,T]: how many of `near` are reached by the cosine of a token and that token of a node which is nearest to it."""
        unit_TS = normalize(vectors_TS.float(), dim=-1)
        cosine_TT = unit_TS @ unit_TS.t()
        hits_TX = torch.cat([(cosine_TT >= bound).float() for bound in self.near], dim=1)
        share_KX = embedding_bag(node_tokens_M, hits_TX, offsets_K, mode="mean")  # of a node's tokens; above 0 where any hits
        return (share_KX.unflatten(1, (len(self.near), -1)) > 0).sum(1)


def _of_pairs(level_KT: Tensor, node_tokens_M: Tensor, offsets_K: Tensor, rel_BNN: Tensor) -> Tensor:
    """int64 [B,N,N], the same from both sides: what a name has of a word. A word has one token."""
    shape_BNN = rel_BNN.shape
    word_K = pad(node_tokens_M, (0, 1))[offsets_K]  # a node without tokens at the end begins behind the last
    word_BNN = word_K.view(shape_BNN[0], 1, shape_BNN[2]).expand(shape_BNN)
    level_BNN = level_KT.view(*shape_BNN[:2], -1).gather(2, word_BNN)
    return torch.maximum(level_BNN, level_BNN.transpose(1, 2))
