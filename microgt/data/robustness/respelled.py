"""Values spelled as people type them: another case, the plural, a slip of the finger, no accents, no quotes."""

from __future__ import annotations

import dataclasses
import random
import unicodedata
from collections.abc import Callable

from microgt.data.example import Example
from microgt.data.generator.profile import plural
from microgt.data.robustness.words import replaced, values_said
from microgt.schema.types import Schema

_SHORT = 3  # letters: shorter ones are codes
_TYPO = 6  # letters of a word in which a slip can still be read
_QUOTES = "\"'“”‘’`"


class Respelled:
    """With probability `p` each, the gold's text values are spelled otherwise in the question. The gold stays."""

    def __init__(self, p: float = 1.0):
        self.p = p

    def __call__(self, example: Example, schema: Schema, rng: random.Random) -> Example:
        assert example.spec is not None
        question, changes = example.question, []
        for said in values_said(question, example.spec):
            start, end = said.span
            text = question[start:end]
            ways = [w for w in (way(text, rng) for way in _WAYS) if w not in (None, text)]
            if text.isalpha() and text.islower() and not question[end : end + 2].strip().isalpha():
                ways.append(plural(text))  # people ask so for a kind of thing
            if len(text) >= _SHORT and ways and rng.random() < self.p:
                bare = question[start - 1 : start] in _QUOTES and question[end : end + 1] in _QUOTES and start > 0 and end < len(question)
                changes.append(((start - bare, end + bare), str(rng.choice(ways))))
        return dataclasses.replace(example, question=replaced(question, changes)) if changes else example


def _lower(text: str, rng: random.Random) -> str:
    return text.lower()


def _upper(text: str, rng: random.Random) -> str:
    return text.upper()


def _plain(text: str, rng: random.Random) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def slip(text: str, rng: random.Random) -> str | None:
    """Two letters inside one of its longer words change places, one is missing or comes twice; None without such a word."""
    words = text.split(" ")
    longer = [i for i, word in enumerate(words) if len(word) >= _TYPO and word.isalpha()]
    if not longer:
        return None
    i = rng.choice(longer)
    words[i] = rng.choice(_SLIPS)(words[i], rng.randrange(1, len(words[i]) - 2))
    return " ".join(words)


_SLIPS: tuple[Callable[[str, int], str], ...] = (
    lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    lambda word, at: word[:at] + word[at + 1 :],
    lambda word, at: word[: at + 1] + word[at:],
)
_WAYS = (_lower, _upper, slip, _plain)
