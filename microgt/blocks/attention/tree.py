"""What a step of the decoder knows of earlier steps as nodes of the tree they build (ASTormer, Cao et al. 2023).

Steps come depth first, so their depths alone say where their paths meet: between two steps, the way up ends one above the shallowest.

Shapes: B derivations, L steps that look, M steps so far, of which the L are the last, H heads, D width of a head, K kinds of ways.
Each module: (queries [B,H,L,D], depths int64 [B,M]) -> what is added to scores, [B,H,L,M], or None.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from microgt.spec.actions import MAX_ACTIONS

_DEEP = 1 << 30


def hops(depths_BM: Tensor, queries: int) -> tuple[Tensor, Tensor]:
    """From each of the last L steps up to the lowest common ancestor with each earlier one, and down to it: int64 [B,L,M] twice.

    (0, 0): the step itself. (1, 0): its parent. (1, 1): a sibling. Of later steps the numbers mean nothing.
    """
    steps = depths_BM.shape[1]
    number_M = torch.arange(steps, device=depths_BM.device)
    own_L = number_M[steps - queries :]
    seen_BLM = depths_BM[:, None].masked_fill(number_M > own_L[:, None], _DEEP)
    shallowest_BLM = _least_from(seen_BLM)  # of steps j to i
    after_BLM = torch.cat([shallowest_BLM[..., 1:], torch.full_like(shallowest_BLM[..., :1], _DEEP)], dim=-1)  # of steps j+1 to i
    ancestor_BLM = torch.minimum(depths_BM[:, None].expand_as(after_BLM), after_BLM - 1)
    up_BLM = depths_BM[:, steps - queries :, None] - ancestor_BLM
    return up_BLM.clamp(min=0), (depths_BM[:, None] - ancestor_BLM).clamp(min=0)


def _least_from(x_BLM: Tensor) -> Tensor:
    """The least of each element and all after it, by doubling (Hillis and Steele 1986): ONNX has no cumulative minimum.

    Of one step, as in decoding, each with all: fewer operations, and M * M numbers are few.
    """
    if x_BLM.shape[1] == 1:
        number_M = torch.arange(x_BLM.shape[2], device=x_BLM.device)
        return x_BLM[..., None, :].masked_fill(number_M < number_M[:, None], _DEEP).amin(-1)
    reach = 1
    while reach < MAX_ACTIONS:
        x_BLM = torch.minimum(x_BLM, nn.functional.pad(x_BLM, (0, reach), value=_DEEP)[..., reach:])
        reach *= 2
    return x_BLM


class NoTree(nn.Module):
    """The ablation: steps are a sequence."""

    def forward(self, q_BHLD: Tensor, depths_BM: Tensor | None) -> None:
        """None."""


class TreeBias(nn.Module):
    """One number for each head and kind of way. most: hops up or down that are told apart; more count as so many."""

    def __init__(self, *, heads: int, dim: int = 0, most: int = 5):
        super().__init__()
        self.most, self.bias_table = most, nn.Parameter(torch.zeros(heads, (most + 1) ** 2))

    def ways(self, q_BHLD: Tensor, depths_BM: Tensor | None) -> Tensor:
        """The kind of way from each step to each earlier one: int64 [B,L,M]. Raises `ValueError` without depths."""
        if depths_BM is None:
            raise ValueError("attention that knows the tree needs the depths of its steps")
        up_BLM, down_BLM = (h.clamp(max=self.most) for h in hops(depths_BM, q_BHLD.shape[2]))
        return up_BLM * (self.most + 1) + down_BLM

    def forward(self, q_BHLD: Tensor, depths_BM: Tensor | None) -> Tensor:
        """[B,H,L,M]."""
        return self.bias_table[:, self.ways(q_BHLD, depths_BM)].transpose(0, 1)


class TreeKeys(TreeBias):
    """q_i . rk[way_ij] / sqrt(D) as well: a vector for each kind of way, shared by the heads and added to keys (Shaw et al. 2018)."""

    def __init__(self, *, heads: int, dim: int, most: int = 5):
        super().__init__(heads=heads, most=most)
        self.key_table = nn.Parameter(torch.empty((most + 1) ** 2, dim // heads).normal_(std=0.02))

    def forward(self, q_BHLD: Tensor, depths_BM: Tensor | None) -> Tensor:
        """[B,H,L,M]."""
        ways_BLM = self.ways(q_BHLD, depths_BM)
        score_BHLK = q_BHLD @ self.key_table.t().to(q_BHLD.dtype) * q_BHLD.shape[-1] ** -0.5
        score_BHLM = score_BHLK.gather(-1, ways_BLM[:, None].expand(-1, q_BHLD.shape[1], -1, -1))
        return score_BHLM + self.bias_table[:, ways_BLM].transpose(0, 1)
