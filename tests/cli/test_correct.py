"""Questions are logged, and corrected when the correction runs."""

import json

import pytest

from microgt.audit.log import log_file
from microgt.cli.main import main
from microgt.product import checkpoints
from microgt.product.asker import Asker
from tests.product.scripted import AMOUNT, ORDERS, UNKNOWN, Scripted, by_region, make_shop

QUESTION = "best region"


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """`microgt ...` in a folder with the shop and the spec right.json -> status, out, err; `ask` answers by amount."""
    make_shop(tmp_path / "shop.duckdb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(checkpoints, "find_checkpoint", lambda path: path)
    monkeypatch.setattr(Asker, "from_checkpoint", lambda path, hide, allow: Asker(Scripted(by_region(AMOUNT)), hide=hide))
    (tmp_path / "right.json").write_text(json.dumps(by_region(ORDERS)))

    def called(*argv):
        status = main(list(argv))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return called


def lines(call, *more):
    return [json.loads(line) for line in call("log", "shop.duckdb", "--json", *more)[1].splitlines()]


def test_a_question_is_logged_and_corrected(call):
    assert call("ask", "shop.duckdb", QUESTION)[0] == 0
    (asked,) = lines(call)
    answered = {"query": by_region(AMOUNT)["query"]}
    assert (asked["event"], asked["question"], asked["intent"], asked["rows"], asked["confidence"]) == ("asked", QUESTION, "answer", 2, 0.9)
    assert "SUM(orders.amount)" in asked["sql"]
    assert len(asked["data_version"]) == 12
    status, out, err = call("correct", "shop.duckdb", QUESTION, "right.json")
    said = "noted: 'best region' means: The number of orders by customers region, largest first. (2 rows)\n"
    assert (status, out, err) == (0, said, "")
    (corrected,) = lines(call, "--kind", "corrected")
    assert corrected["spec"]["query"]["outputs"][1]["fn"] == "count"
    assert corrected["was"]["query"]["outputs"] == answered["query"]["outputs"]
    assert "COUNT(*)" in corrected["sql"]
    status, out, _ = call("log", "shop.duckdb", "--last", "1")
    assert " corrected 'best region': 2 rows, data version " in " ".join(out.split())
    assert out.count("\n") == 1


def test_what_has_no_answer_is_logged_with_the_reason(call):
    assert call("ask", "shop.duckdb", "tell me jokes")[0] == 3
    (asked,) = lines(call)
    assert (asked["intent"], asked["sql"], asked["warnings"][0][:23]) == ("unanswerable", None, "nothing in the question")
    assert "unanswerable nothing in the question" in call("log", "shop.duckdb")[1]


def test_the_log_can_be_turned_off(call):
    assert call("ask", "shop.duckdb", QUESTION, "--no-log")[0] == 0
    assert lines(call) == []


def test_a_log_that_cannot_be_written_does_not_end_an_answer(call, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path / "file"))
    status, out, err = call("ask", "shop.duckdb", QUESTION, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["warnings"][0].startswith("not logged: cannot write ")
    status, _, err = call("correct", "shop.duckdb", QUESTION, "right.json")
    assert status == 2
    assert err.startswith("microgt: cannot read ")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (UNKNOWN, "E_UNKNOWN_ID at /query/outputs/0"),
        ({"kind": "unanswerable", "reason": "no_path"}, "a correction is what the question means, a spec of kind 'answer', and this is 'unanswerable'"),
        ({"query": {"outputs": ["customers.region"], "where": {"kind": "compare"}}}, "E_SPEC at /query/where"),
    ],
)  # fmt: skip
def test_a_correction_that_does_not_run_is_refused(call, tmp_path, spec, said):
    (tmp_path / "right.json").write_text(json.dumps(spec))
    status, out, err = call("correct", "shop.duckdb", QUESTION, "right.json")
    assert (status, out) == (2, "")
    assert said in err
    assert lines(call) == []


def test_misuse(call):
    assert call("correct", "shop.duckdb", " ", "right.json")[2] == "microgt: the question is empty: say which question the spec answers\n"
    assert call("log", "gone.duckdb")[0] == 2
    assert call("log", "shop.duckdb", "--last", "0")[2] == "microgt: --last 0: expected a whole number from 1\n"


def test_a_deploy_is_logged(call):
    assert call("deploy", "regions", "shop.duckdb", "right.json")[0] == 0
    (deployed,) = lines(call)
    assert (deployed["event"], deployed["product"], deployed["version"], deployed["state"]) == ("deployed", "regions", 1, "deployed")
    assert deployed["sql"].startswith("SELECT")
    assert next(log_file("shop.duckdb").events()).event == "deployed"
    assert "regions version 1, deployed, data version" in call("log", "shop.duckdb")[1]
