"""Actions written one by one; the grammar says which are legal, so that every finished derivation is a spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from microgt.errors import GrammarError
from microgt.graph import NodeKind
from microgt.model.batch import Batch
from microgt.model.collate import POINTED, RULES, legal_kinds
from microgt.model.steps import START, Hypothesis, Steps
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Derivation, Legal, Scope

_KIND_OF_NODE = {node: action for action, node in POINTED.items()}


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


def dead_end(derivation: Derivation) -> GrammarError:
    """What to say when no action is legal."""
    slot = GRAMMAR.slots[derivation.slot]
    return GrammarError(f"no action is legal at {slot}: the graph lacks tables, columns or values")


@dataclass(frozen=True)
class ActionRow:
    """A derivation under way over the nodes of a graph."""

    nodes: Nodes
    derivation: Derivation

    @property
    def done(self) -> bool:
        """Whether the tree is complete."""
        return self.derivation.done

    @property
    def before(self) -> int:
        """The joint id of the last action."""
        return self.nodes.joint(self.derivation.actions[-1]) if self.derivation.actions else START

    def legal(self) -> Tensor:
        """bool [R+N]."""
        rules, kinds = _legal_masks(self.derivation.legal())
        legal = torch.cat([rules, kinds[self.nodes.kinds]])
        legal[self.nodes.barred(self.derivation)] = False
        return legal

    def push(self, index: int) -> ActionRow:
        """With one more action, by its joint id."""
        return ActionRow(self.nodes, self.derivation.push(self.nodes.action(index)))

    def finish(self, log_prob: float) -> Hypothesis:
        """Its tree."""
        actions = self.derivation.actions
        return Hypothesis(actions, log_prob, GRAMMAR.decode(actions, self.nodes.scope))

    def stuck(self) -> GrammarError:
        """The position that nothing can fill."""
        return dead_end(self.derivation)


class ActionWriting:
    """The `Writing` of `Decoder`."""

    def __init__(self, batch: Batch, scopes: Sequence[Scope]):
        kinds, mask = batch.kinds.cpu(), batch.node_mask.cpu()
        self.device, self.nodes = batch.kinds.device, [Nodes(k, m, s) for k, m, s in zip(kinds, mask, scopes, strict=True)]

    def start(self, graph: int) -> ActionRow:
        """The empty derivation."""
        return ActionRow(self.nodes[graph], GRAMMAR.start())

    def inputs(self, rows: Sequence[ActionRow]) -> tuple[Steps, Tensor]:
        """Steps [B,1], and bool [B,R+N]."""
        derivations = [row.derivation for row in rows]
        places = [
            [row.before for row in rows],
            [d.slot for d in derivations],
            [d.parent for d in derivations],
            [d.depth for d in derivations],
        ]
        before_B1, slots_B1, parents_B1, depths_B1 = torch.tensor(places, device=self.device)[..., None]
        return Steps(before_B1, slots_B1, parents_B1, depths_B1), torch.stack([row.legal() for row in rows]).to(self.device)
