"""Search: the model scores actions, the grammar says which are legal, so that every finished hypothesis is a spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from microgt.errors import GrammarError
from microgt.graph import NodeKind
from microgt.model.batch import Batch
from microgt.model.collate import POINTED, legal_kinds
from microgt.model.decoder import RULES, START, Steps
from microgt.model.parser import Parser
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Derivation, Legal, Scope
from microgt.spec.types import Spec

_KIND_OF_NODE = {node: action for action, node in POINTED.items()}


@dataclass(frozen=True)
class Hypothesis:
    """A finished derivation, the log-probability of its actions, and its tree."""

    actions: tuple[Action, ...]
    log_prob: float
    spec: Spec


class Nodes:
    """The nodes of one graph by index: which may be pointed at, and as what."""

    def __init__(self, kinds: Tensor, mask: Tensor, scope: Scope):
        self.kinds, self.scope = kinds.masked_fill(~mask, NodeKind.WORD), scope
        self._first = {kind: int((self.kinds < kind).logical_and(mask).sum()) for kind in NodeKind}

    def action(self, index: int) -> Action:
        """The action of a joint id."""
        if index < RULES:
            return Action(ActionKind.RULE, index)
        kind = NodeKind(int(self.kinds[index - RULES]))
        return Action(_KIND_OF_NODE[kind], index - RULES - self._first[kind])

    def barred(self, derivation: Derivation) -> list[int]:
        """Joint ids of the values that cannot come next: those of other columns than the one they would be compared with."""
        column = derivation.compared
        return [] if column is None else [self.joint(Action(ActionKind.VALUE, i)) for i in self.scope.strangers(column)]

    def joint(self, action: Action) -> int:
        """The joint id of an action."""
        return action.index if action.kind is ActionKind.RULE else RULES + self._first[POINTED[action.kind]] + action.index


@lru_cache(maxsize=50_000)
def _legal_masks(legal: Legal) -> tuple[Tensor, Tensor]:
    """bool [R] and bool [K]: legal rules, and node kinds that may be pointed at."""
    rules = torch.zeros(RULES, dtype=torch.bool)
    rules[list(legal.rules)] = True
    return rules, torch.from_numpy(legal_kinds(legal.pointers))


class _Open(NamedTuple):
    """A derivation under way: of which graph of the batch, and the log-probability of its actions."""

    graph: int
    score: float
    derivation: Derivation

    def push(self, action: Action, score: float) -> _Open:
        return _Open(self.graph, score, self.derivation.push(action))

    def finish(self, scope: Scope) -> Hypothesis:
        actions = self.derivation.actions
        return Hypothesis(actions, self.score, GRAMMAR.decode(actions, scope))


def _inputs(rows: Sequence[_Open], nodes: Sequence[Nodes], device: torch.device) -> tuple[Steps, Tensor]:
    """What the decoder reads for the next action of each row, [B,1] each, and what is legal, bool [B,R+N]."""
    derivations = [row.derivation for row in rows]
    before = [nodes[row.graph].joint(row.derivation.actions[-1]) if row.derivation.actions else START for row in rows]
    places = [before, [d.slot for d in derivations], [d.parent for d in derivations], [d.depth for d in derivations]]
    before_B1, slots_B1, parents_B1, depths_B1 = torch.tensor(places, device=device)[..., None]
    masks = [_legal_masks(d.legal()) for d in derivations]
    legal = torch.stack([torch.cat([rules, kinds[nodes[row.graph].kinds]]) for (rules, kinds), row in zip(masks, rows, strict=True)])
    for i, row in enumerate(rows):
        legal[i, nodes[row.graph].barred(row.derivation)] = False
    return Steps(before_B1, slots_B1, parents_B1, depths_B1), legal.to(device)


def _nodes_of(batch: Batch, scopes: Sequence[Scope]) -> list[Nodes]:
    kinds, mask = batch.kinds.cpu(), batch.node_mask.cpu()
    return [Nodes(k, m, s) for k, m, s in zip(kinds, mask, scopes, strict=True)]


def _dead_end(row: _Open) -> GrammarError:
    slot = GRAMMAR.slots[row.derivation.slot]
    return GrammarError(f"no action is legal at {slot}: the graph lacks tables, columns or values")


@torch.inference_mode()
def greedy(model: Parser, batch: Batch, scopes: Sequence[Scope]) -> list[Hypothesis]:
    """The likeliest action at each step, all graphs of the batch together; one hypothesis a graph, in order.

    Raises `GrammarError` when a graph leaves no legal action (a schema without tables or columns).
    """
    device, nodes, state = batch.kinds.device, _nodes_of(batch, scopes), model.start(batch)
    found: dict[int, Hypothesis] = {}
    rows = [_Open(i, 0.0, GRAMMAR.start()) for i in range(len(batch))]
    while rows:
        logp, state = model.decode_step(*_inputs(rows, nodes, device), state)
        best, choice = (x.tolist() for x in logp.max(-1))
        if -torch.inf in best:
            raise _dead_end(rows[best.index(-torch.inf)])
        rows = [row.push(nodes[row.graph].action(i), row.score + s) for row, i, s in zip(rows, choice, best, strict=True)]
        found |= {row.graph: row.finish(scopes[row.graph]) for row in rows if row.derivation.done}
        kept = [i for i, row in enumerate(rows) if not row.derivation.done]
        if len(kept) < len(rows):
            rows = [rows[i] for i in kept]
            state = state.select(torch.tensor(kept, dtype=torch.long, device=device))
    return [found[i] for i in range(len(batch))]


@torch.inference_mode()
def beam_search(model: Parser, batch: Batch, scope: Scope, *, beam: int = 5) -> list[Hypothesis]:
    """Up to `beam` hypotheses of the batch's only graph, likeliest first. Raises `GrammarError` when there is none."""
    if len(batch) != 1 or beam < 1:
        raise ValueError(f"beam search takes one graph and a beam of at least 1; it was given {len(batch)} and {beam}")
    device, nodes, state = batch.kinds.device, _nodes_of(batch, [scope]), model.start(batch)
    rows, finished = [_Open(0, 0.0, GRAMMAR.start())], list[_Open]()
    while rows:
        logp, state = model.decode_step(*_inputs(rows, nodes, device), state)
        grown = _best(rows, logp, nodes[0], beam)
        if not grown and not finished:
            raise _dead_end(rows[0])
        finished += [row for _, row in grown if row.derivation.done]
        finished = sorted(finished, key=lambda row: -row.score)[:beam]
        # A log-probability only falls: what is below the last of a full beam cannot come back.
        bar = finished[-1].score if len(finished) == beam else -torch.inf
        kept = [(parent, row) for parent, row in grown if not row.derivation.done and row.score > bar]
        rows = [row for _, row in kept]
        state = state.select(torch.tensor([parent for parent, _ in kept], dtype=torch.long, device=device))
    return [row.finish(scope) for row in finished]


def _best(rows: Sequence[_Open], logp: Tensor, nodes: Nodes, beam: int) -> list[tuple[int, _Open]]:
    """The `beam` likeliest continuations of all rows, each with the row it continues."""
    total = logp + torch.tensor([row.score for row in rows], device=logp.device)[:, None]
    scores, places = total.flatten().topk(min(beam, total.numel()))
    pairs = [(*divmod(place, total.shape[1]), score) for score, place in zip(scores.tolist(), places.tolist(), strict=True)]
    return [(parent, rows[parent].push(nodes.action(index), score)) for parent, index, score in pairs if score > -torch.inf]
