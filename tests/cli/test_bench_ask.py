"""`microgt bench ask` and `wide`: what they print, and their answers to bad input."""

import os

import numpy as np
import pytest

from microgt.cli.main import main
from microgt.model.loading import load_proposer
from microgt.product.latency import STAGES, Arm, Times, processor_of
from microgt.product.latency_table import latency_table
from tests.export.conftest import checkpoint, folder  # noqa: F401  a small model that knows a few questions


def rows(text):
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def test_each_stage_of_a_question_for_each_beam(folder, tmp_path, capsys):  # noqa: F811
    assert main(["bench", "ask", str(folder), "--beams", "1", "2", "--questions", "2", "--out", str(tmp_path / "out.md")]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# Question to executed answer: 2 questions, one thread, warm\n")
    assert f"Made by `microgt bench ask {folder.name} --beams 1 2 --questions 2 --split validation`: numpy " in text
    assert text == (tmp_path / "out.md").read_text()
    found = rows(text)
    assert [row["beam"] for row in found] == ["1", "2"]
    assert all(float(row[name]) > 0 for row in found for name in ("graph", "encode", "decode", "all", "passed"))
    assert found[0]["times as fast"] == "1.0"


def test_questions_a_second_in_batches(folder, capsys):  # noqa: F811
    assert main(["bench", "batch", str(folder), "--batches", "1", "2", "--questions", "3"]) == 0
    text = capsys.readouterr().out
    assert f"Made by `microgt bench batch {folder.name} --batches 1 2 --questions 3 --split validation`: numpy " in text
    first, second = rows(text)
    assert [(row["batch"], row["questions"], row["answered"]) for row in (first, second)] == [
        ("1", "3", first["answered"]),
        ("2", "3", first["answered"]),
    ]
    assert all(float(row[name]) > 0 for row in (first, second) for name in ("a second", "passed, a second"))


def test_schemas_of_many_columns(folder, capsys):  # noqa: F811
    assert main(["bench", "wide", str(folder), "--beams", "1", "--questions", "1", "--columns", "500", "60"]) == 0
    found = rows(capsys.readouterr().out)
    assert [row["columns"] for row in found] == ["60", "500"]
    assert found[0]["kept"] == "100.0%"
    assert all(0 < float(row["kept"].rstrip("%")) <= 100 and float(row["memory MB"]) > 0 for row in found)


def test_the_table_says_how_often_faster(folder):  # noqa: F811
    proposer = load_proposer(folder)
    slow, fast = (np.full((3, len(STAGES)), ms) for ms in (4.0, 1.0))
    text = latency_table([Arm("a", proposer, 1), Arm("b", proposer, 5)], [Times(slow, 2 * slow), Times(fast, 2 * fast)])
    first, second = rows(text)
    assert (first["all"], first["passed"], first["times as fast"]) == ("20.0", "40.0", "1.0")
    assert (second["model"], second["beam"], second["encode"], second["90% under"], second["times as fast"]) == (
        "b",
        "5",
        "1.0",
        "5.0",
        "4.0",
    )


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="Linux counts it")
def test_processor_time_of_another_process():
    assert processor_of(os.getpid()) > 0
    assert processor_of(None) == processor_of(2**30) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["ask"], "microgt bench ask takes one checkpoint or more"),
        (["wide", "c", "--columns", "0"], "--beams, --batches, --columns and --questions must be at least 1"),
        (["batch", "c", "--batches", "0"], "--beams, --batches, --columns and --questions must be at least 1"),
        (["ask", "gone"], "no checkpoint at gone"),
        (["everything"], "argument what: invalid choice: 'everything'"),
    ],
)
def test_bad_input_is_one_line(options, message, capsys):
    assert main(["bench", *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
