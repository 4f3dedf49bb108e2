"""Specs as text: each action is a word, a word is spelled in pieces, so that any name and any value can be said.

A rule is its name, a table `#orders`, a column `@orders.amount`, a value `='north'`. Spaces inside a word are written as another sign, so
that a space begins a word and nothing else does. Pieces are byte-level subwords (Radford et al. 2019), learnt from the training specs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as BytesToText
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer

from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Scope

END = 0  # the piece after the last word
_SPACE, _INSIDE = "Ġ", "␣"  # how byte-level pieces show a space; how one inside a word is written


def word_of(action: Action, scope: Scope) -> str:
    """The word for an action; of two equal values of a scope, the same one."""
    if action.kind is ActionKind.RULE:
        return GRAMMAR.rules[action.index]
    if action.kind is ActionKind.TABLE:
        return _one_word("#" + scope.tables[action.index])
    if action.kind is ActionKind.COLUMN:
        return _one_word("@" + scope.columns[action.index])
    return _one_word("=" + json.dumps(scope.values[action.index], ensure_ascii=False))


def _one_word(name: str) -> str:
    return name.replace("\\", "\\\\").replace(_INSIDE, "\\" + _INSIDE).replace(" ", _INSIDE)


class Pieces:
    """What words are spelled in. Ids: `END`, then those of the tokenizer plus one."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.begins = frozenset(i + 1 for piece, i in tokenizer.get_vocab().items() if piece.startswith(_SPACE))
        self.of = lru_cache(maxsize=100_000)(self._of)

    @classmethod
    def learn(cls, specs: Iterable[tuple[Scope, Sequence[Action]]], rows: int) -> Pieces:
        """At most `rows` pieces, `END` among them, from scopes and the actions over them."""
        tokenizer = Tokenizer(BPE())
        tokenizer.pre_tokenizer, tokenizer.decoder = ByteLevel(add_prefix_space=False), BytesToText()  # pyright: ignore[reportAttributeAccessIssue]
        trainer = BpeTrainer(vocab_size=rows - 1, initial_alphabet=sorted(ByteLevel.alphabet()), show_progress=False)
        words = (" " + word_of(action, scope) for scope, actions in specs for action in actions)
        tokenizer.train_from_iterator(words, trainer)
        return cls(tokenizer)

    def __len__(self) -> int:
        return self.tokenizer.get_vocab_size() + 1

    def _of(self, word: str) -> tuple[int, ...]:
        """The pieces of a word; the first begins it, and no other could."""
        return tuple(i + 1 for i in self.tokenizer.encode(" " + word).ids)

    def spell(self, actions: Iterable[Action], scope: Scope) -> list[int]:
        """A whole derivation, with `END`."""
        return [*(piece for action in actions for piece in self.of(word_of(action, scope))), END]

    def words(self, pieces: Iterable[int]) -> list[str]:
        """The text that pieces spell, in words, `END` left out. What is no text in UTF-8 has a sign that no word of a spec has."""
        return self.tokenizer.decode([i - 1 for i in pieces if i != END]).removeprefix(" ").split(" ")
