"""README's example for GitHub Actions is a workflow, and its commands do what they say."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

import microgt

ROOT = Path(microgt.__file__).parents[1]
ORDERS = "SELECT count(*) FROM orders"


@pytest.fixture
def steps():
    """The steps of the only job."""
    texts = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    [workflow] = [read for read in map(yaml.safe_load, texts) if "jobs" in read]
    assert set(workflow) == {"name", True, "jobs"}  # `on` is true in YAML 1.1, which is how everyone writes it
    [job] = workflow["jobs"].values()
    assert set(job) == {"runs-on", "steps"}
    return job["steps"]


def test_each_step_uses_an_action_or_runs_a_command(steps):
    for step in steps:
        assert set(step) <= {"uses", "run", "with", "if"}
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/x@v1"))


def test_its_commands_run(steps, tmp_path):
    commands = [step["run"] for step in steps if step.get("run", "").startswith("microgt ")]
    assert commands
    (tmp_path / "questions").mkdir()
    with duckdb.connect(str(tmp_path / "questions" / "shop.duckdb")) as db:
        db.execute("CREATE TABLE orders (id INTEGER)")
    question = {"id": "q", "question": "How many orders?", "db": "shop.duckdb", "query": ORDERS}
    (tmp_path / "questions" / "questions.jsonl").write_text(json.dumps(question))
    (tmp_path / "mine.jsonl").write_text(json.dumps({"id": "q", "prediction": ORDERS}))
    run("microgt evaluate predictions=gold data=folder data.path=questions out=baseline.json", tmp_path)
    for command in commands:
        assert "No difference is shown" in run(command, tmp_path)
    uploaded = [pattern for step in steps for pattern in step.get("with", {}).get("path", "").split()]
    assert {path.name for pattern in uploaded for path in tmp_path.glob(pattern)} >= {"result.json", "junit.xml", "report.html"}
    assert (tmp_path / "step summary.md").read_text().startswith("# folder/train")


def run(command, folder):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "MICROGT_CACHE": str(folder / "cache"),
        "GITHUB_STEP_SUMMARY": str(folder / "step summary.md"),
    }
    done = subprocess.run(["bash", "-e", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
