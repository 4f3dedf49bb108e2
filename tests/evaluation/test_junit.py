"""JUnit XML by what Jenkins' junit-10.xsd allows."""

from xml.etree import ElementTree

import pytest

from microgt.evaluation import Item, Outcome, results_of
from microgt.evaluation.report import junit

ALLOWED = {  # element: required attributes, further attributes, children
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url", "version"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name", "classname"}, {"time", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
}


def item(name, outcome, **more):
    return Item(**{"id": name, "db": "shop", "category": None, "question": "What?", "outcome": outcome, "seconds": 0.25, **more})


def tree(items, excluded=()):
    root = ElementTree.fromstring(junit(results_of(items, data="my data", split="dev", excluded=excluded)).encode())
    for element in root.iter():
        required, further, children = ALLOWED[element.tag]
        assert required <= set(element.attrib) <= required | further, element.tag
        assert {child.tag for child in element} <= children
    return root


@pytest.mark.parametrize("outcome", Outcome)
def test_the_kind_of_each_outcome(outcome):
    [case] = tree([item("q", outcome, error="why")]).iter("testcase")
    kinds = [child.tag for child in case]
    if outcome.right:
        assert kinds == []
    else:
        assert kinds == ["failure" if outcome in (Outcome.WRONG, Outcome.INVALID_SPEC) else "error"]
        assert (case[0].get("type"), case[0].get("message")) == (outcome, f"{outcome}: why")


def test_counts_and_times_are_those_of_the_cases():
    items = [item("a", Outcome.CORRECT), item("b", Outcome.WRONG), item("c", Outcome.TIMEOUT, db="bank"), item("d", Outcome.VACUOUS)]
    root = tree(items, excluded=[("e", "gold does not run")])
    suites = {suite.get("name"): [suite.get(k) for k in ("tests", "failures", "errors", "skipped", "time")] for suite in root}
    assert suites == {
        "bank": ["1", "0", "1", "0", "0.250"],
        "shop": ["3", "1", "0", "0", "0.750"],
        "excluded": ["1", "0", "0", "1", "0.000"],
    }
    assert [root.get(k) for k in ("tests", "failures", "errors", "time")] == ["5", "1", "1", "1.000"]
    assert {(case.get("classname"), case.get("name")) for case in root.iter("testcase")} >= {
        ("my_data.dev.shop", "a"),
        ("my_data.dev.excluded", "e"),
    }


def test_what_models_write_stays_text():
    bad = "a]]> <b/> & \x00\x1b\ud800\ufffe 'é' \"\U0001f600\"\n\ttail"
    root = tree([item(bad, Outcome.WRONG, question=bad, sql=bad, gold_sql=bad, reason="values", db=bad)])
    [failure] = root.iter("failure")
    kept = "a]]> <b/> & \ufffd\ufffd\ufffd\ufffd 'é' \"\U0001f600\"\n\ttail"
    assert failure.text == f"{kept}\ngold: {kept}\npredicted: {kept}"
    assert [case.get("name") for case in root.iter("testcase")] == [kept]


def test_a_long_prediction_is_cut():
    [failure] = tree([item("q", Outcome.EXEC_ERROR, sql="x" * 5_000_000)]).iter("error")
    assert len(failure.text) < 10_000


def test_nothing_was_scored():
    assert tree([]).get("tests") == "0"
