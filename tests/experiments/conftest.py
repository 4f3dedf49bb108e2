"""Questions about one small table, and configurations of short runs on them."""

import json

import duckdb
import pytest

from microgt.config import compose

REGIONS = ("north", "south", "east", "west")


@pytest.fixture
def questions(tmp_path, monkeypatch):
    """The overrides for runs of nano on sixteen training and four validation questions, kept in `tmp_path/runs`."""
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CI", "1")
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
            "split": "validation" if i >= 16 else "train",
        }
        for i in range(20)
    ]
    (folder / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return ["data=folder", f"data.path={folder}", f"runs={tmp_path / 'runs'}", "model=nano", "training.batch_size=4", "training.warmup=4"]


@pytest.fixture
def shop(questions):
    """`shop(name, *overrides)` composes the configuration of a run."""
    return lambda name, *overrides: compose("train", [*questions, f"name={name}", *overrides])
