"""Questions over HTTP: answers, readings, limits."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import httpx
import pytest

from microgt.serve.models import AskAnswer
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.product.scripted import AMOUNT, ORDERS, by_region
from tests.serve.scripted import Model

BARS = {"kind": "chart", "mark": "bar", "x": {"output": 0}, "y": {"output": 1}}
JSON = {"Content-Type": "application/json"}
CHART = {**by_region(AMOUNT), "view": BARS}
CLARIFY = {"kind": "clarify", "readings": [by_region(AMOUNT), by_region(ORDERS)]}
EDIT = {"kind": "edit", "answer": by_region(ORDERS)}
NO_PATH = {"kind": "unanswerable", "reason": "no_path"}


@pytest.fixture(scope="module")
def model():
    """What the server of `client` proposes; a test sets its specs."""
    return Model()


@pytest.fixture(scope="module")
def client(serve, shop, model):
    with serve(Service([shop], lambda: model, Settings(workers=1, hosts=("127.0.0.1",)))) as client:
        yield client


@pytest.fixture
def ask(client, model):
    """`ask(what is proposed, body...)` -> the answer."""

    def asked(spec, question="total amount by region", **more):
        model.specs = (spec,)
        answer = client.post("/ask", json={"question": question, **more})
        assert answer.status_code == 200, answer.text
        return AskAnswer.model_validate(answer.json())

    return asked


def test_which_words_the_model_looked_at(client):
    told = client.post("/attention", json={"question": "total amount by region", "spec": CHART})
    assert told.json() == {"words": ["total", "amount", "by", "region"], "on": {"orders.amount": [0.1, 0.2, 0.3, 0.4]}}
    wrong = client.post("/attention", json={"question": "total amount by region"})
    assert (wrong.status_code, wrong.json()["where"]) == (422, "/spec")


def test_an_answer_has_all_that_is_needed_to_check_it(ask, client, model):
    found = ask(CHART, beam=3)
    assert (found.intent, found.db, found.question) == ("answer", "shop", "total amount by region")
    assert (found.columns, found.rows, found.row_count) == (["region", "sum_amount"], [["south", 80.0], ["north", 20.0]], 2)
    assert found.sql
    assert "SUM(orders.amount)" in found.sql
    assert found.words == "The total orders amount by customers region, largest first, as a bar chart."
    assert found.chart
    assert found.chart["data"]["values"][0] == {"c0": "south", "c1": 80.0}
    assert (found.confidence, found.warnings, found.readings) == (0.9, [], [])
    assert found.data_version == client.get("/schema").json()["data_version"]
    assert list(found.seconds) == ["wait", "graph", "model", "run", "chart", "total"]
    assert model.beam == 3


def test_readings_are_asked_back_and_one_is_chosen(ask, client):
    found = ask(CLARIFY)
    assert (found.intent, found.rows, found.chart) == ("clarify", [], None)
    assert [(reading.choose, reading.words) for reading in found.readings] == [
        (1, "The total orders amount by customers region, largest first."),
        (2, "The number of orders by customers region, largest first."),
    ]
    assert ask(CLARIFY, choose=2).rows == [["south", 2], ["north", 1]]
    answer = client.post("/ask", json={"question": "total amount by region", "choose": 3})
    assert (answer.status_code, answer.json()["message"]) == (422, "there is no reading 3: choose 1 or 2")


def test_an_answer_is_changed(ask, client):
    found = ask(EDIT, "number of orders instead", previous=by_region(AMOUNT))
    assert (found.intent, found.rows) == ("edit", [["south", 2], ["north", 1]])
    assert [change["words"] for change in found.changes] == [
        "changed the measure: it was the total orders amount, and is the number of orders"
    ]
    answer = client.post("/ask", json={"question": "orders", "previous": {"query": {}}})
    assert (answer.status_code, answer.json()["where"]) == (422, "/previous/query")
    assert ask(CHART, previous=None).intent == "answer"


def test_without_an_answer_it_is_said_why(ask):
    found = ask(NO_PATH)
    assert (found.intent, found.sql, found.rows, found.confidence) == ("unanswerable", None, [], None)
    assert found.warnings[0].startswith("This cannot be answered: no keys connect")
    assert ask(CHART, "tell me jokes").warnings[0].startswith("nothing in the question ('tell', 'me', 'jokes') names a table")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "/question"),
        ({"question": ""}, "/question"),
        ({"question": "x" * 1001}, "/question"),
        ({"question": "amount", "beam": 0}, "/beam"),
        ({"question": "amount", "beam": 11}, "/beam"),
        ({"question": "amount", "choose": 0}, "/choose"),
        ({"question": "amount", "spec": {}}, "/spec"),
        ({"question": "amount \ud800"}, ""),
        ({"question": " "}, ""),
    ],
)
def test_what_cannot_be_asked(client, body, where):
    answer = client.post("/ask", content=json.dumps(body), headers=JSON)  # half a character is escaped
    assert (answer.status_code, answer.json()["where"]) == (422, where), answer.text


class Gated(Model):
    """Answers when the gate is open."""

    def __init__(self, *specs):
        super().__init__(*specs)
        self.gate, self.asked = threading.Event(), 0

    def predict(self, question, schema):
        self.asked += 1
        assert self.gate.wait(300)
        return super().predict(question, schema)


def eventually(condition):
    for _ in range(30_000):
        if condition():
            return
        sleep(0.01)
    raise AssertionError("it did not come to that")


def question(client):
    return client.post("/ask", json={"question": "total amount by region"})


def test_what_waits_is_bounded_and_the_rest_goes_on(serve, shop):
    model = Gated(CHART)
    service = Service([shop], lambda: model, Settings(workers=1, queue=1))
    with serve(service) as client, ThreadPoolExecutor(2) as threads:
        first = threads.submit(question, client)
        eventually(lambda: model.asked == 1)
        second = threads.submit(question, client)
        eventually(lambda: service.questions.waiting == 1)
        refused = question(client)
        assert (refused.status_code, refused.json()["code"]) == (503, "E_BUSY")
        assert int(refused.headers["Retry-After"]) >= 1
        assert client.get("/health").status_code == 200
        assert client.post("/spec/run", json={"spec": CHART}).json()["row_count"] == 2
        measured = client.get("/metrics").text
        assert 'microgt_waiting{pool="questions"} 1.0' in measured
        assert 'microgt_running{pool="questions"} 1.0' in measured
        assert 'microgt_refused_total{code="E_BUSY"} 1.0' in measured
        assert "microgt_in_flight 3.0" in measured
        model.gate.set()
        assert [first.result().status_code, second.result().status_code] == [200, 200]
        measured = client.get("/metrics").text
    assert 'microgt_requests_total{route="/ask",status="200"} 2.0' in measured
    assert 'microgt_requests_total{route="/ask",status="503"} 1.0' in measured
    assert 'microgt_request_seconds_count{route="/ask"} 3.0' in measured
    assert 'microgt_stage_seconds_count{pool="questions",stage="model"} 2.0' in measured
    assert 'microgt_waiting{pool="questions"} 0.0' in measured


def test_a_late_answer_is_not_waited_for_and_blocks_nothing_later(serve, shop):
    model = Gated(CHART)
    service = Service([shop], lambda: model, Settings(workers=1, seconds=0.3))
    with serve(service) as client:
        late = question(client)
        assert (late.status_code, late.json()["code"]) == (504, "E_TIMEOUT")
        model.gate.set()
        eventually(lambda: service.questions.running == 0)
    with serve(Service([shop], lambda: model)) as client:
        assert question(client).status_code == 200


def test_a_stopping_server_answers_what_is_in_flight_and_nothing_new(serve, shop):
    model = Gated(CHART)
    with serve(Service([shop], lambda: model, Settings(workers=1))) as client, ThreadPoolExecutor(1) as threads:
        running = threads.submit(question, client)
        eventually(lambda: model.asked == 1)
        client.server.should_exit = True
        eventually(lambda: refuses(client))
        model.gate.set()
        assert running.result().json()["row_count"] == 2


def refuses(client):
    try:
        httpx.get(client.base_url.join("/health/live"))
    except httpx.TransportError:
        return True
    return False
