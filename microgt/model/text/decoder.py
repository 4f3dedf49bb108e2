"""The arms without actions: decoders that write a spec as text, piece by piece, and see the graph by attention alone.

Shapes: B texts, L pieces of a text, P pieces to choose from, N nodes, C width.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from microgt.blocks.attention import KeysValues
from microgt.blocks.decoder_layer import DecoderLayer
from microgt.blocks.positions import LearnedPositions
from microgt.blocks.repeat import Factory, make
from microgt.blocks.residual import PreNorm
from microgt.errors import CheckpointError
from microgt.graph import Graph
from microgt.model.batch import Batch
from microgt.model.decoder import OutputTable, decoder_layers, select_rows
from microgt.model.encoder import Memory
from microgt.model.lexicon import Lexicon
from microgt.model.steps import START, Writing
from microgt.model.text.spelling import Pieces
from microgt.model.text.writing import MAX_PIECES
from microgt.spec.grammar import Action, Scope

_PIECES_OF_AN_ACTION = 3  # about: where no specs are at hand to be spelled


@dataclass
class TokenState:
    """What decoding remembers of what was read (first two) and of a text, one row each."""

    cross: list[KeysValues]
    mask: Tensor  # bool [B,N], or [B,S] of the text that was read
    past: list[KeysValues] | None = None
    step: int = 0

    def select(self, rows: Tensor) -> TokenState:
        """The state of some rows, int64 [B'], in any order and repeated at will."""
        past = None if self.past is None else select_rows(self.past, rows)
        return TokenState(select_rows(self.cross, rows), self.mask[rows], past, self.step)


class TextDecoder(nn.Module, ABC):
    """What decoders of text share. norm, dropout, positions: as of `Decoder`. rows: P, at most.

    mask: the grammar when a trained model is asked, or none (`writing.py`).
    """

    def __init__(self, *, dim: int, rows: int, mask: nn.Module, norm: Factory, dropout: Factory, positions: Factory | None = None):
        super().__init__()
        self.rows, self.mask = rows, mask
        self.piece_table = OutputTable(dim=dim, rows=rows)
        self.step_table = make(partial(positions or partial(LearnedPositions, dim=dim), count=MAX_PIECES))
        self.start = nn.Parameter(torch.zeros(dim))
        self.norm, self.dropout = make(norm), make(dropout)
        self.choose = nn.Linear(dim, dim, bias=False)

    @staticmethod
    def learn_pieces(specs: Iterable[tuple[Scope, Sequence[Action]]], config: Mapping[str, Any]) -> Pieces:
        """What specs are spelled in, from the training specs."""
        return Pieces.learn(specs, config["rows"])

    def aim(self, graphs: Sequence[Graph], targets: Sequence[Sequence[Action]], batch: Batch, lexicon: Lexicon) -> Batch:
        """The batch with pieces as its targets: actions int64 [B,L], legal bool [B,L,P], action_mask."""
        pieces = _pieces(lexicon)
        spelled = [torch.tensor(pieces.spell(actions, graph.scope)) for graph, actions in zip(graphs, targets, strict=True)]
        actions_BL = nn.utils.rnn.pad_sequence(spelled, batch_first=True)
        lengths_B = torch.tensor([len(s) for s in spelled])
        legal_P = torch.arange(self.rows) < len(pieces)
        return dataclasses.replace(
            batch,
            actions=actions_BL,
            legal=legal_P.expand(*actions_BL.shape, -1),
            action_mask=torch.arange(actions_BL.shape[1]) < lengths_B[:, None],
            slots=None,
            parents=None,
            depths=None,
        )

    def stand_in(self, batch: Batch, pieces: int | None = None) -> Batch:
        """An example of actions as one of so many pieces; None: about as many as these would be."""
        assert batch.actions is not None
        shape = (len(batch), pieces or batch.actions.shape[1] * _PIECES_OF_AN_ACTION)
        actions, mask = torch.zeros(shape, dtype=torch.long), torch.ones(shape, dtype=torch.bool)
        return dataclasses.replace(batch, actions=actions, action_mask=mask, legal=torch.ones(*shape, self.rows, dtype=torch.bool))

    def writing(self, batch: Batch, scopes: Sequence[Scope], lexicon: Lexicon, allowed: Tensor) -> Writing:
        """How its outputs become specs. allowed: bool [R], rules that may be chosen."""
        return self.mask(scopes, pieces=_pieces(lexicon), rows=self.rows, allowed=allowed.cpu().numpy())

    def permit(self, legal: Tensor, allowed: Tensor) -> Tensor:
        """What is legal, `writing` having left out rules that are not allowed."""
        return legal

    @abstractmethod
    def start_state(self, memory: Memory) -> TokenState:
        """What all steps share, from what was read."""

    @abstractmethod
    def _layers(self, x_BLC: Tensor, state: TokenState) -> tuple[Tensor, list[KeysValues]]:
        """Through all layers, and what is remembered after it."""

    def teach(self, batch: Batch, state: TokenState) -> Tensor:
        """Logits [B,L,P] of each gold piece given those before it."""
        assert batch.actions is not None
        before_BL = torch.cat([torch.full_like(batch.actions[:, :1], START), batch.actions[:, :-1]], dim=1)
        return self._read(before_BL, state)[0]

    def step(self, steps: Tensor, state: TokenState) -> tuple[Tensor, TokenState]:
        """The pieces before, int64 [B,1] -> logits [B,P], and the state after it."""
        logits_B1P, past = self._read(steps, state)
        return logits_B1P[:, 0], dataclasses.replace(state, past=past, step=state.step + 1)

    def _read(self, before_BL: Tensor, state: TokenState) -> tuple[Tensor, list[KeysValues]]:
        piece_BLC = self.piece_table.weight[before_BL.clamp(min=0)]
        x_BLC = torch.where((before_BL == START)[..., None], self.start, piece_BLC)
        number_L = torch.arange(state.step, state.step + before_BL.shape[1], device=before_BL.device)
        x_BLC, past = self._layers(self.dropout(x_BLC + self.step_table(number_L)), state)
        return self.piece_table.scores(self.choose(self.norm(x_BLC))).float(), past


class TokenDecoder(TextDecoder):
    """depth layers that look at the nodes by attention. Further arguments as of `Decoder` and `TextDecoder`."""

    def __init__(
        self,
        *,
        dim: int,
        depth: int,
        rows: int,
        mask: nn.Module,
        attention: Factory,
        cross: Factory,
        feed_forward: Factory,
        norm: Factory,
        dropout: Factory,
        residual: Factory = PreNorm,
        positions: Factory | None = None,
    ):
        super().__init__(dim=dim, rows=rows, mask=mask, norm=norm, dropout=dropout, positions=positions)
        self.layers = decoder_layers(
            depth, attention=attention, cross=cross, feed_forward=feed_forward, norm=norm, dropout=dropout, residual=residual
        )

    def start_state(self, memory: Memory) -> TokenState:
        """Keys and values of the nodes."""
        cross = [layer.cross.remember(memory.nodes) for layer in self.layers if isinstance(layer, DecoderLayer)]
        return TokenState(cross, memory.node_mask)

    def _layers(self, x_BLC: Tensor, state: TokenState) -> tuple[Tensor, list[KeysValues]]:
        past = []
        for i, layer in enumerate(self.layers):
            x_BLC, kept = layer(x_BLC, state.cross[i], state.mask, state.past[i] if state.past is not None else None)
            past.append(kept)
        return x_BLC, past


def _pieces(lexicon: Lexicon) -> Pieces:
    if lexicon.output is None:
        raise CheckpointError("the vocabulary has no pieces for specs: it was made for a model that writes actions")
    return lexicon.output
