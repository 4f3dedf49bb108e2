"""What is left of a question when what it is about is left out: two questions of one template are the same sentence about other things."""

from __future__ import annotations

import zlib
from collections.abc import Set

from microgt.data.example import Example
from microgt.graph.words import STOP, split_words, stem
from microgt.schema.types import Schema
from microgt.spec.types import Value
from microgt.spec.walk import walk

GAP = "_"


def names_of(schema: Schema) -> frozenset[str]:
    """The stems of all words in the names of tables and columns, but for those that any sentence has."""
    words = {word for table in schema.tables for part in (table, *table.columns) for word in part.words}
    return frozenset(map(stem, words - STOP))


def template(example: Example, names: Set[str]) -> str:
    """The stems of a question, a gap for each run of names, words with digits and values of its spec. names: as of `names_of`."""
    said = (str(node.value) for _, node in walk(example.spec) if isinstance(node, Value)) if example.spec else ()
    values = {stem(word) for text in said for word in split_words(text).words}
    found: list[str] = []
    for word in map(stem, split_words(example.question).words):
        part = GAP if any(map(str.isdigit, word)) or word in names or word in values else word
        if part != GAP or not found or found[-1] != GAP:
            found.append(part)
    return " ".join(found)


def held_out(sentence: str, share: float, seed: int) -> bool:
    """Whether a template is one of the share that is kept from training: a matter of chance, and always the same for one seed."""
    return zlib.crc32(f"{seed}/{sentence}".encode()) < share * 2**32
