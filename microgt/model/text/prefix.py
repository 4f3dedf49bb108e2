"""The arm without an encoder: one causal stack reads question and schema as text and goes on with the spec (GPT, Llama).

Shapes: B texts, S tokens of question and schema, L pieces of the spec, M positions so far, C width.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from microgt.blocks.attention import KeysValues
from microgt.blocks.causal_layer import CausalLayer
from microgt.blocks.repeat import Factory, make
from microgt.blocks.residual import PreNorm
from microgt.model.encoder import Memory
from microgt.model.text.decoder import TextDecoder, TokenState


class PrefixDecoder(TextDecoder):
    """depth + further layers, so that it may be as deep as an encoder and a decoder. Its attention should know positions, as distances.

    It wants the text as it is embedded: an encoder without layers. Shorter texts are padded in front, so that the spec follows at once.
    """

    def __init__(
        self,
        *,
        dim: int,
        depth: int,
        further: int,
        rows: int,
        mask: nn.Module,
        attention: Factory,
        feed_forward: Factory,
        norm: Factory,
        dropout: Factory,
        residual: Factory = PreNorm,
        positions: Factory | None = None,
    ):
        super().__init__(dim=dim, rows=rows, mask=mask, norm=norm, dropout=dropout, positions=positions)
        self.layers = nn.ModuleList(
            CausalLayer(
                attention=make(attention),
                feed_forward=make(feed_forward),
                norms=(make(norm), make(norm)),
                dropout=make(dropout),
                residuals=(make(residual), make(residual)),
            )
            for _ in range(depth + further)
        )

    def start_state(self, memory: Memory) -> TokenState:
        """Question and schema, read once."""
        x_BSC, mask_BS = padded_in_front(memory.sequence, memory.mask)
        _, past = self._through(x_BSC, [None] * len(self.layers), mask_BS)
        return TokenState([], mask_BS, past)

    def _layers(self, x_BLC: Tensor, state: TokenState) -> tuple[Tensor, list[KeysValues]]:
        assert state.past is not None
        written = state.mask.new_ones(x_BLC.shape[0], state.step + x_BLC.shape[1])
        return self._through(x_BLC, state.past, torch.cat([state.mask, written], dim=1))

    def _through(self, x_BLC: Tensor, past: Any, mask_BM: Tensor) -> tuple[Tensor, list[KeysValues]]:
        kept = []
        for layer, before in zip(self.layers, past, strict=True):
            x_BLC, remembered = layer(x_BLC, before, mask_BM)
            kept.append(remembered)
        return x_BLC, kept


def padded_in_front(x_BSC: Tensor, mask_BS: Tensor) -> tuple[Tensor, Tensor]:
    """Padding moved from the end of each row to its beginning; the new mask."""
    number_S = torch.arange(mask_BS.shape[1], device=mask_BS.device)
    padding_B1 = (~mask_BS).sum(1, keepdim=True)
    source_BS = (number_S - padding_B1).clamp(min=0)
    return x_BSC.gather(1, source_BS[..., None].expand_as(x_BSC)), number_S >= padding_B1
