"""What the log of a database has of requests: who sent them, and where their specs come from."""

import pytest

from microgt.audit.log import log_file
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.product.scripted import AMOUNT, ORDERS, UNKNOWN, by_region
from tests.serve.scripted import Model

QUESTION, NORTH = "amount by region", {"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "north"}}
EDITED = by_region(AMOUNT, where=NORTH)


@pytest.fixture
def events(shop, tmp_path, monkeypatch):
    """`events()`: what the log has."""
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path / "home"))
    return lambda: list(log_file(shop).events())


def send(client, address, who=None, **body):
    answer = client.post(address, json=body, headers={"Authorization": f"Bearer {who}"} if who else {})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_it_says_who_has_sent_a_request(serve, shop, events):
    requests = {
        "/ask": {"question": QUESTION},
        "/refine": {"words": "as a donut", "spec": by_region(AMOUNT)},
        "/spec/run": {"spec": by_region(AMOUNT)},
        "/feedback": {"question": QUESTION, "spec": by_region(AMOUNT), "thumb": "up"},
        "/corrections": {"question": QUESTION, "spec": by_region(ORDERS)},
    }
    settings = Settings(workers=1, tokens={"ana": "1", "ben": "2"}, token="3")
    with serve(Service([shop], lambda: Model(by_region(AMOUNT)), settings)) as client:
        for token in "123":
            for address, body in requests.items():
                send(client, address, token, **body)
        assert send(client, "/ask", "2", question="jokes?")["intent"] == "unanswerable"
    kinds = ["asked", "asked", "asked", "judged", "corrected"]
    assert [(event.event, event.by) for event in events()] == [
        *((kind, who) for who in ("ana", "ben", "") for kind in kinds), ("asked", "ben"),
    ]  # fmt: skip


def test_specs_that_are_run_are_noted_with_their_origin(serve, shop, events):
    with serve(Service([shop], Model, Settings(workers=1))) as client:
        send(client, "/spec/run", spec=by_region(AMOUNT), question="Amount by region", origin="suggestion")
        ran = send(client, "/spec/run", spec=EDITED, previous=by_region(AMOUNT))
        assert client.post("/spec/run", json={"spec": UNKNOWN}).status_code == 422
        assert client.post("/spec/run", json={"spec": EDITED, "origin": "question"}).json()["where"] == "/origin"
        assert client.post("/spec/run", json={"spec": EDITED, "previous": {"query": {}}}).json()["where"] == "/previous/query"
    suggested, changed = events()
    assert (suggested.question, suggested.origin, suggested.previous) == ("Amount by region", "suggestion", None)
    assert (changed.question, changed.origin, changed.previous) == (ran["words"], "by hand", suggested.spec)
    assert (changed.intent, changed.rows, changed.sql, changed.data_version) == ("answer", 1, ran["sql"], ran["data_version"])
    assert changed.spec["query"]["where"]


def test_specs_that_are_run_need_not_be_noted(serve, shop, events):
    with serve(Service([shop], Model, Settings(workers=1, log=False))) as client:
        assert send(client, "/spec/run", spec=EDITED)["warnings"] == []
    assert events() == []


def test_what_cannot_be_noted_is_told(serve, shop, events, tmp_path):
    (tmp_path / "home").write_text("")
    with serve(Service([shop], Model, Settings(workers=1))) as client:
        (told,) = send(client, "/spec/run", spec=EDITED)["warnings"]
    assert told.startswith("not logged: cannot write")


@pytest.mark.parametrize("first", [("/ask", {}), ("/spec/run", {"spec": by_region(AMOUNT), "origin": "suggestion"})])
def test_the_minutes_of_a_product_begin_with_the_question_that_it_was_made_from_by_hand(serve, shop, events, tmp_path, first):
    address, body = first
    settings = Settings(workers=1, products=tmp_path / "products")
    with serve(Service([shop], lambda: Model(by_region(AMOUNT)), settings)) as client:
        send(client, address, question=QUESTION, **body)
        send(client, "/spec/run", spec=EDITED, previous=by_region(AMOUNT))
        send(client, "/products", name="north", spec=EDITED)
        (product,) = client.get("/products").json()
    begun, _, deployed = events()
    assert product["minutes"] == round((deployed.at - begun.at).total_seconds() / 60, 2)


def test_a_thumb_is_noted_with_the_origin_of_what_it_is_for(serve, shop, events):
    with serve(Service([shop], Model, Settings(workers=1))) as client:
        for origin in ("question", "suggestion", "by hand", "product"):
            send(client, "/feedback", question=QUESTION, spec=EDITED, thumb="up", origin=origin)
        send(client, "/feedback", question=QUESTION, spec=EDITED, thumb="up")
        assert client.post("/feedback", json={"question": QUESTION, "thumb": "up", "origin": "dream"}).status_code == 422
    assert [event.origin for event in events()] == ["question", "suggestion", "by hand", "product", None]
