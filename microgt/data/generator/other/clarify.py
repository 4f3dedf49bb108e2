"""Words that can mean several columns."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces
from microgt.schema.types import Column
from microgt.spec.types import Aggregate, Answer, Clarify, Col, Rows, Select

_MOST = 4  # readings


def clarify(pieces: Pieces) -> tuple[Clarify, str] | None:
    """An aggregate of what several columns are called, or rows counted by it."""
    return _measure(pieces) if pieces.rng.random() < 0.5 else _dimension(pieces)


def _measure(pieces: Pieces) -> tuple[Clarify, str] | None:
    columns = [c for t in pieces.profile.schema.tables for c in pieces.profile.numeric(t.name)]
    groups = _alike(columns)
    if not groups:
        return None
    rng = pieces.rng
    word = rng.choice(sorted(groups))
    fn = rng.choices(("sum", "avg", "max", "min"), (5, 4, 1, 1))[0]
    readings = tuple(Answer(query=Select(outputs=(Aggregate(fn=fn, of=Col(column=c.id)),))) for c in groups[word])
    opening = rng.choice(("", "", "what is the ", "show the ", "give me the ", "I need the "))
    return Clarify(readings=readings), opening + phrases.aggregate_phrase(rng, fn, word)


def _dimension(pieces: Pieces) -> tuple[Clarify, str] | None:
    table, rng = pieces.table(), pieces.rng
    dims = {d.column: d for d in pieces.profile.categories(table) if not d.col.via}
    groups = _alike(list(dims))
    if not groups:
        return None
    word, numeric = rng.choice(sorted(groups)), pieces.profile.numeric(table)
    noun = rng.choice(pieces.profile.table_names(table))
    measure: Any = Aggregate(fn="count", of=Rows(table=table))
    said = phrases.count_phrase(rng, noun)
    if numeric and rng.random() < 0.5:
        column, fn = pieces.column(numeric), rng.choice(("sum", "avg"))
        measure = Aggregate(fn=fn, of=Col(column=column.id))
        said = phrases.aggregate_phrase(rng, fn, rng.choice(pieces.profile.column_names(column))) + " of " + noun
    readings = tuple(Answer(query=Select(outputs=(dims[c].col, measure))) for c in groups[word])
    by = pick(rng, phrases.BY, d=word, p=word + "s")
    return Clarify(readings=readings), rng.choice(("", "", "show me ", "what is the ")) + said + by


def _alike(columns: list[Column]) -> dict[str, list[Column]]:
    """Last word of their names -> columns, where two to four have it and not exactly one of them has no other name."""
    found: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        found[column.words[-1]].append(column)
    return {
        word: several
        for word, several in found.items()
        if 2 <= len(several) <= _MOST and sum(c.words == (word,) for c in several) != 1 and word.isalpha()
    }
