"""`scripts/bench_throughput.py`: its table of where the time of training goes."""

import re
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return runpy.run_path(str(SCRIPTS / "bench_throughput.py"))


def test_shares_are_of_all_time_and_products_of_what_they_reach_alone(script):
    parts = script["Parts"](warm=10, steps=60)
    parts.seconds.update(dict(zip(script["PARTS"], (1.0, 3.0, 5.0, 1.0), strict=True)))
    parts.peaks += [40e9, 50e9, 90e9]
    parts.examples, parts.tokens = 1000, 80_000
    with parts.operators:
        pass
    text = "\n".join(script["report"](parts, operations=2e8))
    assert re.findall(r"^\| [^`|]+ \| (\d+) \| ([\d.]+)% \|$", text, re.M) == [
        ("20", "10.0"),
        ("60", "30.0"),
        ("100", "50.0"),
        ("20", "10.0"),
    ]
    assert "**8,000 tokens" in text
    assert "20.0 GFLOP/s: **40% of the 50.0 GFLOP/s** that products of two matrices of float32 reach" in text


@pytest.mark.parametrize(("precision", "dtype"), [("32-true", torch.float32), ("bf16-mixed", torch.bfloat16)])
def test_products_are_compared_with_those_of_the_same_type(script, precision, dtype):
    parts = script["Parts"](warm=1, steps=2)
    parts.on_train_start(SimpleNamespace(precision=precision), None)
    assert parts.dtype == dtype


def test_what_comes_before_the_first_measured_step_is_not_counted(script):
    parts = script["Parts"](warm=1, steps=2)
    for step, part in enumerate(("forward and loss", "backward", "reading and batching data")):
        parts.step = step
        sum(range(10_000))
        parts._lap(part)
    assert [part for part, seconds in parts.seconds.items() if seconds] == ["backward"]


def test_too_few_steps_are_refused(script, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench_throughput.py", "--steps", "30", "--warm", "30"])
    with pytest.raises(SystemExit):
        script["main"]()
    assert "--steps 30 must be more than --warm 30" in capsys.readouterr().err
