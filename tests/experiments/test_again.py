"""A run is made again from its folder by one command, with the same losses; what has changed since is said."""

import csv
import json
from pathlib import Path

import lightning as L
import pytest

from microgt.cli.main import main
from microgt.errors import ConfigError, DataError
from microgt.experiments.again import again, drift
from microgt.training.record import RunRecord

STEPS = ("training.steps=4", "training.batch_size=2", "evaluate=null")


@pytest.fixture
def first(questions, tmp_path, monkeypatch):
    """The folder of a run of four steps."""
    trainer = L.Trainer
    monkeypatch.setattr(L, "Trainer", lambda **options: trainer(**{**options, "log_every_n_steps": 1}))
    assert main(["train", *questions, *STEPS, "seed=5", "name=first"]) == 0
    return tmp_path / "runs" / "first"


def curve(folder: Path) -> list[str]:
    with (folder / "csv" / "metrics.csv").open() as file:
        return [row["train/loss"] for row in csv.DictReader(file)]


def test_the_same_run_has_the_same_losses(first, capsys):
    assert main(["train", "--from", str(first)]) == 0
    output = capsys.readouterr()
    again = first.with_name("first-again")
    assert output.out.strip() == str(again / "checkpoint")
    assert "changed since" not in output.err
    assert len(curve(first)) == 4
    assert curve(again) == curve(first)
    assert (again / "checkpoint" / "model.safetensors").read_bytes() == (first / "checkpoint" / "model.safetensors").read_bytes()


def test_overrides_change_what_depends_on_them(first):
    config, overrides = again(first, ["size.dim=48", "training.steps=2", "name=other"])
    assert config["model"]["encoder"]["attention"]["keys"]["dim"] == 48
    assert (config["training"]["steps"], config["seed"], config["name"], config["runs"]) == (2, 5, "other", str(first.parent))
    assert "training.steps=4" not in overrides
    same, _ = again(first)
    assert same == {**json.loads((first / "config.json").read_text()), "name": "first-again"}


def test_a_run_that_was_moved_is_made_again_where_it_is(first, tmp_path):
    moved = first.rename(tmp_path / "elsewhere")
    assert again(moved)[0]["runs"] == str(tmp_path)


def test_a_run_says_what_it_was_made_of(first):
    record = RunRecord.read(first)
    assert record.packages["torch"].startswith("2.")
    assert set(record.data) == {"train"}
    assert record.environment["python"].startswith("3.")
    assert "seed=5" in (record.overrides or ())


def test_what_has_changed_is_said(first, capsys):
    record = RunRecord.read(first)
    packages = {**record.packages, "torch": "1.0"}
    record.model_copy(update={"packages": packages, "data": {"train": "0" * 16}, "git": "abc"}).write(first)
    config = json.loads((first / "config.json").read_text())
    config["training"]["lr"] = 0.5
    (first / "config.json").write_text(json.dumps(config))
    assert main(["train", "--from", str(first), "name=later", "runs=" + str(first.parent)]) == 0
    said = capsys.readouterr().err
    assert "configuration has changed since: training.lr: 0.0012, was 0.5" in said
    assert f"changed since: torch: {RunRecord.read(first.with_name('later')).packages['torch']}, was 1.0" in said
    assert ", was abc" in said
    assert f"changed since: questions of train: {RunRecord.read(first.with_name('later')).data['train']}, was 0000000000000000" in said
    assert json.loads((first.with_name("later") / "config.json").read_text())["training"]["lr"] == 0.5


def test_what_cannot_be_made_again(first, tmp_path, capsys):
    with pytest.raises(DataError, match=r"holds no run that can be made again: cannot read run\.json"):
        again(tmp_path)
    record = RunRecord.read(first)
    record.model_copy(update={"overrides": ("model.no=1",)}).write(first)
    assert [line.partition(":")[0] for line in drift(first)] == ["its overrides are no longer accepted"]
    record.model_copy(update={"overrides": None}).write(first)
    assert list(drift(first)) == []
    assert again(first, ["name=x"])[0]["name"] == "x"
    with pytest.raises(ConfigError, match="was not made by `microgt train`"):
        again(first, ["seed=1"])
    (first / "config.json").write_text("{")
    with pytest.raises(DataError, match=r"config\.json is damaged"):
        again(first)
    assert main(["train", "-m", "--from", str(first)]) == 2
    assert "--from makes one run again, -m many" in capsys.readouterr().err
