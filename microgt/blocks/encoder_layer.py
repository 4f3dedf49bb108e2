"""One layer of the encoder: attention among nodes, then each node by itself; normalised before, added after (pre-norm)."""

from __future__ import annotations

from torch import Tensor, nn


class EncoderLayer(nn.Module):
    """x + dropout(attention(norm(x))), then the same with the feed-forward part."""

    def __init__(
        self, *, attention: nn.Module, attention_norm: nn.Module, feed_forward: nn.Module, feed_forward_norm: nn.Module, dropout: nn.Module
    ):
        super().__init__()
        self.attention, self.attention_norm = attention, attention_norm
        self.feed_forward, self.feed_forward_norm = feed_forward, feed_forward_norm
        self.dropout = dropout

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations uint8 [B,N,N], mask bool [B,N] -> [B,N,C]."""
        x_BNC = x_BNC + self.dropout(self.attention(self.attention_norm(x_BNC), rel_BNN, mask_BN))
        return x_BNC + self.dropout(self.feed_forward(self.feed_forward_norm(x_BNC)))
