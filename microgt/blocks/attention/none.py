"""The ablations: nothing is looked at. Zeros come by multiplication, so that the norm before has a gradient (of zero), as DDP demands."""

from __future__ import annotations

from torch import Tensor, nn

from microgt.blocks.attention.heads import KeysValues


class NoAttention(nn.Module):
    """No node sees another."""

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """[B,N,C] -> zeros."""
        return x_BNC * 0


class NoMemory(nn.Module):
    """No step sees an earlier one."""

    def forward(
        self, x_BLC: Tensor, past: KeysValues | None = None, depths_BM: Tensor | None = None, mask_BM: Tensor | None = None
    ) -> tuple[Tensor, KeysValues]:
        """[B,L,C] -> (zeros, nothing remembered)."""
        nothing = x_BLC.new_zeros(x_BLC.shape[0], 0)
        return x_BLC * 0, KeysValues(nothing, nothing)
