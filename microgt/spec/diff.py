"""What changed from one spec to another, in plain words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from microgt.schema.types import Schema
from microgt.spec.canonical import canonical
from microgt.spec.canonical.order import text_of
from microgt.spec.checker import check
from microgt.spec.conditions import conjuncts
from microgt.spec.english import listed
from microgt.spec.json import write_spec
from microgt.spec.types import Answer, Clarify, Edit, InPeriod, IsNull, Node, Not, Select, SetOperation, Spec
from microgt.spec.walk import Query, children, has_measure, is_grouped
from microgt.spec.words import in_words, several_tables, view
from microgt.spec.words_of_conditions import condition
from microgt.spec.words_of_queries import Words

_COMBINED = {
    "union": "the rows of both, each once",
    "union_all": "the rows of both",
    "intersect": "the rows that are in both",
    "except": "the rows of the first that are not in the second",
}


class Change(NamedTuple):
    """One difference. part: what of the spec; before and after: in words, empty where there was or is none."""

    part: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"added the {self.part}: {self.after}"
        if not self.after:
            return f"removed the {self.part}: {self.before}"
        return f"changed the {self.part}: it was {self.before}, and is {self.after}"

    def to_json(self) -> dict[str, str]:
        """The fields, and the phrase under words."""
        return {**self._asdict(), "words": str(self)}


class _Piece(NamedTuple):
    """What is added, removed or changed as one. key: equal for equal pieces; subject: pieces of one subject are changes of each other."""

    part: str
    key: str
    words: str
    subject: str = ""
    is_column: bool = False


def diff(old: Spec, new: Spec, schema: Schema) -> tuple[Change, ...]:
    """The differences in meaning, empty when there are none; `str` makes a phrase of each. Raises the first `SpecError` of a wrong spec."""
    for error in (*check(old, schema), *check(new, schema)):
        raise error
    old, new = (canonical(spec.answer if isinstance(spec, Edit) else spec, schema) for spec in (old, new))
    if text_of(old) == text_of(new):
        return ()
    if isinstance(old, Clarify) and isinstance(new, Clarify):
        return tuple(_changes(*([_Piece("reading", text_of(r), _quoted(r, schema)) for r in s.readings] for s in (old, new))))
    sentences = _quoted(old, schema), _quoted(new, schema)
    if not isinstance(old, Answer) or not isinstance(new, Answer):
        return (Change("answer", *sentences),)
    qualified = several_tables([old, new], schema)
    pieces = [[*_pieces(s.query, Words(schema, qualified)), _view(s, Words(schema, qualified))] for s in (old, new)]
    if type(old.query) is not type(new.query):
        pieces = [[_Piece("query", text_of(s.query), Words(schema, qualified).query(s.query))] for s in (old, new)]
    whole = sentences if sentences[0] != sentences[1] else (json.dumps(write_spec(s)) for s in (old, new))
    return tuple(_changes(*pieces)) or (Change("spec", *whole),)


def _quoted(spec: Spec, schema: Schema) -> str:
    return f'"{in_words(spec, schema).removesuffix(".")}"'


def _changes(old: list[_Piece], new: list[_Piece]) -> Iterator[Change]:
    for part in dict.fromkeys(piece.part for piece in (*old, *new)):
        ours, theirs = ([p for p in pieces if p.part == part] for pieces in (old, new))
        yield from _paired(_beyond(ours, theirs), _beyond(theirs, ours))
    columns = [[p for p in pieces if p.is_column] for pieces in (old, new)]
    kept = [[p.key for p in ours if p.key in {q.key for q in theirs}] for ours, theirs in (columns, columns[::-1])]
    if sorted(kept[0]) == sorted(kept[1]) and kept[0] != kept[1]:
        yield Change("order of the columns", *(listed([p.words for p in pieces]) for pieces in columns))


def _beyond(pieces: list[_Piece], others: list[_Piece]) -> list[_Piece]:
    """The pieces that the others do not have, or have less often."""
    left, found = Counter(p.key for p in others), []
    for piece in pieces:
        if left[piece.key] > 0:
            left[piece.key] -= 1
        else:
            found.append(piece)
    return found


def _paired(gone: list[_Piece], come: list[_Piece]) -> Iterator[Change]:
    """Pieces of the same subject are changes, all others were removed and added."""
    for piece in gone:
        same = [p for p in come if p.subject == piece.subject]
        alone = len(same) == 1 and [p.subject for p in gone].count(piece.subject) == 1
        if alone:
            come = [p for p in come if p is not same[0]]
        yield Change(piece.part, piece.words, same[0].words if alone else "")
    yield from (Change(piece.part, "", piece.words) for piece in come)


# ------------------------------------------------------------------ pieces


def _pieces(query: Query, words: Words, of: str = "") -> Iterator[_Piece]:
    """All pieces of a query. of: which query, for one inside another."""
    if isinstance(query, SetOperation):
        yield _Piece(f"combination{of}", query.op, _COMBINED[query.op])
        yield from _pieces(query.left, words, f" of the first query{of}")
        yield from _pieces(query.right, words, f" of the second query{of}")
        yield from _order(query, words.shown_by(query), of)
        return
    words = words.shown_by(query)
    yield from _outputs(query, words, of)
    if query.source is not None:
        yield from _pieces(query.source, words, f" of the inner query{of}")
    yield from (_condition(p, "filter", words, of) for p in conjuncts(query.where))
    yield from (_condition(p, "filter on groups", words, of) for p in conjuncts(query.having))
    if query.distinct:
        yield _Piece(f"rows{of}", "distinct", "each once")
    yield from (_Piece(f"join{of}", text, text, text) for text in words.joins(query))
    yield from _order(query, words, of)


def _outputs(query: Select, words: Words, of: str) -> Iterator[_Piece]:
    grouped = is_grouped(query)
    for output in query.outputs:
        part = "measure" if has_measure(output) else "dimension" if grouped else "column"
        yield _Piece(f"{part}{of}", text_of(output), words.of(output), is_column=True)
    yield from (_Piece(f"hidden dimension{of}", text_of(key), words.of(key)) for key in query.by)


def _condition(node: Node, part: str, words: Words, of: str) -> _Piece:
    """The subject of a condition is its first operand."""
    inner = node.arg if isinstance(node, Not) else node
    part = "period" if isinstance(inner, InPeriod) else part
    first = next(child for _, child in children(inner))
    known = isinstance(inner, IsNull)  # whether something is known is a matter of its own
    return _Piece(f"{part}{of}", text_of(node), condition(node, words), f"{text_of(first)}{known}")


def _order(query: Query, words: Words, of: str) -> Iterator[_Piece]:
    if query.sort:
        yield _Piece(f"sort{of}", "".join(map(text_of, query.sort)), words.keys(query.sort))
    if query.limit:
        yield _Piece(f"limit{of}", text_of(query.limit), words.rows(query.limit))


def _view(spec: Answer, words: Words) -> _Piece:
    return _Piece("view", text_of(spec.view), view(spec.view, words.shown_by(spec.query)))
