"""A tiny data source and short runs of training on it."""

import csv
import json

import duckdb
import lightning as L
import pytest

from microgt.config import compose
from microgt.training.train import train

REGIONS = ("north", "south", "east", "west")


@pytest.fixture
def losses(tmp_path, monkeypatch):
    """`losses(name, *overrides)` trains nano in `runs/<name>` and returns the loss of each step in its csv/metrics.csv."""
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CI", "1")
    trainer = L.Trainer
    monkeypatch.setattr(L, "Trainer", lambda **options: trainer(**{**options, "log_every_n_steps": 1}))
    folder = tmp_path / "questions"
    folder.mkdir()
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE orders AS SELECT range AS id, range * 2.5 AS amount, 'north' AS region FROM range(4)")
    lines = [
        {
            "id": f"q{i}",
            "question": f"total amount of orders in '{REGIONS[i % 4]}' above {i}",
            "db": "shop.duckdb",
            "query": f"SELECT SUM(amount) FROM orders WHERE region = '{REGIONS[i % 4]}' AND amount > {i}",
        }
        for i in range(20)
    ]
    (folder / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    data = ["data=folder", f"data.path={folder}", f"runs={tmp_path / 'runs'}", "model=nano", "training.batch_size=4", "training.warmup=4"]

    def run(name: str, *overrides: str) -> dict[int, str]:
        train(compose("train", [*data, f"name={name}", *overrides]))
        with (tmp_path / "runs" / name / "csv" / "metrics.csv").open() as file:
            return {int(row["step"]): row["train/loss"] for row in csv.DictReader(file)}

    return run
