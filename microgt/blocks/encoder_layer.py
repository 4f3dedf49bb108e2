"""One layer of the encoder: attention among nodes, then each node by itself."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from microgt.blocks.residual import PreNorm


class EncoderLayer(nn.Module):
    """x + dropout(attention(norm(x))), then the same with the feed-forward part.

    residuals: of the two parts, how they are added and where their norm stands (`residual.py`); None: `PreNorm`.
    """

    def __init__(
        self,
        *,
        attention: nn.Module,
        attention_norm: nn.Module,
        feed_forward: nn.Module,
        feed_forward_norm: nn.Module,
        dropout: nn.Module,
        residuals: tuple[PreNorm, PreNorm] | None = None,
    ):
        super().__init__()
        self.attention, self.attention_norm = attention, attention_norm
        self.feed_forward, self.feed_forward_norm = feed_forward, feed_forward_norm
        self.dropout = dropout
        self.residuals = nn.ModuleList(residuals or (PreNorm(), PreNorm()))

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations uint8 [B,N,N], mask bool [B,N] -> [B,N,C]."""
        first, second = cast("tuple[PreNorm, PreNorm]", self.residuals)
        attended = self.attention(first.read(x_BNC, self.attention_norm), rel_BNN, mask_BN)
        x_BNC = first.write(x_BNC, self.dropout(attended), self.attention_norm)
        fed = self.feed_forward(second.read(x_BNC, self.feed_forward_norm))
        return second.write(x_BNC, self.dropout(fed), self.feed_forward_norm)
