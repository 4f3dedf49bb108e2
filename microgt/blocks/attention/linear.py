"""Attention whose cost grows with the number of nodes, not with its square."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import elu

from microgt.blocks.attention.heads import ToHeads, head_width, merge


class LinearAttention(nn.Module):
    """o_i = f(q_i) sum_j f(k_j) v_j' / f(q_i) sum_j f(k_j), f(x) = elu(x) + 1 (Katharopoulos et al. 2020, equations 5 and 7).

    A cheap contrast: it knows no relations, and has no weights that could be dropped.
    """

    def __init__(self, *, dim: int, heads: int):
        super().__init__()
        self.project = ToHeads(dim, head_width(dim, heads), heads, heads, heads)
        self.out = nn.Linear(dim, dim, bias=False)

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations (not read), mask bool [B,N] -> [B,N,C]."""
        q, k, v = self.project(x_BNC)
        q, k = elu(q) + 1, (elu(k) + 1) * mask_BN[:, None, :, None]
        sums_BHDD, total_BHD1 = k.transpose(-1, -2) @ v, k.sum(2)[..., None]
        return self.out(merge(q @ sums_BHDD / (q @ total_BHD1).clamp(min=1e-6)))
