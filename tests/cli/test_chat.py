"""`microgt chat` and `microgt refine`."""

import io
import json

import pytest

from microgt.cli.main import main
from microgt.product import checkpoints
from microgt.product.asker import Asker
from tests.product.scripted import AMOUNT, MONTH, Scripted, by_region, make_shop


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The shop in the folder where commands run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    return make_shop(tmp_path / "shop.duckdb")


@pytest.fixture
def chat(shop, monkeypatch, capsys):
    """`chat(lines, *arguments)` -> status, what is printed."""
    monkeypatch.setattr(checkpoints, "find_checkpoint", lambda path: path)
    monkeypatch.setattr(Asker, "from_checkpoint", lambda path, hide, allow: Asker(Scripted(by_region(AMOUNT)), hide=hide))

    def called(lines, *argv):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        status = main(["chat", "shop.duckdb", *argv])
        return status, capsys.readouterr().out

    return called


def test_lines_are_answered_one_after_the_other(chat):
    status, out = chat(["total amount by region", "only south", "", ":sql", "undo", ":history", ":quit", "never read"])
    assert status == 0
    assert '> only south Instead: the total orders amount by customers region where customers region is "south"' in " ".join(out.split())
    assert "customers.region = 'south'" in out.partition("> :sql")[2]
    assert out.rstrip().endswith("1 total amount by region\n2 only south (undone)\n> :quit")
    assert "never read" not in out


def test_the_status_is_that_of_the_last_line_that_failed(chat):
    status, out = chat(["total amount by region", "as a heatmap"])
    assert (status, "a heatmap has x, y and color" in out) == (3, True)
    status, out = chat([":sql", ":sqll"])
    assert status == 2
    assert "nothing is shown yet: ask something\n> :sqll\nunknown command ':sqll'; did you mean 'sql'?" in out
    assert chat(["tell me jokes", "total amount by region"])[0] == 3
    assert chat([":undo"])[0] == 3


def test_spec_chart_new_and_help(chat, tmp_path):
    status, out = chat(["total amount by region", "as bars", ":spec", ":chart bars.html", ":new", ":chart x.html", ":help"])
    assert status == 2
    assert json.loads(out.partition("> :spec\n")[2].partition("> :chart")[0])["kind"] == "edit"
    assert (tmp_path / "bars.html").is_file()
    assert not (tmp_path / "x.html").exists()
    assert '"average' in out.partition("> :help")[2]


def test_a_conversation_goes_on_from_its_file(chat):
    chat(["total amount by region", "only south"], "--history", "talk.json")
    status, out = chat(["undo"], "--history", "talk.json")
    first, again = out.split("> undo")
    assert (status, "north" in first, "north" in again) == (0, False, True)
    assert "south" in first


def test_a_spec_is_refined(shop, tmp_path, capsys):
    (tmp_path / "spec.json").write_text(json.dumps(by_region(AMOUNT)))
    assert main(["refine", "shop.duckdb", "spec.json", "top 1"]) == 0
    assert json.loads(capsys.readouterr().out)["query"]["limit"] == {"kind": "limit", "n": 1}
    assert main(["refine", "shop.duckdb", "spec.json", "top 1", "--patch"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"op": "add", "path": "/query/limit", "value": {"kind": "limit", "n": 1}}]


def test_words_that_make_no_spec_print_nothing(shop, tmp_path, capsys):
    (tmp_path / "spec.json").write_text(json.dumps({"query": {"outputs": [MONTH, AMOUNT]}}))

    def said(words, *more):
        status = main(["refine", "shop.duckdb", "spec.json", words, *more])
        out, err = capsys.readouterr()
        assert (out == "") is bool(status)
        return status, err

    assert said("jokes")[1].startswith("microgt: 'jokes' is no change of an answer that is known, such as 'only 2023'")
    status, err = said("in descending order")
    assert status == 3
    assert "choose one with --choose 1 or 2: 1: The total amount of orders by month of placed, sorted by month" in err
    assert said("in descending order", "--choose", "2") == (0, "")
    assert said("in descending order", "--choose", "3")[0] == 2
