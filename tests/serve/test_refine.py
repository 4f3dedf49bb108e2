"""Changes of an answer over HTTP."""

import json

import jsonpatch
import pytest

from microgt.serve.models import Refined
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from microgt.spec import read_spec, write_spec
from tests.product.scripted import AMOUNT, MONTH, by_region
from tests.serve.scripted import Model

BY_REGION = by_region(AMOUNT)
BY_MONTH = {"query": {"outputs": [MONTH, AMOUNT]}}
NEW = {"query": {"outputs": [AMOUNT]}}


@pytest.fixture(scope="module")
def client(serve, shop):
    with serve(Service([shop], lambda: Model(NEW), Settings(workers=1))) as client:
        yield client


@pytest.fixture
def refine(client):
    """`refine(words, spec, body...)` -> the answer."""

    def asked(words, spec, **more):
        answer = client.post("/refine", json={"words": words, "spec": spec, **more})
        assert answer.status_code == 200, answer.text
        return Refined.model_validate(answer.json()), answer.json()

    return asked


def test_an_answer_is_changed_with_its_patch(refine):
    found, said = refine("only south as a bar chart", BY_REGION)
    assert (found.intent, found.question, found.confidence) == ("edit", "only south as a bar chart", 1.0)
    assert found.rows == [["south", 80.0]]
    assert found.chart
    assert [change["words"] for change in found.changes] == [
        "changed the view: it was a table, and is a bar chart",
        'added the filter: customers region is "south"',
    ]
    assert [(v.value, v.source, v.words) for v in found.values] == [("south", "cell", "south")]
    assert jsonpatch.apply_patch(write_spec(read_spec(BY_REGION)), found.patch) == said["spec"]["answer"]
    assert refine("all regions", said["spec"])[0].rows == [["south", 80.0], ["north", 20.0]]


def test_readings_are_asked_back_and_one_is_chosen(refine):
    found, _ = refine("in descending order", BY_MONTH)
    assert (found.intent, found.spec is None, found.patch, len(found.readings)) == ("clarify", False, [], 2)
    chosen, _ = refine("in descending order", BY_MONTH, choose=2)
    assert (chosen.intent, [row[1] for row in chosen.rows]) == ("edit", [80.0, 20.0])
    assert [operation["op"] for operation in chosen.patch] == ["add"]


def test_what_cannot_be_changed_is_told_with_choices(refine):
    found, _ = refine("forecast it", BY_MONTH)
    assert (found.intent, found.spec, found.rows, found.patch) == ("unanswerable", None, [], [])
    assert found.choices[0] == "forecast 3 months"
    assert found.warnings[0].startswith("how far is it to be forecast?")


def test_other_words_are_a_new_question_or_are_told_to_be_none(refine):
    found, _ = refine("total amount", BY_REGION)
    assert (found.intent, found.rows, found.patch) == ("answer", [[100.0]], [])
    found, _ = refine("tell me jokes", BY_REGION)
    assert found.intent == "unanswerable"
    assert "it is no change of the answer that is known, such as 'only 2023'" in found.warnings[0]


def test_suggested_questions_come_with_specs_that_run(client):
    found = client.get("/suggestions").json()
    assert [s["kind"] for s in found] == ["total", "trend", "share", "average", "total", "share"]
    for suggestion in found:
        assert suggestion["words"].endswith(".")
        assert client.post("/spec/run", json={"spec": suggestion["spec"]}).json()["row_count"] > 0
    assert client.get("/suggestions", params={"db": "gone"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"spec": BY_REGION}, "/words"),
        ({"words": "by month"}, "/spec"),
        ({"words": "", "spec": BY_REGION}, "/words"),
        ({"words": " ", "spec": BY_REGION}, ""),
        ({"words": "by month", "spec": {"kind": "unanswerable", "reason": "no_path"}}, ""),
        ({"words": "by month", "spec": {"query": {"outputs": ["orders.gone"]}}}, ""),
        ({"words": "by month", "spec": {"query": {}}}, "/spec/query"),
        ({"words": "in descending order", "spec": BY_MONTH, "choose": 7}, ""),
    ],
)
def test_what_cannot_be_sent(client, body, where):
    answer = client.post("/refine", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["where"]) == (422, where), answer.text
