"""One layer of the decoder: attention over earlier steps, over the nodes, then each step by itself."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from microgt.blocks.attention import CausalAttention, CrossAttention, KeysValues
from microgt.blocks.residual import PreNorm


class DecoderLayer(nn.Module):
    """norms: one for each of the three parts, in their order. residuals: the same (`residual.py`); None: `PreNorm`."""

    def __init__(
        self,
        *,
        attention: CausalAttention,
        cross: CrossAttention,
        feed_forward: nn.Module,
        norms: tuple[nn.Module, nn.Module, nn.Module],
        dropout: nn.Module,
        residuals: tuple[PreNorm, PreNorm, PreNorm] | None = None,
    ):
        super().__init__()
        self.attention, self.cross, self.feed_forward = attention, cross, feed_forward
        self.norms = nn.ModuleList(norms)
        self.residuals = nn.ModuleList(residuals or (PreNorm(), PreNorm(), PreNorm()))
        self.dropout = dropout

    def forward(
        self, x_BLC: Tensor, nodes: KeysValues, mask_BN: Tensor, past: KeysValues | None = None, depths_BM: Tensor | None = None
    ) -> tuple[Tensor, KeysValues]:
        """x [B,L,C], `cross.remember(memory)`, mask bool [B,N], depths of all steps so far -> ([B,L,C], keys and values so far).

        With `past` (what the previous call gave), L must be 1.
        """
        first, second, third = cast("tuple[PreNorm, PreNorm, PreNorm]", self.residuals)
        norm, cross_norm, feed_norm = self.norms
        attended, remembered = self.attention(first.read(x_BLC, norm), past, depths_BM)
        x_BLC = first.write(x_BLC, self.dropout(attended), norm)
        crossed = self.cross(second.read(x_BLC, cross_norm), nodes, mask_BN)
        x_BLC = second.write(x_BLC, self.dropout(crossed), cross_norm)
        fed = self.feed_forward(third.read(x_BLC, feed_norm))
        return third.write(x_BLC, self.dropout(fed), feed_norm), remembered
