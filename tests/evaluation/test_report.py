import io
import json
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

import microgt
from microgt.commit import git_hash
from microgt.errors import DataError
from microgt.evaluation import Item, Outcome, Results, exit_status, results_of, results_table, write_report
from microgt.evaluation.results import SlotCount

OUTCOMES = [Outcome.CORRECT] * 5 + [Outcome.VACUOUS, Outcome.WRONG, Outcome.WRONG, Outcome.TIMEOUT, Outcome.INVALID_SPEC]


@pytest.fixture
def results():
    items = [
        Item(
            id=f"q{i}",
            db="shop" if i % 2 else "bank",
            category="join" if i % 3 else "top | n",
            question="What | now?",
            outcome=outcome,
            gold_sql="SELECT 1",
            sql=None if outcome == Outcome.INVALID_SPEC else "SELECT\n2",
            valid=outcome != Outcome.INVALID_SPEC,
            executable=outcome.executed,
            seen=bool(i % 2),
            seconds=i / 10,
            difficulty="hard" if i < 4 else "easy",
            original={Outcome.WRONG: Outcome.CORRECT, Outcome.VACUOUS: None}.get(outcome, outcome),
            abstained=outcome == Outcome.INVALID_SPEC,
            confidence=1 - i / 10,
            value_recall=0.5,
            slots={"filter": SlotCount(both=1, gold=2, predicted=1), "sort": SlotCount(both=i % 2, gold=1, predicted=i % 2)},
        )
        for i, outcome in enumerate(OUTCOMES)
    ]
    return results_of(
        items, data="shop", split="dev", checkpoint="runs/x", excluded=[("q10", "gold does not run"), ("q11", "gold does not run")]
    )


def test_figures(results):
    summary = results.summary
    assert (summary.accuracy.k, summary.accuracy.n) == (6, 10)
    assert (summary.accuracy_all.k, summary.accuracy_all.n) == (6, 12)
    assert summary.outcomes[Outcome.VACUOUS] == 1
    assert (summary.valid_spec.k, summary.executable.k) == (9, 8)
    assert (summary.seen.n, summary.unseen.n) == (5, 5)
    assert {name: r.n for name, r in summary.by_category.items()} == {"join": 6, "top | n": 4}
    assert sum(r.k for r in summary.by_database.values()) == 6
    assert summary.exact_match.rate is None
    assert summary.clustered[0] <= 0.6 <= summary.clustered[1]
    assert (summary.latency.p50, summary.latency.p99) == (pytest.approx(0.45), pytest.approx(0.891))
    assert list(summary.by_difficulty) == ["easy", "hard"]
    assert (summary.original.k, summary.original.n) == (7, 9)
    assert (summary.answered.k, summary.right_if_answered.k, summary.right_if_answered.n) == (9, 6, 9)
    assert summary.selective.auroc == 1.0
    filter, sort, everything = (summary.slots[name] for name in ("filter", "sort", "all"))
    assert (filter.precision, filter.recall, filter.f1, filter.items) == (1.0, 0.5, pytest.approx(2 / 3), 10)
    assert (sort.precision, sort.recall, sort.f1) == (1.0, 0.5, pytest.approx(2 / 3))
    assert (everything.f1, everything.items) == (pytest.approx(30 / 45), 10)
    assert summary.slots["window"].f1 is None


def test_bar(results):
    assert exit_status(results.summary, None) == 0
    assert exit_status(results.summary, 0.6) == 0
    assert exit_status(results.summary, 0.61) == 1
    assert exit_status(results_of([], data="x", split="y").summary, 0.0) == 1


def test_files(results, tmp_path):
    text = write_report(results, tmp_path / "new" / "report", title="Shop").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "new" / "report").iterdir()} == {"report.md", "results.json", "accuracy.png"}
    assert text.startswith("# Shop\n")
    assert "**60.0%** (6 of 10" in text
    assert "| top \\| n | " in text
    assert "Excluded: 2 gold does not run." in text
    assert "predicted: `SELECT 2`" in text
    assert (tmp_path / "new" / "report" / "accuracy.png").read_bytes().startswith(b"\x89PNG")
    assert Results.read(tmp_path / "new" / "report" / "results.json") == results
    write_report(results, tmp_path / "new" / "report")  # over what stands there


def test_the_json_is_plain(results, tmp_path):
    content = json.loads(results.write(tmp_path / "out.json").read_text(encoding="utf-8"))
    assert content["items"][0]["outcome"] == "correct"
    assert content["summary"]["accuracy"]["rate"] == 0.6
    assert content["excluded"][0] == {"id": "q10", "reason": "gold does not run"}
    assert content["versions"]["duckdb"]


def test_an_interruption_leaves_what_stood_there(results, tmp_path, monkeypatch):
    path = results.write(tmp_path / "out.json")
    before = path.read_bytes()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        results.write(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


def test_results_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match="cannot read the results"):
        Results.read(tmp_path / "none.json")
    (tmp_path / "other.json").write_text('{"format": 9}', encoding="utf-8")
    with pytest.raises(DataError, match="no results file of this version"):
        Results.read(tmp_path / "other.json")


def test_results_that_cannot_be_written(results, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="cannot write"):
        results.write(tmp_path / "file" / "out.json")


def test_table(results):
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(results_table(results))
    text = console.export_text()
    for part in (
        "execution accuracy",
        "60.0%",
        "unseen databases",
        "with 2 excluded as wrong",
        "50.0%",
        "top | n",
        "vacuous 1",
        "+67.3",
        "right if answered",
        "on the original",
        "AUROC 1.000",
        "filter 66.7%",
    ):
        assert part in text


def test_nothing_to_report(tmp_path):
    write_report(results_of([], data="shop", split="dev"), tmp_path)
    assert "of nothing" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_commit_is_that_of_the_checkout():
    found = git_hash()
    if found is not None:
        head = subprocess.run(
            ["git", "-C", str(Path(microgt.__file__).parents[1]), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
        assert found.removesuffix("+changes") == head.stdout.strip()
