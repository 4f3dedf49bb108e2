"""From the tokens of a node's name to one vector.

Each module: vectors of distinct tokens [T,W], which of them each node has (flat int64 [M]) and where each node's begin (int64 [K]) ->
[K,W]; a node without tokens gets zeros.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag


class MeanPooling(nn.Module):
    """The mean of the tokens."""

    def forward(self, tokens_TW: Tensor, node_tokens_M: Tensor, offsets_K: Tensor) -> Tensor:
        """[K,W]."""
        return embedding_bag(node_tokens_M, tokens_TW, offsets_K, mode="mean")


class MaxPooling(nn.Module):
    """The greatest of the tokens, entry by entry."""

    def forward(self, tokens_TW: Tensor, node_tokens_M: Tensor, offsets_K: Tensor) -> Tensor:
        """[K,W]."""
        return embedding_bag(node_tokens_M, tokens_TW, offsets_K, mode="max")


class AttentionPooling(nn.Module):
    """The mean of the tokens with weights softmax(v . tanh(U token)) (Yang et al. 2016, equations 5 to 7)."""

    def __init__(self, *, width: int):
        super().__init__()
        self.hidden, self.score = nn.Linear(width, width), nn.Linear(width, 1, bias=False)

    def forward(self, tokens_TW: Tensor, node_tokens_M: Tensor, offsets_K: Tensor) -> Tensor:
        """[K,W]."""
        score_T1 = self.score(torch.tanh(self.hidden(tokens_TW)))
        weight_T1 = (score_T1 - score_T1.max()).exp()
        sums_KW = embedding_bag(node_tokens_M, weight_T1 * tokens_TW, offsets_K, mode="sum")
        return sums_KW / embedding_bag(node_tokens_M, weight_T1, offsets_K, mode="sum").clamp(min=1e-30)


class FirstLast(nn.Module):
    """A linear map of the first and the last token: names such as `order date` end with what they are."""

    def __init__(self, *, width: int):
        super().__init__()
        self.join = nn.Linear(2 * width, width, bias=False)

    def forward(self, tokens_TW: Tensor, node_tokens_M: Tensor, offsets_K: Tensor) -> Tensor:
        """[K,W]."""
        most = len(node_tokens_M)
        ends_K = torch.cat([offsets_K[1:], offsets_K.new_full((1,), most)])
        places_K2 = torch.stack([offsets_K, ends_K - 1], dim=1).clamp(0, most - 1)
        ends_K2W = tokens_TW[node_tokens_M[places_K2]]
        return self.join(ends_K2W.flatten(1)) * (ends_K > offsets_K)[:, None]
