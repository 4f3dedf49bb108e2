"""The decoder: from the actions so far to the scores of the next one, over rules and nodes together.

Shapes: B derivations, L steps, N nodes, R rules, C width. A step reads the action before it (a rule's vector, or the memory of the
node pointed at), the rule that encloses it, its slot in that rule, its depth and its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from microgt.blocks.attention import KeysValues
from microgt.blocks.decoder_layer import DecoderLayer
from microgt.blocks.pointer import Pointer
from microgt.blocks.positions import LearnedPositions
from microgt.blocks.repeat import Factory, make
from microgt.blocks.residual import PreNorm
from microgt.graph import Graph
from microgt.model.actions import ActionWriting
from microgt.model.arrays import RULES
from microgt.model.batch import Batch
from microgt.model.encoder import Memory
from microgt.model.lexicon import Lexicon
from microgt.model.steps import START, Steps, Writing
from microgt.spec.grammar import GRAMMAR, MAX_ACTIONS, Action, Scope

_DEPTHS = 32


@dataclass
class DecoderState:
    """What decoding remembers of a graph (first four) and of a derivation, one row each."""

    cross: list[KeysValues]  # a layer each, [B,H,N,D]
    pointer_keys: Tensor  # [B,N,C]
    nodes: Tensor  # [B,N,C]: nodes as inputs of the next step
    mask: Tensor  # bool [B,N]
    pointed: Tensor  # bool [B,N]: nodes pointed at so far
    past: list[KeysValues] | None = None  # a layer each, [B,H,steps,D]
    depths: Tensor | None = None  # int64 [B,steps]

    @property
    def step(self) -> int:
        """How many steps there were."""
        return 0 if self.depths is None else self.depths.shape[1]

    def select(self, rows: Tensor) -> DecoderState:
        """The state of some rows, int64 [B'], in any order and repeated at will."""
        past = None if self.past is None else select_rows(self.past, rows)
        depths = None if self.depths is None else self.depths[rows]
        of_graph = (select_rows(self.cross, rows), self.pointer_keys[rows], self.nodes[rows], self.mask[rows])
        return DecoderState(*of_graph, self.pointed[rows], past, depths)


def select_rows(pairs: list[KeysValues], rows: Tensor) -> list[KeysValues]:
    """Keys and values of some rows."""
    return [KeysValues(p.keys[rows], p.values[rows]) for p in pairs]


class OutputTable(nn.Module):
    """One vector for each output (a rule, a piece of text), used to read it and to score it as the next one; and a bias for the score."""

    def __init__(self, *, dim: int, rows: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(rows, dim).normal_(std=dim**-0.5))
        self.bias = nn.Parameter(torch.zeros(rows))

    def scores(self, x_BLC: Tensor) -> Tensor:
        """[B,L,C] -> logits [B,L,rows]."""
        return x_BLC @ self.weight.t().to(x_BLC.dtype) + self.bias


def decoder_layers(
    depth: int, *, attention: Factory, cross: Factory, feed_forward: Factory, norm: Factory, dropout: Factory, residual: Factory
) -> nn.ModuleList:
    """Layers that share nothing: each factory is called once for each place."""
    return nn.ModuleList(
        DecoderLayer(
            attention=make(attention),
            cross=make(cross),
            feed_forward=make(feed_forward),
            norms=(make(norm), make(norm), make(norm)),
            dropout=make(dropout),
            residuals=(make(residual), make(residual), make(residual)),
        )
        for _ in range(depth)
    )


class Decoder(nn.Module):
    """depth layers. attention, cross, feed_forward, norm, residual, dropout: factories, called once for each place.

    positions: factory of the vectors for a step's number (`positions.py`). pointer: factory of what scores nodes (`pointer.py`).
    """

    def __init__(
        self,
        *,
        dim: int,
        depth: int,
        attention: Factory,
        cross: Factory,
        feed_forward: Factory,
        norm: Factory,
        dropout: Factory,
        residual: Factory = PreNorm,
        positions: Factory | None = None,
        pointer: Factory | None = None,
    ):
        super().__init__()
        self.dim = dim
        self.rule_table = OutputTable(dim=dim, rows=RULES)
        self.parent_rule_table = nn.Embedding(RULES, dim)
        self.slot_table = nn.Embedding(len(GRAMMAR.slots), dim)
        self.depth_table = nn.Embedding(_DEPTHS, dim)
        self.step_table = make(partial(positions or partial(LearnedPositions, dim=dim), count=MAX_ACTIONS))
        self.start = nn.Parameter(torch.zeros(dim))
        self.node = nn.Linear(dim, dim, bias=False)
        self.layers = decoder_layers(
            depth, attention=attention, cross=cross, feed_forward=feed_forward, norm=norm, dropout=dropout, residual=residual
        )
        self.norm, self.dropout = make(norm), make(dropout)
        self.choose = nn.Linear(dim, dim, bias=False)
        self.pointer = make(pointer or partial(Pointer, dim=dim))
        for table in (self.parent_rule_table, self.slot_table, self.depth_table):
            nn.init.normal_(table.weight, std=0.5 * dim**-0.5)

    def start_state(self, memory: Memory) -> DecoderState:
        """What all steps share, from the encoder's memory."""
        memory_BNC, mask_BN = memory.nodes, memory.node_mask
        cross = [layer.cross.remember(memory_BNC) for layer in self.layers if isinstance(layer, DecoderLayer)]
        return DecoderState(cross, self.pointer.keys(memory_BNC), self.node(memory_BNC), mask_BN, torch.zeros_like(mask_BN))

    def aim(self, graphs: Sequence[Graph], targets: Sequence[Sequence[Action]], batch: Batch, lexicon: Lexicon) -> Batch:
        """The batch with this decoder's targets: it has them."""
        return batch

    def stand_in(self, batch: Batch, pieces: int | None = None) -> Batch:
        """An example of actions as one of this decoder's outputs: itself, of no pieces."""
        return batch

    def writing(self, batch: Batch, scopes: Sequence[Scope], lexicon: Lexicon, allowed: Tensor) -> Writing:
        """How its outputs become specs."""
        return ActionWriting(batch.kinds.cpu().numpy(), batch.node_mask.cpu().numpy(), scopes)

    def permit(self, legal: Tensor, allowed: Tensor) -> Tensor:
        """legal, bool [...,R+N], without the rules that are not allowed, bool [R]."""
        rules, nodes = legal.split([RULES, legal.shape[-1] - RULES], dim=-1)
        return torch.cat([rules & allowed, nodes], dim=-1)

    def teach(self, batch: Batch, state: DecoderState) -> Tensor:
        """Logits [B,L,R+N] of each gold step given those before it."""
        assert batch.actions is not None
        assert batch.slots is not None
        assert batch.parents is not None
        assert batch.depths is not None
        before_BL = torch.cat([torch.full_like(batch.actions[:, :1], START), batch.actions[:, :-1]], dim=1)
        return self(Steps(before_BL, batch.slots, batch.parents, batch.depths), state)

    def forward(self, steps: Steps, state: DecoderState) -> Tensor:
        """All steps at once: logits [B,L,R+N], nothing masked but padding."""
        x_BLC, _ = self._layers(self._inputs(steps, state), state, steps.depths)
        return self._logits(x_BLC, state, _pointed(steps, state))

    def step(self, steps: Steps, state: DecoderState) -> tuple[Tensor, DecoderState]:
        """One more step (L is 1): logits [B,R+N], and the state after it."""
        depths_BM = steps.depths if state.depths is None else torch.cat([state.depths, steps.depths], dim=1)
        x_BLC, past = self._layers(self._inputs(steps, state), state, depths_BM)
        pointed_B1N = _pointed(steps, state)
        after = replace(state, pointed=pointed_B1N[:, 0], past=past, depths=depths_BM)
        return self._logits(x_BLC, state, pointed_B1N)[:, 0], after

    def _inputs(self, steps: Steps, state: DecoderState) -> Tensor:
        rule_BLC = self.rule_table.weight[steps.before.clamp(0, RULES - 1)]
        place_BL = (steps.before - RULES).clamp(min=0)
        node_BLC = state.nodes.gather(1, place_BL[..., None].expand(-1, -1, self.dim)).to(rule_BLC.dtype)
        before_BLC = torch.where((steps.before < RULES)[..., None], rule_BLC, node_BLC)
        before_BLC = torch.where((steps.before == START)[..., None], self.start, before_BLC)
        parent_BLC = self.parent_rule_table(steps.parents.clamp(min=0)) * (steps.parents >= 0)[..., None]
        number_L = torch.arange(state.step, state.step + steps.before.shape[1], device=steps.before.device)
        place_BLC = self.slot_table(steps.slots) + self.depth_table(steps.depths.clamp(max=_DEPTHS - 1)) + self.step_table(number_L)
        return self.dropout(before_BLC + parent_BLC + place_BLC)

    def _layers(self, x_BLC: Tensor, state: DecoderState, depths_BM: Tensor) -> tuple[Tensor, list[KeysValues]]:
        past = []
        for i, layer in enumerate(self.layers):
            x_BLC, kept = layer(x_BLC, state.cross[i], state.mask, state.past[i] if state.past is not None else None, depths_BM)
            past.append(kept)
        return self.norm(x_BLC), past

    def _logits(self, x_BLC: Tensor, state: DecoderState, pointed_BLN: Tensor) -> Tensor:
        rules_BLR = self.rule_table.scores(self.choose(x_BLC))
        nodes_BLN = self.pointer(x_BLC, state.pointer_keys, pointed_BLN)
        return torch.cat([rules_BLR.float(), nodes_BLN.float().masked_fill(~state.mask[:, None], -torch.inf)], dim=-1)


def _pointed(steps: Steps, state: DecoderState) -> Tensor:
    """bool [B,L,N]: the nodes pointed at before each step."""
    hits_BLN = torch.zeros(*steps.before.shape, state.mask.shape[1], device=steps.before.device)
    hits_BLN.scatter_(2, (steps.before - RULES).clamp(min=0)[..., None], (steps.before >= RULES)[..., None].float())
    return (hits_BLN.cumsum(1) > 0) | state.pointed[:, None]
