"""A report says what its results hold."""

import json
import re
from xml.etree import ElementTree

import pytest

from microgt.cli.main import main
from microgt.errors import ConfigError
from microgt.evaluation.statistics import cluster_bootstrap
from microgt.experiments.jobs import FILE, told_apart
from microgt.experiments.report.arms import arms_of, compare_arms
from microgt.experiments.report.table import HEAD, rows
from microgt.experiments.result import Answered, CurvePoint, RunResult
from microgt.files import write_text

DATABASES = {"a": ("a1", "a2", "a3"), "b": ("b1", "b2"), "c": ("c1", "c2", "c3", "c4")}


def result(arm, seed, right, **changes):
    """A run of an arm that answers the questions in `right`."""
    items = {
        db: Answered(right=tuple(q for q in asked if q in right), wrong=tuple(q for q in asked if q not in right))
        for db, asked in DATABASES.items()
    }
    made = {
        "overrides": (f"ablation={arm}", "data=demo", f"seed={seed}"),
        "config_hash": "0",
        "seed": seed,
        "microgt": "0",
        "git": None,
        "versions": {"python": "3"},
        "data": "demo",
        "split": "validation",
        "steps": 10,
        "examples": 320,
        "seconds": 2.0,
        "parameters": 1000,
        "flops_per_example": 5_000_000,
        "tokens_per_second": 123.0,
        "accuracy": len(right) / 9,
        "items": items,
        "learning_curve": tuple(CurvePoint(step=s, loss=1.0 / s) for s in (1, 5, 10)),
    }
    return RunResult(**{**made, **changes})


BASE = [result("none", 0, {"a1", "a2", "b1", "c1"}), result("none", 1, {"a1", "b1", "c1", "c2"})]
BETTER = [result("more", 0, {"a1", "a2", "a3", "b1", "b2", "c1", "c2"}), result("more", 1, {"a1", "a3", "b1", "b2", "c1", "c2", "c3"})]
WORSE = [result("<less>|", 0, {"a1"}), result("<less>|", 1, set())]


def test_an_arm_is_compared_on_the_same_questions_and_seeds():
    found = compare_arms([*WORSE, *BASE, *BETTER])
    assert [arm.name for arm in found.arms] == ["none", "more", "<less>|"]
    assert found.baseline.mean == pytest.approx(4 / 9)
    assert found.baseline.deviation == 0.0
    delta = found.deltas["more"]
    assert delta.gain == pytest.approx((3 + 3) / 2 / 9)
    assert delta.seeds == (0, 1)
    names = [q for asked in DATABASES.values() for q in asked]
    gains = [sum(b.answers[q][1] - a.answers[q][1] for a, b in zip(BASE, BETTER, strict=True)) / 2 for q in names]
    assert delta.interval == cluster_bootstrap(gains, [q[0] for q in names])
    assert found.deltas["<less>|"].gain == pytest.approx(-3.5 / 9)


def test_only_seeds_of_both_arms_are_compared():
    found = compare_arms([*BASE, BETTER[1], result("more", 7, set())])
    assert found.deltas["more"].seeds == (1,)
    assert found.deltas["more"].gain == pytest.approx(3 / 9)


def test_one_run_has_no_deviation_and_runs_without_questions_no_delta():
    found = compare_arms(
        [result("none", 0, set(), accuracy=None, items={}, split=None), result("x", 0, set(), accuracy=None, items={}, split=None)]
    )
    assert found.deltas == {}
    assert found.baseline.deviation is None
    assert next(rows(found))[:3] == ("none", "1", "")


def test_another_baseline():
    assert compare_arms([*BASE, *BETTER], "more").deltas["none"].gain == pytest.approx(-3 / 9)
    with pytest.raises(ConfigError, match="no arm 'mor'; did you mean 'more'"):
        compare_arms([*BASE, *BETTER], "mor")


def test_other_questions_are_not_compared():
    with pytest.raises(ConfigError, match="answered other questions"):
        compare_arms([BASE[0], result("more", 0, set(), items={"z": Answered(right=(), wrong=("z1",))})])


def test_arms_are_named_by_what_they_do_not_share():
    assert list(arms_of(BASE)) == ["none"]
    assert told_apart([("a=1", "b=1", "c=1"), ("a=1", "b=2", "c=1"), ("a=1", "c=1")]) == ["b=1", "b=2", "a=1"]


@pytest.fixture
def folder(tmp_path):
    """A sweep's folder with six finished jobs and one that is not."""
    jobs = {}
    for n, run in enumerate([*BASE, *BETTER, *WORSE]):
        run.write(tmp_path / "s" / f"job{n}")
        jobs[f"job{n}"] = list(run.overrides)
    jobs["job9"] = ["ablation=more", "data=demo", "seed=2"]
    write_text(tmp_path / "s" / FILE, json.dumps({"jobs": jobs}))
    return tmp_path / "s"


def test_the_files(folder, capsys):
    out = folder.parent / "report.md"
    assert main(["sweep", "report", str(folder), "--out", str(out)]) == 0
    printed = capsys.readouterr().out.split()
    assert sorted(printed) == sorted(str(path) for path in folder.parent.glob("report*"))
    text = out.read_text()
    assert "| more | 2 | 77.8% | 0.0 | +33.3 |" in text
    assert "| <less>\\| | 2 |" in text
    assert "Not all is done: 7 jobs: 6 done, 1 waiting." in text
    assert f"microgt sweep report {folder} --out {out}" in text
    shown = re.findall(r"!\[.*\]\((.*)\)", text)
    assert len(shown) == 2
    assert all(ElementTree.parse(folder.parent / name).getroot().tag.endswith("svg") for name in shown)
    page = out.with_suffix(".html").read_text()
    assert page.count("<svg") == 2
    assert "&lt;less&gt;|" in page
    assert "<less>" not in page
    assert not re.search(r"(src|href)=\"https?:", page)
    assert all(f">{name}</th>" in page for name in HEAD)
    assert "What was learned" not in text + page


def test_what_people_say_of_it_is_part_of_it(folder):
    write_text(folder / "learned.md", "More is better.\n\nLess <is> less.\n")
    out = folder.parent / "report.md"
    assert main(["sweep", "report", str(folder), "--out", str(out)]) == 0
    assert out.read_text().endswith("\n## What was learned\n\nMore is better.\n\nLess <is> less.\n")
    assert "<h2>What was learned</h2>\n<p>More is better.</p>\n<p>Less &lt;is&gt; less.</p>" in out.with_suffix(".html").read_text()


def test_what_cannot_be_reported(folder, capsys):
    assert main(["sweep", "report", str(folder), "--out", "x.txt"]) == 2
    assert "must end in .md" in capsys.readouterr().err
    for file in folder.glob("job*/result.json"):
        file.unlink()
    assert main(["sweep", "report", str(folder)]) == 2
    assert "nothing to report: 7 jobs: 7 waiting" in capsys.readouterr().err
