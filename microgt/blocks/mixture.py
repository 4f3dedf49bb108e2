"""A mixture of experts: several feed-forward parts, of which each position goes through the few that suit it.

Shapes: T positions, E experts, K chosen of them, C width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from microgt.blocks.feed_forward import SwiGLU


class Mixture(nn.Module):
    """The sum of the `top` likeliest of `experts` SwiGLUs, weighted by the router (Shazeer et al. 2017; Mixtral, Jiang et al. 2024).

    No expert has a capacity: no position is dropped, and padding takes no place from another. Training needs `balance_loss`.
    """

    balance: Tensor | None

    def __init__(self, *, dim: int, hidden: int, experts: int = 4, top: int = 2):
        super().__init__()
        if not 1 <= top <= experts:
            raise ValueError(f"top must be from 1 to the number of experts, {experts}; it is {top}")
        self.top = top
        self.router = nn.Linear(dim, experts, bias=False)
        self.experts = nn.ModuleList(SwiGLU(dim=dim, hidden=hidden) for _ in range(experts))
        self.balance = None

    def forward(self, x: Tensor) -> Tensor:
        """[..., C] -> [..., C]; keeps the balance of this call for `balance_loss`."""
        x_TC = x.flatten(0, -2)
        p_TE = self.router(x_TC).float().softmax(-1)
        p_TK, chosen_TK = p_TE.topk(self.top, dim=-1)
        if self.top > 1:  # of a single one the probability itself, else the router had no gradient (Switch)
            p_TK = p_TK / p_TK.sum(-1, keepdim=True)
        self.balance = _balance(p_TE, chosen_TK) if self.training else None
        y_TC = torch.zeros_like(x_TC)
        for places, expert in zip(_places(chosen_TK, len(self.experts)), self.experts, strict=True):
            rows = places // self.top
            y_TC = y_TC.index_add(0, rows, (expert(x_TC[rows]) * p_TK.flatten()[places, None]).to(x.dtype))
        return y_TC.view_as(x)


def balance_loss(model: nn.Module) -> Tensor | None:
    """The mean over the model's mixtures of E * sum_e f_e p_e, 1 where all experts are used alike; None without mixtures.

    f_e: share of choices of expert e, p_e: its mean probability, over the last call (Switch, Fedus et al. 2021, equation 4). A call's
    balance is handed out once.
    """
    found = []
    for module in model.modules():
        if isinstance(module, Mixture) and module.balance is not None:
            found.append(module.balance)
            module.balance = None
    return torch.stack(found).mean() if found else None


def _balance(p_TE: Tensor, chosen_TK: Tensor) -> Tensor:
    share_E = torch.zeros_like(p_TE).scatter_(1, chosen_TK, 1.0).mean(0) / chosen_TK.shape[1]
    return p_TE.shape[1] * (share_E * p_TE.mean(0)).sum()


def _places(chosen_TK: Tensor, experts: int) -> list[Tensor]:
    """For each expert, where in the flattened choices it is. The meta device, which has no choices to look at, takes even shares."""
    flat = chosen_TK.flatten()
    if flat.is_meta:
        return [torch.empty(len(range(e, len(flat), experts)), dtype=torch.long, device="meta") for e in range(experts)]
    return [(flat == e).nonzero()[:, 0] for e in range(experts)]
