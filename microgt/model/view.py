"""What a model sees of a batch: all, or all but some links and flags. The same in training and when it is asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from microgt.errors import ConfigError, did_you_mean
from microgt.graph import Relation
from microgt.graph.synonyms import DEGREES, RELATIONS, UNLINKED
from microgt.model.batch import Batch

_OF_NAMES = {"QC_PARTIAL", "QT_PARTIAL"}


class Whole(nn.Module):
    """All of it."""

    def forward(self, batch: Batch) -> Batch:
        """The batch as it is."""
        return batch


class Without(nn.Module):
    """The ablation of linking. links: relations that are seen as none of their pair, from both sides: `QC_EXACT` as `QC_NONE`, and
    `CQ_EXACT` as `CQ_NONE`. flags: how many of the first flags of nodes are hidden.

    Raises `ConfigError` for what is no link.
    """

    seen: Tensor

    def __init__(self, *, links: Sequence[str] = (), flags: int = 0):
        super().__init__()
        self.flags = flags
        seen = list(range(RELATIONS))
        if _OF_NAMES & set(links):  # words that mean the same are links of names too
            seen[len(Relation) :] = [UNLINKED[i // len(DEGREES)] for i in range(RELATIONS - len(Relation))]
        for link in links:
            for name in (link, _back(link)):
                seen[_relation(name)] = _relation(f"{name[:2]}_NONE")
        self.register_buffer("seen", torch.tensor(seen, dtype=torch.uint8), persistent=False)

    def forward(self, batch: Batch) -> Batch:
        """The batch with other relations and flags."""
        flags_BNF = batch.flags.clone()
        flags_BNF[..., : self.flags] = 0.0
        return dataclasses.replace(batch, rel=self.seen[batch.rel.int()], flags=flags_BNF)


def _back(link: str) -> str:
    """`QC_EXACT` -> `CQ_EXACT`."""
    return link[1::-1] + link[2:]


def _relation(name: str) -> Relation:
    if name not in Relation.__members__:
        raise ConfigError(f"links: no relation {name!r}{did_you_mean(name, Relation.__members__)}")
    return Relation[name]
