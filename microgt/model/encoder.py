"""A stack of encoder layers over the nodes."""

from __future__ import annotations

from torch import Tensor, nn

from microgt.blocks.encoder_layer import EncoderLayer
from microgt.blocks.repeat import Factory, make
from microgt.blocks.residual import PreNorm


class Encoder(nn.Module):
    """depth layers. attention, feed_forward, norm, residual, dropout: factories, called once for each place."""

    def __init__(
        self, *, depth: int, attention: Factory, feed_forward: Factory, norm: Factory, dropout: Factory, residual: Factory = PreNorm
    ):
        super().__init__()
        self.layers = nn.ModuleList(
            EncoderLayer(
                attention=make(attention),
                attention_norm=make(norm),
                feed_forward=make(feed_forward),
                feed_forward_norm=make(norm),
                dropout=make(dropout),
                residuals=(make(residual), make(residual)),
            )
            for _ in range(depth)
        )
        self.norm = make(norm)

    def forward(self, x_BNC: Tensor, rel_BNN: Tensor, mask_BN: Tensor) -> Tensor:
        """x [B,N,C], relations uint8 [B,N,N], mask bool [B,N] -> memory [B,N,C]."""
        for layer in self.layers:
            x_BNC = layer(x_BNC, rel_BNN, mask_BN)
        return self.norm(x_BNC)
