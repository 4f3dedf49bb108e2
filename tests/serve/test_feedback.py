"""Thumbs and corrections over HTTP."""

import pytest

from microgt.audit.log import log_file
from microgt.serve.ask_desk import Maker
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.product.scripted import AMOUNT, ORDERS, UNKNOWN, by_region
from tests.serve.scripted import Model

QUESTION = "best region"


@pytest.fixture
def client(serve, shop, tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path))
    with serve(Service([shop], lambda: Model(by_region(AMOUNT)), Settings(workers=1))) as client:
        yield client


@pytest.fixture
def events(shop):
    """`events()`: what the log has."""
    return lambda: list(log_file(shop).events())


def test_a_question_a_thumb_and_a_correction(client, events):
    answer = client.post("/ask", json={"question": QUESTION}).json()
    given = {"question": QUESTION, "spec": answer["spec"], "thumb": "down"}
    assert client.post("/feedback", json=given).json() == {"db": "shop", "thumb": "down"}
    noted = client.post("/corrections", json={"question": QUESTION, "spec": by_region(ORDERS)})
    assert noted.status_code == 200, noted.text
    assert noted.json() | {"sql": ""} == {
        "db": "shop", "words": "The number of orders by customers region, largest first.", "sql": "", "row_count": 2, "corrections": 1,
    }  # fmt: skip
    asked, judged, corrected = events()
    assert (asked.rows, asked.sql, asked.data_version) == (2, answer["sql"], answer["data_version"])
    assert (judged.thumb, judged.spec) == ("down", answer["spec"])
    assert (corrected.was, corrected.sql) == (answer["spec"], noted.json()["sql"])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"spec": UNKNOWN}, "/spec/query/outputs/0/column"),
        ({"spec": {"kind": "unanswerable", "reason": "no_path"}}, ""),
        ({}, "/spec"),
        ({"spec": by_region(ORDERS), "was": {"query": {}}}, "/was/query"),
    ],
)
def test_a_correction_that_does_not_run_is_refused(client, events, body, where):
    refused = client.post("/corrections", json={"question": QUESTION, **body})
    assert (refused.status_code, refused.json()["where"]) == (422, where), refused.text
    assert events() == []


def test_a_thumb_needs_no_spec(client, events):
    assert client.post("/feedback", json={"question": "jokes?", "thumb": "down"}).status_code == 200
    assert events()[0].spec is None
    assert client.post("/feedback", json={"question": "jokes?", "thumb": "sideways"}).json()["choices"] == ["up", "down"]


def test_questions_need_not_be_logged(serve, shop, tmp_path, monkeypatch, events):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path))
    with serve(Service([shop], lambda: Model(by_region(AMOUNT)), Settings(workers=1, log=False))) as client:
        assert client.post("/ask", json={"question": QUESTION}).status_code == 200
        assert events() == []
        client.post("/feedback", json={"question": QUESTION, "thumb": "up"})
    assert [event.event for event in events()] == ["judged"]


def test_what_was_learnt_for_a_database_answers_about_it(serve, shop, tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path))
    own = {shop: Maker(lambda: Model(by_region(ORDERS)), "learnt 1")}
    with serve(Service([shop], lambda: Model(by_region(AMOUNT)), Settings(workers=1), name="micro", own=own)) as client:
        answer = client.post("/ask", json={"question": QUESTION}).json()
    assert (answer["checkpoint"], answer["columns"][1]) == ("learnt 1", "count_orders")
