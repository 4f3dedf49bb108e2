"""What the columns of a result are called where people read them: the outputs of its spec in words."""

from __future__ import annotations

from dataclasses import replace

from microgt.schema.types import Schema
from microgt.spec.types import Answer, Edit
from microgt.spec.words_of_queries import Words

LONGEST = 60  # characters; what is longer is left as the SQL calls it


def headings(spec: Answer | Edit, columns: tuple[str, ...], schema: Schema) -> tuple[str, ...]:
    """Of each output, such as "Total amount" for `sum_amount`; with its table where two would be called the same.

    columns: what the SQL calls them, which what is too long keeps.
    """
    query = (spec.answer if isinstance(spec, Edit) else spec).query
    say = Words(schema, qualified=False).shown_by(query)
    short, long = ([_heading(words.of(output)) for output in words.outputs] for words in (say, replace(say, qualified=True)))
    found = [b if short.count(a) > 1 else a for a, b in zip(short, long, strict=True)]
    return tuple(said if len(said) <= LONGEST else name for said, name in zip(found, columns, strict=False))


def _heading(words: str) -> str:
    words = words.removeprefix("the ")
    return words[:1].upper() + words[1:]
