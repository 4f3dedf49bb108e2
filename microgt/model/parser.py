"""The whole model: graphs to memory, memory and actions so far to the next action. Shapes as in `batch.py` and `decoder.py`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from microgt.blocks.embedding import NodeEmbedder
from microgt.blocks.mixture import balance_loss
from microgt.graph import Graph
from microgt.model.batch import Batch
from microgt.model.collate import RULES, collate
from microgt.model.decoder import Decoder
from microgt.model.encoder import Encoder, Memory
from microgt.model.lexicon import Lexicon
from microgt.model.steps import Writing
from microgt.model.text.decoder import TextDecoder
from microgt.model.view import Whole
from microgt.spec.grammar import GRAMMAR, Action, Scope


@dataclass
class Output:
    """logits: float32 [B,L,R+N] ([B,L,P] of pieces of text), what is illegal at -inf. item_logits: [B,N], whether the spec names a node.

    balance: how unevenly mixtures of experts were used, 1 at best (`balance_loss`); None without them or when not training.
    """

    logits: Tensor
    item_logits: Tensor
    balance: Tensor | None = None


class Parser(nn.Module):
    """embedder: nodes to vectors. encoder: vectors to memory. decoder: memory to actions, or to pieces of text.

    view: what is seen of a batch (`view.py`); None: all.
    """

    rules_allowed: Tensor

    def __init__(self, *, embedder: NodeEmbedder, encoder: Encoder, decoder: Decoder | TextDecoder, view: nn.Module | None = None):
        super().__init__()
        self.view = view or Whole()
        self.embedder, self.encoder, self.decoder = embedder, encoder, decoder
        self.item = nn.Linear(embedder.dim, 1)
        self.register_buffer("rules_allowed", torch.ones(RULES, dtype=torch.bool), persistent=False)

    def mask_rules(self, names: Iterable[str]) -> None:
        """Never choose these rules: those that the weights have not learnt. Names that the grammar does not have are skipped."""
        for name in set(names) & set(GRAMMAR.rules):
            self.rules_allowed[GRAMMAR.rules.index(name)] = False

    def collate(self, graphs: Sequence[Graph], targets: Sequence[Sequence[Action]] | None, lexicon: Lexicon) -> Batch:
        """A batch as this model reads it; see `microgt.model.collate.collate`."""
        graphs = [self.embedder.links.read(graph) for graph in graphs]
        batch = self.encoder.lay_out(graphs, collate(graphs, targets, lexicon))
        return batch if targets is None else self.decoder.aim(graphs, targets, batch, lexicon)

    def writing(self, batch: Batch, scopes: Sequence[Scope], lexicon: Lexicon) -> Writing:
        """How what this model writes of a batch becomes specs."""
        return self.decoder.writing(batch, scopes, lexicon, self.rules_allowed)

    def encode(self, batch: Batch) -> Memory:
        """What the decoder looks at."""
        batch = self.view(batch)
        rel_BNN = self.embedder.relations(batch.token_ids, batch.node_tokens, batch.node_offsets, batch.rel)
        batch = dataclasses.replace(batch, rel=rel_BNN)
        tokens_TW = self.embedder.tokens(batch.token_ids, batch.ngram_ids, batch.ngram_offsets)
        return self.encoder.read(self.embedder, tokens_TW, batch)

    def forward(self, batch: Batch) -> Output:
        """Scores of each gold step given the gold steps before it. The batch must have targets."""
        if batch.legal is None:
            raise ValueError("the batch has no targets: collate it with the actions of each graph")
        memory = self.encode(batch)
        state: Any = self.decoder.start_state(memory)
        logits_BLA = self.decoder.teach(batch, state)
        return Output(self._masked(logits_BLA, batch.legal), self.item(memory.nodes)[..., 0].float(), balance_loss(self))

    def start(self, batch: Batch) -> Any:
        """Encode for decoding: a row for each graph."""
        return self.decoder.start_state(self.encode(batch))

    def decode_step(self, steps: Any, legal: Tensor, state: Any) -> tuple[Tensor, Any]:
        """One step of each row: log-probabilities float32 [B,R+N] over `legal` (bool, same shape), and the state after it.

        steps, legal: as the `writing` of the model says. Of pieces of text, P stands for R+N.

        A row without any legal action gets -inf everywhere.
        """
        logits_BA, after = self.decoder.step(steps, state)
        scores_BA = self._masked(logits_BA, legal).log_softmax(-1)
        return scores_BA.nan_to_num(nan=-torch.inf, neginf=-torch.inf), after

    def _masked(self, logits: Tensor, legal: Tensor) -> Tensor:
        return logits.masked_fill(~self.decoder.permit(legal, self.rules_allowed), -torch.inf)
