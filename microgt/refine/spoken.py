"""How a model is told of the answer that a question may change."""

from __future__ import annotations

from microgt.schema.types import Schema
from microgt.spec.types import Answer
from microgt.spec.words import in_words


def spoken(previous: Answer, words: str, schema: Schema) -> str:
    """The answer in words, then what is asked now: one text, whose graph links the names and values of both."""
    return f"{in_words(previous, schema)} Now: {words}"
