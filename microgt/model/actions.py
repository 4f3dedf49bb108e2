"""Actions written one by one; the grammar says which are legal, so that every finished derivation is a spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from microgt.errors import GrammarError
from microgt.graph import NodeKind
from microgt.model.arrays import POINTED, RULES, legal_kinds
from microgt.model.steps import START, Hypothesis, Steps
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Derivation, Legal, Scope

_KIND_OF_NODE = {node: action for action, node in POINTED.items()}


class Nodes:
    """The nodes of one graph by index: which may be pointed at, and as what. kinds: int64 [N]. mask: bool [N]."""

    def __init__(self, kinds: np.ndarray, mask: np.ndarray, scope: Scope):
        self.kinds, self.scope = np.where(mask, kinds, NodeKind.WORD), scope
        self._first = {kind: int(((self.kinds < kind) & mask).sum()) for kind in NodeKind}

    def action(self, index: int) -> Action:
        """The action of a joint id."""
        if index < RULES:
            return Action(ActionKind.RULE, index)
        kind = NodeKind(int(self.kinds[index - RULES]))
        return Action(_KIND_OF_NODE[kind], index - RULES - self._first[kind])

    def barred(self, derivation: Derivation) -> list[int]:
        """Joint ids of the columns and values that cannot come next."""
        return [self.joint(action) for action in derivation.barred(self.scope)]

    def joint(self, action: Action) -> int:
        """The joint id of an action."""
        return action.index if action.kind is ActionKind.RULE else RULES + self._first[POINTED[action.kind]] + action.index


@lru_cache(maxsize=50_000)
def _legal_masks(legal: Legal) -> tuple[np.ndarray, np.ndarray]:
    """bool [R] and bool [K]: legal rules, and node kinds that may be pointed at."""
    rules = np.zeros(RULES, dtype=bool)
    rules[list(legal.rules)] = True
    return rules, legal_kinds(legal.pointers)


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

    def legal(self) -> np.ndarray:
        """bool [R+N]."""
        rules, kinds = _legal_masks(self._next)
        legal = np.concatenate([rules, kinds[self.nodes.kinds]])
        legal[self.nodes.barred(self.derivation)] = False
        return legal

    def push(self, index: int) -> ActionRow:
        """With one more action, by its joint id."""
        return ActionRow(self.nodes, self.derivation.push(self.nodes.action(index), self._next))

    @cached_property
    def _next(self) -> Legal:
        """What may come next: asked once for the mask and once for each row that goes on from here."""
        return self.derivation.legal()

    def finish(self, log_prob: float) -> Hypothesis:
        """Its tree."""
        return Hypothesis(self.derivation.actions, log_prob, GRAMMAR.tree(self.derivation, self.nodes.scope))

    def stuck(self) -> GrammarError:
        """The position that nothing can fill."""
        return dead_end(self.derivation)


class ActionWriting:
    """The `Writing` of `Decoder`. kinds: int64 [B,N]. mask: bool [B,N]."""

    def __init__(self, kinds: np.ndarray, mask: np.ndarray, scopes: Sequence[Scope]):
        self.nodes = [Nodes(k, m, s) for k, m, s in zip(kinds, mask, scopes, strict=True)]

    def start(self, graph: int) -> ActionRow:
        """The empty derivation."""
        return ActionRow(self.nodes[graph], GRAMMAR.start())

    def inputs(self, rows: Sequence[ActionRow]) -> tuple[Steps, np.ndarray]:
        """Steps [B,1], and bool [B,R+N]."""
        derivations = [row.derivation for row in rows]
        places = [
            [row.before for row in rows],
            [d.slot for d in derivations],
            [d.parent for d in derivations],
            [d.depth for d in derivations],
        ]
        return Steps(*np.array(places, dtype=np.int64)[..., None]), np.stack([row.legal() for row in rows])
