"""Specs as text: what is written can be read again; with the mask nothing else can be written."""

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgt.errors import GrammarError
from microgt.model.text.spelling import END, Pieces, word_of
from microgt.model.text.writing import MAX_PIECES, FreeWriting, MaskedWriting
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Scope
from tests.spec.databases import databases
from tests.spec.strategies import specs

ALL_RULES = np.ones(len(GRAMMAR.rules), dtype=bool)
AWKWARD = Scope(
    tables=("orders", "Select", "order items", "order␣items", "a\\b", "[END]"),
    columns=("orders.amount", "orders.amount paid", "orders.", "Select.where", "order items.é\t", "[END].ÿ"),
    values=("north", "5", 5, 5.0, True, "", " ", "a\nb", "'\"", "New York", "New␣York", "\\", 5),
)


@pytest.fixture(scope="module")
def pieces():
    """What a few names are spelled in."""
    actions = [Action(ActionKind.RULE, i) for i in range(0, len(GRAMMAR.rules), 3)] + [Action(ActionKind.COLUMN, i) for i in range(2)]
    return Pieces.learn([(AWKWARD, actions * 2)], rows=500)


def writing(kind, scope, pieces, allowed=ALL_RULES):
    return kind([scope], pieces=pieces, rows=500, allowed=allowed)


def all_actions(scope):
    sizes = {
        ActionKind.RULE: GRAMMAR.rules,
        ActionKind.TABLE: scope.tables,
        ActionKind.COLUMN: scope.columns,
        ActionKind.VALUE: scope.values,
    }
    return [Action(kind, i) for kind, names in sizes.items() for i in range(len(names))]


def test_words_are_distinct_and_hold_no_space():
    actions = all_actions(AWKWARD)[:-1]  # the last value is there twice
    words = [word_of(action, AWKWARD) for action in actions]
    assert len(set(words)) == len(words)
    assert not any(" " in word for word in words)
    assert word_of(Action(ActionKind.VALUE, 2), AWKWARD) == word_of(Action(ActionKind.VALUE, len(AWKWARD.values) - 1), AWKWARD) == "=5"


def test_any_word_can_be_spelled_and_its_first_piece_alone_begins_one(pieces):
    words = [word_of(action, AWKWARD) for action in all_actions(AWKWARD)]
    for word in words:
        first, *others = pieces.of(word)
        assert first in pieces.begins
        assert not pieces.begins & {*others}
        assert END not in (first, *others)
    assert pieces.words([p for word in words for p in pieces.of(word)] + [END]) == words


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_spec_is_read_back_as_it_was_written(pieces, data):
    database = data.draw(databases())
    spec, scope = data.draw(specs(database)), database.scope
    text = pieces.spell(GRAMMAR.encode(spec, scope), scope)
    for kind in (MaskedWriting, FreeWriting):
        row = writing(kind, scope, pieces).start(0)
        for piece in text if kind is MaskedWriting else text[:MAX_PIECES]:
            assert not row.done
            assert piece in row.legal()
            row = row.push(piece)
        assert row.done
        if kind is MaskedWriting or len(text) <= MAX_PIECES:
            assert row.finish(-1.0).spec == spec


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_written_with_the_mask_is_a_spec(pieces, seed):
    rng = random.Random(seed)
    allowed = ALL_RULES.copy()
    barred = GRAMMAR.rules.index("Between")
    allowed[barred] = False
    row = writing(MaskedWriting, AWKWARD, pieces, allowed).start(0)
    written = []
    while not row.done:
        written.append(rng.choice(row.legal()))
        row = row.push(written[-1])
    found = row.finish(0.0)
    assert Action(ActionKind.RULE, barred) not in found.actions
    free = writing(FreeWriting, AWKWARD, pieces).start(0)
    for piece in written:
        free = free.push(piece)
    assert free.finish(0.0).spec == found.spec


def test_a_value_of_another_column_is_not_written(pieces):
    scope = Scope(("t",), ("t.a", "t.b"), ("x", "y", "z"), ((0,), (1,), ()))
    row = writing(MaskedWriting, scope, pieces).start(0)
    for word in ("Answer", "Select", "@t.a", "Select.where", "Compare.eq", "@t.a"):
        for piece in pieces.of(word):
            row = row.push(piece)
    words = row._after[1].values()
    assert {a.index for a in words if a.kind is ActionKind.VALUE} == {0, 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Answer Select @orders.amount Select.ends", "'Select.ends' is no word at Select.clauses"),
        ("Answer Select @orders.amoun", "'@orders.amoun' is no word at Select.outputs"),
        ("Answer Select @orders.amount", "not complete"),
        ("Answer Select @orders.amount Select.end Select.end", "'Select.end' is no word after the end"),
        ("", "'' is no word at Spec"),
    ],
)
def test_what_cannot_be_read_is_told(pieces, text, message):
    row = writing(FreeWriting, AWKWARD, pieces).start(0)
    for word in text.split():
        for piece in pieces.of(word):
            row = row.push(piece)
    with pytest.raises(GrammarError, match=message):
        row.push(END).finish(0.0)


def test_pieces_that_are_no_text_cannot_be_read(pieces):
    half = pieces.tokenizer.token_to_id("Ã") + 1  # the first byte of é
    row = writing(FreeWriting, AWKWARD, pieces).start(0).push(half).push(END)
    with pytest.raises(GrammarError, match="cannot be read"):
        row.finish(0.0)


def test_a_text_without_an_end_stops_and_a_wrong_piece_is_refused(pieces):
    free = writing(FreeWriting, AWKWARD, pieces).start(0)
    steps = 0
    while not free.done:
        free, steps = free.push(3), steps + 1
    assert steps == MAX_PIECES
    masked = writing(MaskedWriting, AWKWARD, pieces).start(0)
    with pytest.raises(GrammarError, match="the piece 0 is not legal here"):
        masked.push(END)


def test_a_graph_without_columns_is_a_dead_end(pieces):
    row = writing(MaskedWriting, Scope((), ()), pieces).start(0)
    for word in ("Answer", "Select"):
        for piece in pieces.of(word):
            row = row.push(piece)
    _, legal = writing(MaskedWriting, Scope((), ()), pieces).inputs([row])
    assert json.dumps(legal.shape) == "[1, 500]"
    assert "no action is legal at" in str(row.stuck())
