"""What the model takes: several graphs, padded to one size, and for training the actions of their specs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class Batch:
    """B graphs, N nodes, T distinct tokens, G their n-grams, M tokens of all nodes, L actions, R rules, F flags, S tokens of a text.

    An action is a rule id r, or R + the index of a node; where specs are written as text, a piece, and `legal` is bool [B,L,P].
    Fields after `node_mask` are for training, else None.
    """

    token_ids: Tensor  # int64 [T], 0 for unknown words
    ngram_ids: Tensor  # int64 [G], hashes, which the model reduces to its number of buckets, or ids of subwords
    ngram_offsets: Tensor  # int64 [T]
    node_tokens: Tensor  # int64 [M], below T
    node_offsets: Tensor  # int64 [B*N]
    kinds: Tensor  # int64 [B,N], NodeKind
    flags: Tensor  # float32 [B,N,F]
    rel: Tensor  # uint8 [B,N,N]
    node_mask: Tensor  # bool [B,N], False for padding
    actions: Tensor | None = None  # int64 [B,L]
    slots: Tensor | None = None  # int64 [B,L]
    parents: Tensor | None = None  # int64 [B,L], -1 at the root
    depths: Tensor | None = None  # int64 [B,L]
    legal: Tensor | None = None  # bool [B,L,R+N]; padding allows the first node
    action_mask: Tensor | None = None  # bool [B,L], False for padding
    used: Tensor | None = None  # float32 [B,N], 1 for tables, columns and values that the spec names
    action_share: Tensor | None = None  # float32 []: what the means over a part of a batch are multiplied by (None: by 1)
    item_share: Tensor | None = None
    text_tokens: Tensor | None = None  # int64 [B,S], below T: the graph as text, for models that read text
    text_nodes: Tensor | None = None  # int64 [B,S], the node each token belongs to, -1 for padding

    def __len__(self) -> int:
        return self.kinds.shape[0]

    def to(self, device: torch.device | str) -> Batch:
        """A copy on another device."""
        moved = {name: t.to(device, non_blocking=True) for name, t in vars(self).items() if t is not None}
        return dataclasses.replace(self, **moved)
