"""A parser as two functions of tensors: the encoder, and one step of the decoder with a cache. Names: `microgt.model.exported.names`."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from microgt.blocks.attention import CausalAttention, KeysValues
from microgt.blocks.decoder_layer import DecoderLayer
from microgt.errors import ConfigError
from microgt.model.batch import Batch
from microgt.model.decoder import Decoder, DecoderState
from microgt.model.encoder import Encoder
from microgt.model.parser import Parser
from microgt.model.steps import Steps


class EncoderGraph(nn.Module):
    """The fields of a batch, node_offsets as [B,N] -> pointer keys, nodes as inputs of steps, keys and values of the decoder's layers."""

    def __init__(self, parser: Parser):
        super().__init__()
        self.parser = parser

    def forward(
        self,
        token_ids: Tensor,
        ngram_ids: Tensor,
        ngram_offsets: Tensor,
        node_tokens: Tensor,
        node_offsets: Tensor,
        kinds: Tensor,
        flags: Tensor,
        rel: Tensor,
        node_mask: Tensor,
    ) -> tuple[Tensor, ...]:
        """Shapes as of `Batch`."""
        batch = Batch(token_ids, ngram_ids, ngram_offsets, node_tokens, node_offsets.flatten(), kinds, flags, rel, node_mask)
        state: DecoderState = self.parser.start(batch)
        return state.pointer_keys, state.nodes, _stacked(state.cross)


class StepGraph(nn.Module):
    """One step of each row -> logits [B,R+N], nodes pointed at so far, keys and values of all steps so far."""

    def __init__(self, decoder: Decoder):
        super().__init__()
        self.decoder = decoder

    def forward(
        self,
        before: Tensor,
        slots: Tensor,
        parents: Tensor,
        depths: Tensor,
        node_mask: Tensor,
        pointer_keys: Tensor,
        nodes: Tensor,
        cross: Tensor,
        pointed: Tensor,
        past_depths: Tensor,
        past: Tensor,
    ) -> tuple[Tensor, ...]:
        """Shapes as of `microgt.model.exported.names`."""
        state = DecoderState(_pairs(cross), pointer_keys, nodes, node_mask, pointed, _pairs(past), past_depths)
        logits, after = self.decoder.step(Steps(before, slots, parents, depths), state)
        assert after.past is not None
        return logits, after.pointed, _stacked(after.past)


def _stacked(pairs: list[KeysValues]) -> Tensor:
    return torch.stack([x for pair in pairs for x in pair])


def _pairs(stacked: Tensor) -> list[KeysValues]:
    parts = stacked.unbind()
    return [KeysValues(k, v) for k, v in zip(parts[::2], parts[1::2], strict=True)]


def parts_of(parser: Parser) -> tuple[EncoderGraph, StepGraph]:
    """Both. Raises `ConfigError` for a model that reads a text or writes one."""
    if type(parser.decoder) is not Decoder or type(parser.encoder) is not Encoder:
        raise ConfigError("only models that read a graph and write actions can be exported as a graph of operations; use format=hf")
    if not all(isinstance(layer, DecoderLayer) and isinstance(layer.attention, CausalAttention) for layer in parser.decoder.layers):
        raise ConfigError("only a decoder whose steps see earlier steps can be exported as a graph of operations; use format=hf")
    return EncoderGraph(parser).eval(), StepGraph(parser.decoder).eval()


def example_of(batch: Batch, encoder: EncoderGraph, steps: int = 5) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Arguments of both for a batch; the step's come after `steps` others, which say nothing."""
    read = (batch.token_ids, batch.ngram_ids, batch.ngram_offsets, batch.node_tokens, batch.node_offsets.view(batch.kinds.shape))
    encoded = (*read, batch.kinds, batch.flags, batch.rel, batch.node_mask)
    with torch.no_grad():
        keys, nodes, cross = encoder(*encoded)
    rows = len(batch)
    decoder: Any = encoder.parser.decoder
    project = decoder.layers[0].attention.project
    sizes = (project.heads[1], steps, project.width)
    step = tuple(torch.zeros(rows, 1, dtype=torch.long) for _ in range(4))
    past = torch.zeros(cross.shape[0], rows, *sizes, dtype=cross.dtype)
    pointed, depths = torch.zeros_like(batch.node_mask), torch.zeros(rows, steps, dtype=torch.long)
    return encoded, (*step, batch.node_mask, keys, nodes, cross, pointed, depths, past)
