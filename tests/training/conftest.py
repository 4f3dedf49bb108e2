"""A tiny data source and short runs of training on it."""

import csv

import lightning as L
import pytest

from microgt.config import compose
from microgt.training.train import train
from tests.tiny import overrides_of_tiny_runs


@pytest.fixture
def losses(tmp_path, monkeypatch):
    """`losses(name, *overrides)` trains nano in `runs/<name>` and returns the loss of each step in its csv/metrics.csv."""
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CI", "1")
    trainer = L.Trainer
    monkeypatch.setattr(L, "Trainer", lambda **options: trainer(**{**options, "log_every_n_steps": 1}))
    data = overrides_of_tiny_runs(tmp_path)

    def run(name: str, *overrides: str) -> dict[int, str]:
        train(compose("train", [*data, f"name={name}", *overrides]))
        with (tmp_path / "runs" / name / "csv" / "metrics.csv").open() as file:
            return {int(row["step"]): row["train/loss"] for row in csv.DictReader(file)}

    return run
