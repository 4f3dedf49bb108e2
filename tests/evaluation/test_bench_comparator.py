import runpy
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts/bench_comparator.py"


def test_its_verdicts_are_checked_and_its_figures_written(tmp_path, monkeypatch, capsys):
    out = tmp_path / "speed.md"
    monkeypatch.setattr(sys, "argv", [SCRIPT.name, "--rows", "300", "--repeat", "1", "--out", str(out)])
    namespace = runpy.run_path(str(SCRIPT))
    assert namespace["main"]() == 0
    report = out.read_text()
    assert report in capsys.readouterr().out
    assert (
        report.count("\n| ")
        == len(namespace["usual_cases"](300, namespace["random"].Random(0)))
        + len(namespace["hard_cases"](300, namespace["random"].Random(0)))
        + 2
    )
