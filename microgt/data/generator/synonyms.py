"""Other words for the words that names of tables and columns are made of: the half of the lexicon that is trained with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from microgt.data.robustness.lexicon import lexicon


@cache
def trained() -> Mapping[str, Sequence[str]]:
    """Word or words, in the singular -> others."""
    return {" ".join(head): others for head, others in lexicon("train").items()}


def synonyms(word: str) -> Sequence[str]:
    """Other words for a noun in the singular; none for a word that is not known."""
    return trained().get(word, ())
