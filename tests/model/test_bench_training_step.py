"""`scripts/bench_training_step.py` at the smallest size: it compares before it times, and writes a row for every arm."""

import re
import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/bench_training_step.py"


@pytest.fixture
def script(monkeypatch, tmp_path):
    argv = [SCRIPT.name, "--model", "nano", "--shape", "2,6,3", "--dropout", "0", "--repeats", "1", "--out", str(tmp_path / "step.md")]
    monkeypatch.setattr(sys, "argv", argv)
    return runpy.run_path(str(SCRIPT))


def test_a_row_for_every_arm(script, tmp_path):
    assert script["main"]() == 0
    text = (tmp_path / "step.md").read_text()
    rows = re.findall(r"^\| (.+) \| 0 \| (\d+) \| ([\d,]+) \| \d+% \| (\d+)% \|$", text, re.M)
    assert [row[0] for row in rows] == list(script["ARMS"])
    assert rows[0][-1] == "100"
    assert all(int(nodes.replace(",", "")) > 0 for _, _, nodes, _ in rows)


def test_all_arms_have_the_weights_that_they_share(script):
    plain, default = (dict(script["model"]("nano", script["ARMS"][arm]).named_parameters()) for arm in (script["BASE"], script["DEFAULT"]))
    more = {name: p for name, p in default.items() if name not in plain}
    assert set(plain) <= set(default)
    assert all(re.search(r"attention\.(keys|bias)\.", name) for name in more)
    assert sum(p.numel() for p in more.values()) < 0.01 * sum(p.numel() for p in plain.values())


def test_backends_that_differ_are_not_timed(script, monkeypatch):
    from microgt.blocks.attention import relation

    attend = relation.relation_attention

    def wrong(*args, backend, **kwargs):
        return attend(*args, backend=backend, **kwargs) * (1.1 if backend == "auto" else 1)

    monkeypatch.setattr(relation, "relation_attention", wrong)
    with pytest.raises(AssertionError, match="not close"):
        script["main"]()
