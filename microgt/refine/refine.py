"""From an answer and words to the answer that they make of it.

The words must be understood wholly: each is part of something that a rule knows, or says nothing by itself. What comes out has passed the
checker. Everything else is left to the model.
"""

from __future__ import annotations

from collections.abc import Sequence

from microgt.errors import CannotRefine
from microgt.graph import Graph
from microgt.refine.change import VIEW, Change, LeftToModel
from microgt.refine.rules import changes_at
from microgt.refine.said import Said
from microgt.refine.together import together
from microgt.refine.views import fitted
from microgt.schema.types import Schema
from microgt.spec.canonical import canonical
from microgt.spec.checker import check
from microgt.spec.types import Answer

MOST_WORDS = 25  # longer sentences are questions
MOST_READINGS = 4
EXAMPLES = "'only 2023', 'by month', 'top five' or 'as a line'"
_SAYING_NOTHING = (
    "a again also and are be but can change display do draw for give i instead is it its just like make me now of ok okay plot please same "
    "s see show so switch that the them then these this those to turn us use want we what about how would with you let"
)
_SILENT = frozenset(_SAYING_NOTHING.split())


def refine(previous: Answer, graph: Graph, schema: Schema) -> tuple[Answer, ...] | None:
    """The answers that the graph's question can make of the previous one: one, or several to be chosen from.

    None when the words are not wholly understood, or are left to the model. Raises `CannotRefine` when they are understood, and the answer
    cannot be changed in that way.
    """
    said = Said(graph, schema)
    changes = _understood(said) if 0 < len(graph.words) <= MOST_WORDS else None
    try:
        return after(previous, changes, schema) if changes else None
    except LeftToModel:
        return None


def after(previous: Answer, changes: Sequence[Change], schema: Schema) -> tuple[Answer, ...]:
    """The answers that the changes together can make of the previous one. Raises `CannotRefine`."""
    found = [previous]
    for change in together(changes):
        found = [new for answer in found for new in change.made(answer, schema)][: 4 * MOST_READINGS]
    return _accepted(found, changes, schema)


def _understood(said: Said) -> list[Change] | None:
    """The changes of all words, or None when some are left over. The longest way to read the beginning comes first."""
    dead: set[int] = set()

    def rest(at: int) -> list[Change] | None:
        if at == len(said.words):
            return []
        if at in dead:
            return None
        for end, change in changes_at(said, at):
            following = rest(end)
            if following is not None:
                return [change, *following]
        following = rest(at + 1) if said.words[at] in _SILENT else None
        if following is None:
            dead.add(at)
        return following

    return rest(0)


def _accepted(answers: Sequence[Answer], changes: Sequence[Change], schema: Schema) -> tuple[Answer, ...]:
    viewed = any(change.turn == VIEW for change in changes)
    shown = [answer if viewed else fitted(answer, schema) for answer in answers]
    if not shown:
        raise CannotRefine("the answer has nothing that this could change")
    errors = [check(answer, schema) for answer in shown]
    right = [answer for answer, wrong in zip(shown, errors, strict=True) if not wrong]
    if not right:
        first = errors[0][0]
        raise CannotRefine(str(first).partition(": ")[2], first.choices)
    different = {canonical(answer, schema): answer for answer in reversed(right)}
    return tuple(reversed(different.values()))[:MOST_READINGS]
