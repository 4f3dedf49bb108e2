"""`microgt ask` on answers that are no single query."""

import json

import pytest

from microgt.cli.main import main
from microgt.product import checkpoints
from microgt.product.asker import Asker
from tests.product.scripted import AMOUNT, ORDERS, Scripted, by_region, make_shop

CLARIFY = {"kind": "clarify", "readings": [by_region(AMOUNT), by_region(ORDERS)]}
LISTED = "1 The total orders amount by customers region, largest first.\n2 The number of orders by customers region, largest first.\n"


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """`microgt ask` in a folder with the shop: call(specs that are proposed, *arguments) -> status, out, err."""
    make_shop(tmp_path / "shop.duckdb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(checkpoints, "find_checkpoint", lambda path: path)

    def called(specs, *argv):
        monkeypatch.setattr(Asker, "from_checkpoint", lambda path, hide, allow: Asker(Scripted(*specs), hide=hide))
        status = main(["ask", "shop.duckdb", *argv])
        captured = capsys.readouterr()
        return status, "".join(f"{line.rstrip()}\n" for line in captured.out.splitlines()), captured.err

    return called


def test_readings_are_printed_and_one_is_chosen(call):
    status, out, err = call([CLARIFY], "best region")
    assert (status, out) == (3, LISTED)
    assert err == "microgt: the question has 2 readings: repeat it with --choose 1 or 2\n"
    assert call([CLARIFY], "best region", "--choose", "2", "--sql")[1].startswith("SELECT\n  customers.region,\n  COUNT(*)")
    status, out, err = call([CLARIFY], "best region", "--choose", "3")
    assert (status, out, err) == (2, "", "microgt: there is no reading 3: choose 1 or 2\n")


def test_readings_do_not_mix_with_what_a_program_reads(call):
    status, out, err = call([CLARIFY], "best region", "--sql")
    assert (status, out) == (3, "")
    assert err.startswith("1 The total orders amount")
    status, out, err = call([CLARIFY], "best region", "--json")
    assert (status, [r["choose"] for r in json.loads(out)["readings"]]) == (3, [1, 2])
    assert err == "microgt: the question has 2 readings: repeat it with --choose 1 or 2\n"


def test_a_spec_that_was_printed_can_be_edited(call, tmp_path):
    status, out, _ = call([by_region(AMOUNT)], "amount by region", "--spec")
    (tmp_path / "before.json").write_text(out)
    edit = {"kind": "edit", "answer": by_region(ORDERS)}
    status, out, err = call([edit], "number of orders instead", "--previous", "before.json")
    assert (status, err) == (0, "")
    said = "changed the measure: it was the total orders amount, and is the number of orders"
    assert out.splitlines()[1] == said
    found = json.loads(call([edit], "orders", "--previous", "before.json", "--json")[1])
    assert [change["words"] for change in found["changes"]] == [said]
    (tmp_path / "before.json").write_text('{"query": {}}')
    status, out, err = call([edit], "orders", "--previous", "before.json")
    assert (status, out) == (2, "")
    assert err.startswith("microgt: E_SPEC at /query: ")


def test_a_refusal_names_what_is_missing(call):
    status, out, err = call([{"kind": "unanswerable", "reason": "no_column"}], "weather of the orders", "--json")
    said = (
        "This cannot be answered: no column of the database holds what is asked. Nothing in shop is called 'weather'. "
        "Tables of shop: customers, orders."
    )
    assert (status, err) == (3, f"microgt: {said}\n")
    assert json.loads(out)["spec"] == {"kind": "unanswerable", "reason": "no_column"}
