"""A tiny source of questions, and the overrides for short runs of training on it."""

import json
from pathlib import Path

import duckdb

REGIONS = ("north", "south", "east", "west")


def overrides_of_tiny_runs(folder: Path, *, validation: int = 0) -> list[str]:
    """Twenty questions about one small table in `folder/questions`, the last few of them for validation; runs are kept in `folder/runs`."""
    questions = folder / "questions"
    questions.mkdir()
    with duckdb.connect(str(questions / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE orders AS SELECT range AS id, range * 2.5 AS amount, 'north' AS region FROM range(4)")
    lines = [
        {
            "id": f"q{i}",
            "question": f"total amount of orders in '{REGIONS[i % 4]}' above {i}",
            "db": "shop.duckdb",
            "query": f"SELECT SUM(amount) FROM orders WHERE region = '{REGIONS[i % 4]}' AND amount > {i}",
            "split": "validation" if i >= 20 - validation else "train",
        }
        for i in range(20)
    ]
    (questions / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return ["data=folder", f"data.path={questions}", f"runs={folder / 'runs'}", "model=nano", "training.batch_size=4", "training.warmup=4"]
