"""`microgt evaluate` that is killed, interrupted or runs out of disk: nothing that was done is lost, and the same command goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from microgt.cli.main import main

N = 12
COMMAND = ["evaluate", "data=folder", "data.path=.", "predictions=mine.jsonl", "out=result.json", "workers=1"]
JOURNAL = "result.json.partial.jsonl"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of questions whose predictions take a moment, but for the first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    with duckdb.connect("shop.duckdb") as db:
        db.execute("CREATE TABLE t AS SELECT range AS a FROM range(5)")
    questions = [{"id": f"q{i}", "question": f"{i}?", "db": "shop.duckdb", "query": f"SELECT a + {i} FROM t"} for i in range(N)]
    predictions = [{"id": f"q{i}", "prediction": f"SELECT a + {i} FROM t, (SELECT sleep_ms({100 * (i > 0)}))"} for i in range(N)]
    for name, lines in (("questions.jsonl", questions), ("mine.jsonl", predictions)):
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path


def start(*more, limit=""):
    """The command in a process of its own. It hears Ctrl-C also where the tests themselves run in the background and do not."""
    listen = "signal.signal(signal.SIGINT, signal.default_int_handler)"
    run = f"import resource, signal, sys\n{listen}\nfrom microgt.cli.main import main\n{limit}\nsys.exit(main(sys.argv[1:]))"
    return subprocess.Popen([sys.executable, "-c", run, *COMMAND, *more], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def lines():
    """How many questions are scored."""
    path = Path(JOURNAL)
    return path.read_text(encoding="utf-8").count('"item"') if path.exists() else 0


def stop_after(process, items, how):
    """Send a signal when so many questions are scored; return what was said."""
    deadline = time.monotonic() + 300
    while lines() < items:
        assert time.monotonic() < deadline, "waited 300 s"
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(how)
    return process.communicate(timeout=300)[1]


def scored():
    with open("result.json", encoding="utf-8") as file:
        return [(item["id"], item["outcome"]) for item in json.load(file)["items"]]


ALL = [(f"q{i}", "correct") for i in range(N)]


def test_a_killed_run_goes_on_where_it_ended(here, capsys):
    stop_after(start(), 4, signal.SIGKILL)
    assert not os.path.exists("result.json")
    with open(JOURNAL, "r+b") as file:  # as if it had been killed while it wrote a line
        file.truncate(file.seek(0, os.SEEK_END) - 7)
    done = lines() - 1
    assert main(COMMAND) == 0
    assert f"{JOURNAL} holds {done} items of an interrupted run: used where nothing has changed" in capsys.readouterr().err
    assert scored() == ALL
    assert not os.path.exists(JOURNAL)


def test_an_interrupted_run_says_how_to_go_on(here, capsys):
    process = start()
    said = stop_after(process, 3, signal.SIGINT)
    assert process.returncode == 130
    assert said == f"{JOURNAL} keeps what is done: the same command goes on from there\nmicrogt: interrupted\n"
    assert main([*COMMAND, "limit=3"]) == 0
    assert scored() == ALL[:3]


def test_the_journal_of_another_run_is_begun_anew(here, capsys):
    (here / JOURNAL).write_text('{"made_by": {"versions": {"duckdb": "1.0.0"}}}\n{"key": "x", "item": {}}\n')
    assert main([*COMMAND, "limit=1"]) == 0
    assert f"{JOURNAL} is of another run (other settings or versions): begun anew" in capsys.readouterr().err
    assert not os.path.exists(JOURNAL)


def test_results_that_do_not_fit_on_the_disk_leave_the_old_ones_and_the_journal(here, capsys):
    (here / "result.json").write_text("of an earlier run")
    process = start("limit=2", limit="resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))")
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 2
    assert "cannot write result.json: File too large" in said
    assert (here / "result.json").read_text() == "of an earlier run"
    assert not list(here.glob(".writing-*"))
    assert main([*COMMAND, "limit=2"]) == 0
    assert f"{JOURNAL} holds 2 items" in capsys.readouterr().err
    assert scored() == ALL[:2]


def test_a_journal_that_cannot_be_opened_keeps_nothing_back(here, capsys):
    os.mkdir(JOURNAL)
    status = main([*COMMAND, "limit=1"])
    assert (status, scored()) == (0, ALL[:1])


def test_a_disk_that_fills_up_while_items_are_scored_is_told_at_the_end(here, capsys):
    process = start("limit=2", limit="resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))")
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 2
    assert f"cannot write {JOURNAL}: File too large: what came after it is done again after an interruption" in said
    assert "cannot write result.json: File too large" in said
    assert main([*COMMAND, "limit=2"]) == 0
    assert scored() == ALL[:2]


def test_a_database_that_vanished_is_named_and_the_others_are_scored(here, capsys):
    questions = (here / "questions.jsonl").read_text()
    (here / "questions.jsonl").write_text(questions.replace('"q1", "question": "1?", "db": "shop', '"q1", "question": "1?", "db": "gone'))
    (here / "gone.duckdb").write_bytes((here / "shop.duckdb").read_bytes())
    assert main([*COMMAND, "limit=3"]) == 0
    (here / "gone.duckdb").unlink()
    assert main([*COMMAND, "limit=3"]) == 2
    assert "the gold of 1 of 3 questions does not run: q1 (the first: no database at" in capsys.readouterr().err
    assert scored() == [("q0", "correct"), ("q1", "gold_error"), ("q2", "correct")]
