"""Specs written piece by piece, with the grammar as a mask or without; see `spelling.py`.

With the mask a piece is legal when some legal next action could be spelled on with it, as in PICARD (Scholak et al. 2021); training has no
mask, so that one model can be asked both ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from torch import nn

from microgt.errors import GrammarError
from microgt.model.actions import dead_end
from microgt.model.steps import START, Hypothesis
from microgt.model.text.spelling import END, Pieces, word_of
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Derivation, Scope

MAX_PIECES = 512  # of a spec without a mask; longer is unreadable


@dataclass(frozen=True, eq=False)
class Dictionary:
    """The words that a graph's specs can hold. allowed: the rules that may be chosen."""

    scope: Scope
    pieces: Pieces
    allowed: frozenset[int]

    def actions(self, derivation: Derivation) -> list[Action]:
        """What may come next; nothing when the derivation is complete."""
        if derivation.done:
            return []
        legal, scope = derivation.legal(), self.scope
        sizes = {ActionKind.TABLE: len(scope.tables), ActionKind.COLUMN: len(scope.columns), ActionKind.VALUE: len(scope.values)}
        barred = set(derivation.barred(scope))
        named = [action for kind in sorted(legal.pointers) for i in range(sizes[kind]) if (action := Action(kind, i)) not in barred]
        return [*(Action(ActionKind.RULE, i) for i in legal.rules if i in self.allowed), *named]

    def spelled(self, derivation: Derivation) -> dict[tuple[int, ...], Action]:
        """The words that may come next by their pieces; the first of equal values."""
        found: dict[tuple[int, ...], Action] = {}
        for action in self.actions(derivation):
            found.setdefault(self.pieces.of(word_of(action, self.scope)), action)
        return found

    def read(self, pieces: Sequence[int]) -> Derivation:
        """The derivation that a text spells. Raises `GrammarError` where it cannot be read."""
        derivation = GRAMMAR.start()
        for word in self.pieces.words(pieces):
            known: dict[str, Action] = {}
            for action in self.actions(derivation):
                known.setdefault(word_of(action, self.scope), action)
            if word not in known:
                place = "after the end" if derivation.done else f"at {GRAMMAR.slots[derivation.slot]}"
                raise GrammarError(f"the text cannot be read: {word[:40]!r} is no word {place}")
            derivation = derivation.push(known[word])
        return derivation


@dataclass(frozen=True, eq=False)
class MaskedRow:
    """A derivation under way and the word being spelled. words: those that begin with the `at` pieces so far."""

    dictionary: Dictionary
    derivation: Derivation
    words: dict[tuple[int, ...], Action]
    at: int = 0
    before: int = START
    done: bool = False

    @cached_property
    def _after(self) -> tuple[Derivation, dict[tuple[int, ...], Action]] | None:
        """Where the text goes on if the word ends here; None when it is no whole word."""
        ends = next((action for word, action in self.words.items() if len(word) == self.at), None)
        if ends is None:
            return None
        derivation = self.derivation.push(ends)
        return derivation, self.dictionary.spelled(derivation)

    def legal(self) -> list[int]:
        """The pieces that may come next."""
        found = {word[self.at] for word in self.words if len(word) > self.at}
        if self._after is not None:
            derivation, words = self._after
            found |= {END} if derivation.done else {word[0] for word in words}
        return sorted(found)

    def push(self, index: int) -> MaskedRow:
        """With one more piece. Raises `GrammarError` when it is not legal."""
        if index not in self.legal():
            raise GrammarError(f"the piece {index} is not legal here")
        inside = {word: action for word, action in self.words.items() if len(word) > self.at and word[self.at] == index}
        if inside:
            return MaskedRow(self.dictionary, self.derivation, inside, self.at + 1, index)
        assert self._after is not None
        derivation, words = self._after
        begun = {word: action for word, action in words.items() if word[0] == index}
        return MaskedRow(self.dictionary, derivation, begun, 1, index, done=index == END)

    def finish(self, log_prob: float) -> Hypothesis:
        """Its tree."""
        actions = self.derivation.actions
        return Hypothesis(actions, log_prob, GRAMMAR.decode(actions, self.dictionary.scope))

    def stuck(self) -> GrammarError:
        """The position that nothing can fill."""
        return dead_end(self.derivation if self._after is None else self._after[0])


@dataclass(frozen=True, eq=False)
class FreeRow:
    """Pieces under way, whatever they spell."""

    dictionary: Dictionary
    pieces: tuple[int, ...] = ()

    @property
    def before(self) -> int:
        """The last piece."""
        return self.pieces[-1] if self.pieces else START

    @property
    def done(self) -> bool:
        """Whether the text has ended."""
        return self.before == END or len(self.pieces) >= MAX_PIECES

    def legal(self) -> list[int]:
        """Every piece."""
        return list(range(len(self.dictionary.pieces)))

    def push(self, index: int) -> FreeRow:
        """With one more piece."""
        return FreeRow(self.dictionary, (*self.pieces, index))

    def finish(self, log_prob: float) -> Hypothesis:
        """What the text says. Raises `GrammarError` when that is no spec."""
        actions = self.dictionary.read(self.pieces).actions
        return Hypothesis(actions, log_prob, GRAMMAR.decode(actions, self.dictionary.scope))

    def stuck(self) -> GrammarError:
        """Never: there is always a piece."""
        return GrammarError("the text cannot go on")


class FreeWriting:
    """The `Writing` of `TokenDecoder` without a mask: a text that cannot be read is no prediction.

    rows: of the decoder's table. allowed: bool [R], rules that may be chosen.
    """

    def __init__(self, scopes: Sequence[Scope], *, pieces: Pieces, rows: int, allowed: np.ndarray):
        rules = frozenset(np.flatnonzero(allowed).tolist())
        self.dictionaries = [Dictionary(scope, pieces, rules) for scope in scopes]
        self.rows = rows

    def start(self, graph: int) -> Any:
        """An empty text."""
        return FreeRow(self.dictionaries[graph])

    def inputs(self, rows: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
        """The pieces before, int64 [B,1], and bool [B,P]."""
        legal = np.zeros((len(rows), self.rows), dtype=bool)
        for i, row in enumerate(rows):
            legal[i, row.legal()] = True
        return np.array([[row.before] for row in rows], dtype=np.int64), legal


class MaskedWriting(FreeWriting):
    """The `Writing` of `TokenDecoder` with the grammar as a mask: every finished text is a spec."""

    def start(self, graph: int) -> Any:
        """An empty text."""
        dictionary, derivation = self.dictionaries[graph], GRAMMAR.start()
        return MaskedRow(dictionary, derivation, dictionary.spelled(derivation))


class NoMask(nn.Module):
    """Any piece may come next."""

    def forward(self, scopes: Sequence[Scope], **more: Any) -> FreeWriting:
        """For the graphs of a batch; arguments as of `FreeWriting`."""
        return FreeWriting(scopes, **more)


class GrammarMask(nn.Module):
    """Only pieces that lead to a spec may come next."""

    def forward(self, scopes: Sequence[Scope], **more: Any) -> MaskedWriting:
        """For the graphs of a batch; arguments as of `FreeWriting`."""
        return MaskedWriting(scopes, **more)
