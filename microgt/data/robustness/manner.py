"""The same question in another manner: politely, in a few words, all in lower case, with a slip of the finger."""

from __future__ import annotations

import dataclasses
import random
import re

from microgt.data.example import Example
from microgt.data.robustness.respelled import slip
from microgt.data.robustness.words import overlaps, quoted, values_said
from microgt.schema.types import Schema

_POLITE = (
    "Please {q}", "Could you {v}", "Can you {v}", "I would like to know: {q}", "Hi, {q}", "Quick question: {q}", "Do you know {q}",
    "{q} Thanks!", "I need this for a report: {q}", "{q} please",
)  # fmt: skip
_ASKED = re.compile(
    r"^(what|who) (is|are|was|were) (?:all )?(?:the )?|^(show|list|find|give|return|tell|display)( me)?( all)?( the)? ", re.IGNORECASE
)
_VERBS = ("show", "list", "find", "give", "return", "tell", "count", "sort", "display", "compute", "retrieve", "report")


class Manner:
    """With probability `p`, politeness, or only the words that matter, or lower case without marks; a slip in one of ten."""

    def __init__(self, p: float = 1.0, slips: float = 0.1):
        self.p, self.slips = p, slips

    def __call__(self, example: Example, schema: Schema, rng: random.Random) -> Example:
        question = example.question
        if rng.random() < self.p:
            question = rng.choice((_polite, _short, _careless))(question, rng)
        if rng.random() < self.slips:
            question = _with_slip(dataclasses.replace(example, question=question), rng)
        return dataclasses.replace(example, question=question)


def _polite(question: str, rng: random.Random) -> str:
    is_order = question.split(" ")[0].lower() in _VERBS
    form = rng.choice([f for f in _POLITE if is_order or ("{v}" not in f and not f.startswith("Please"))])
    first = question[0].lower() + question[1:] if not form.startswith("{q}") else question
    return form.format(q=first, v=first)


def _short(question: str, rng: random.Random) -> str:
    """Without its opening and its mark; as it is when too little would be left."""
    rest = _ASKED.sub("", question.strip()).rstrip(" ?.")
    return rest if len(rest.split()) >= 2 else question


def _careless(question: str, rng: random.Random) -> str:
    return question.lower().rstrip(" ?.")


def _with_slip(example: Example, rng: random.Random) -> str:
    """A slip in one longer word that is no part of a value."""
    question = example.question
    said = values_said(question, example.spec) if example.spec else []
    taken = [*quoted(question), *(value.span for value in said)]
    free = [m for m in re.finditer(r"[a-z]{6,}", question) if not any(overlaps(m.span(), other) for other in taken)]
    if not free:
        return question
    word = rng.choice(free)
    return question[: word.start()] + (slip(word[0], rng) or word[0]) + question[word.end() :]
