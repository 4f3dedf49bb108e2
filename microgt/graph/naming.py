"""Whether the names of a schema are words: questions say words, and those of codes and abbreviations have to be guessed."""

from __future__ import annotations

from microgt.graph.thesaurus import Thesaurus, thesaurus
from microgt.graph.words import STOP, stem
from microgt.schema.types import Schema

_SHORTEST = 3  # letters of what is looked up: id, no and the like say nothing of the others, in a script in which they are no words


def is_coded(schema: Schema, by: Thesaurus | None = None) -> bool:
    """Whether most of the different words in its names of tables and columns are none of the thesaurus: codes, or another language.

    by: by default the thesaurus of microgt. A schema in which there is nothing to look up (`T1(C1, C2)`) is coded too.
    """
    known = by or thesaurus()
    named = {word for table in schema.tables for words in (table.words, *(c.words for c in table.columns)) for word in words}
    asked = [word for word in named if not word.isdecimal() and (len(word) >= _SHORTEST or not word.isascii())]
    return 2 * sum(word in STOP or stem(word) in known for word in asked) < max(1, len(asked))
