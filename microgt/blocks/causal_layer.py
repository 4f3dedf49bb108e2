"""One layer of a decoder that has no encoder beside it: attention over what stands before, then each position by itself."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from microgt.blocks.attention import CausalAttention, KeysValues
from microgt.blocks.residual import PreNorm


class CausalLayer(nn.Module):
    """A layer of GPT and Llama. norms, residuals: of the two parts, in their order (`residual.py`); None: `PreNorm`."""

    def __init__(
        self,
        *,
        attention: CausalAttention,
        feed_forward: nn.Module,
        norms: tuple[nn.Module, nn.Module],
        dropout: nn.Module,
        residuals: tuple[PreNorm, PreNorm] | None = None,
    ):
        super().__init__()
        self.attention, self.feed_forward = attention, feed_forward
        self.norms = nn.ModuleList(norms)
        self.residuals = nn.ModuleList(residuals or (PreNorm(), PreNorm()))
        self.dropout = dropout

    def forward(self, x_BLC: Tensor, past: KeysValues | None, mask_BM: Tensor) -> tuple[Tensor, KeysValues]:
        """x [B,L,C], what earlier calls gave, which of all M positions so far there are -> ([B,L,C], keys and values so far)."""
        first, second = cast("tuple[PreNorm, PreNorm]", self.residuals)
        norm, feed_norm = self.norms
        attended, remembered = self.attention(first.read(x_BLC, norm), past, mask_BM=mask_BM)
        x_BLC = first.write(x_BLC, self.dropout(attended), norm)
        fed = self.feed_forward(second.read(x_BLC, feed_norm))
        return second.write(x_BLC, self.dropout(fed), feed_norm), remembered
