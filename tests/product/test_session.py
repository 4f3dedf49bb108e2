"""Conversations: questions, changes, undo and redo, readings that are asked back, the file that keeps them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgt.audit.log import NoLog, log_file
from microgt.errors import CannotRefine, DataError, NotAnswerable, SeveralReadings
from microgt.product.asker import Asker
from microgt.product.conversation import Conversation, Step, read_conversation, write_conversation
from microgt.product.session import Session
from microgt.spec.json import read_spec
from microgt.spec.types import Answer
from tests.product.scripted import AMOUNT, MONTH, ORDERS, Scripted, by_region

BY_MONTH = {"query": {"outputs": [MONTH, AMOUNT]}}


@pytest.fixture
def talk(shop):
    """`talk(spec that the model proposes, ...)` -> a session."""
    open_askers = []

    def begun(*specs, **more):
        asker = Asker(Scripted(*specs))
        open_askers.append(asker)
        return Session(asker, shop, **{"log": NoLog(), **more})

    yield begun
    for asker in open_askers:
        asker.close()


def test_a_question_is_changed_undone_and_redone(talk):
    session = talk(by_region(AMOUNT))
    first = session.say("total amount by region")
    south = session.say("only south")
    assert (south.intent, south.rows) == ("edit", (("south", 80.0),))
    donut = session.say("as a donut")
    assert donut.rows == south.rows
    assert [(v.value, v.source, v.words) for a in (south, donut) for v in a.values] == [
        ("south", "cell", "south"),
        ("south", "previous", ""),
    ]
    assert session.say("undo").rows == south.rows
    again = session.undo()
    assert (again.spec, again.rows, again.sql) == (first.spec, first.rows, first.sql)
    with pytest.raises(CannotRefine, match="there is nothing to undo"):
        session.say("Undo!")
    assert session.say("redo").rows == south.rows
    assert session.redo().spec == donut.spec.answer
    with pytest.raises(CannotRefine, match="nothing was undone"):
        session.say("redo")
    session.say("undo")
    session.say("top 1")
    assert [step.words for step in session.conversation.steps] == ["total amount by region", "only south", "top 1"]
    (year,) = [v for v in session.say("only 2024").values if v.value == "2024"]
    assert (year.source, year.words) == ("number", "2024")


def test_what_cannot_be_leaves_the_answer_as_it_is(talk):
    session = talk(by_region(ORDERS))
    before = session.say("orders by region")
    for words in ("average", "as a heatmap", "drop the filter"):
        with pytest.raises(CannotRefine):
            session.say(words)
    with pytest.raises(NotAnswerable, match="nothing in the question"):
        session.say("tell me jokes")
    assert session.shown().rows == before.rows
    assert len(session.conversation.steps) == 1


def test_readings_are_asked_back_and_taken_by_number(talk):
    clarify = {"kind": "clarify", "readings": [by_region(AMOUNT), by_region(ORDERS)]}
    session = talk(clarify)
    with pytest.raises(SeveralReadings):
        session.say("best region")
    assert session.say("2").rows == (("south", 2), ("north", 1))
    session = talk(BY_MONTH)
    session.say("amount by month")
    with pytest.raises(SeveralReadings, match="2 readings"):
        session.say("in descending order")
    chosen = session.say("2.")
    assert (chosen.intent, [row[1] for row in chosen.rows]) == ("edit", [80.0, 20.0])
    assert [str(change) for change in chosen.changes] == ["added the sort: the total amount (largest first)"]


def test_other_words_are_a_new_question(talk):
    session = talk(by_region(AMOUNT))
    session.say("total amount by region")
    session.say("only south")
    assert session.say("total amount by region of customers").intent == "answer"
    assert session.conversation.last.words == "total amount by region of customers"


def test_a_conversation_goes_on_from_its_file(talk, tmp_path):
    file = tmp_path / "kept" / "talk.json"
    session = talk(by_region(AMOUNT), history=file)
    session.say("total amount by region")
    session.say("only south")
    session.say("undo")
    later = talk(by_region(AMOUNT), history=file)
    assert later.shown().rows == (("south", 80.0), ("north", 20.0))
    assert later.say("redo").rows == (("south", 80.0),)
    assert [path.name for path in file.parent.iterdir()] == ["talk.json"]
    later.forget()
    assert talk(by_region(AMOUNT), history=file).shown() is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"at": 5, "steps": []}', '{"at": 0, "steps": [1]}', '{"at": 1, "steps": [{"words": "x", "spec": {"query": {}}}]}'],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path, text):
    (tmp_path / "talk.json").write_text(text)
    with pytest.raises(DataError, match=r"talk\.json holds no conversation"):
        read_conversation(tmp_path / "talk.json")


def test_all_of_it_is_logged(talk, shop, monkeypatch, tmp_path):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path))
    session = talk(by_region(AMOUNT), log=log_file(shop), by="ada")
    session.say("total amount by region")
    session.say("only south")
    events = list(log_file(shop).events())
    assert [(event.question, event.intent, event.by) for event in events] == [
        ("total amount by region", "answer", "ada"),
        ("only south", "edit", "ada"),
    ]


SPECS = [read_spec(by_region(AMOUNT)), read_spec(by_region(ORDERS)), read_spec(BY_MONTH)]
MOVES = st.lists(st.sampled_from([0, 1, 2, "undo", "redo"]), max_size=20)


@given(MOVES)
def test_undo_and_redo_are_those_of_a_list_with_a_cursor(moves):
    """Also through JSON; whatever is undone comes back exactly."""
    shown: list[Step] = []
    gone: list[Step] = []
    conversation = Conversation()
    for number, move in enumerate(moves):
        if isinstance(move, int):
            spec = SPECS[move]
            assert isinstance(spec, Answer)
            conversation, gone = conversation.with_step(str(number), spec), []
            shown.append(Step(str(number), spec))
        elif move == "undo" and len(shown) > 1:
            conversation = conversation.undone()
            gone.append(shown.pop())
        elif move == "redo" and gone:
            conversation = conversation.redone()
            shown.append(gone.pop())
        else:
            with pytest.raises(CannotRefine):
                conversation.undone() if move == "undo" else conversation.redone()
        assert conversation.last == (shown[-1] if shown else None)


@given(MOVES)
def test_the_file_holds_the_whole_of_it(tmp_path_factory, moves):
    conversation = Conversation()
    for move in moves:
        if isinstance(move, int):
            conversation = conversation.with_step('say "é"\n', SPECS[move])  # type: ignore[arg-type]
        elif move == "undo" and conversation.at > 1:
            conversation = conversation.undone()
    file = tmp_path_factory.getbasetemp() / "talk.json"
    write_conversation(file, conversation)
    assert read_conversation(file) == conversation
    json.loads(file.read_text(encoding="utf-8"))
