"""One layer of the decoder: attention over earlier steps, over the nodes, then each step by itself (pre-norm)."""

from __future__ import annotations

from torch import Tensor, nn

from microgt.blocks.attention import CausalAttention, CrossAttention, KeysValues


class DecoderLayer(nn.Module):
    """norms: one before each of the three parts, in their order."""

    def __init__(
        self,
        *,
        attention: CausalAttention,
        cross: CrossAttention,
        feed_forward: nn.Module,
        norms: tuple[nn.Module, nn.Module, nn.Module],
        dropout: nn.Module,
    ):
        super().__init__()
        self.attention, self.cross, self.feed_forward = attention, cross, feed_forward
        self.norms = nn.ModuleList(norms)
        self.dropout = dropout

    def forward(self, x_BLC: Tensor, nodes: KeysValues, mask_BN: Tensor, past: KeysValues | None = None) -> tuple[Tensor, KeysValues]:
        """x [B,L,C], `cross.remember(memory)`, mask bool [B,N] -> ([B,L,C], keys and values so far).

        With `past` (what the previous call gave), L must be 1.
        """
        before_attention, before_cross, before_feed_forward = self.norms
        attended, remembered = self.attention(before_attention(x_BLC), past)
        x_BLC = x_BLC + self.dropout(attended)
        x_BLC = x_BLC + self.dropout(self.cross(before_cross(x_BLC), nodes, mask_BN))
        return x_BLC + self.dropout(self.feed_forward(before_feed_forward(x_BLC))), remembered
