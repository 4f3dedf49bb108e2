"""`microgt serve` as a process of its own, with a model from a checkpoint."""

import os
import re
import signal
import subprocess
import sys
from time import monotonic, sleep

import httpx
import pytest
import torch

from microgt.build import build
from microgt.cli.main import main
from microgt.config import compose
from microgt.graph import Linker, build_graph
from microgt.model import loading
from microgt.model.checkpoint import describe_making, write_checkpoint
from microgt.model.lexicon import Lexicon
from microgt.product.learnt import Learnt, name_of
from microgt.schema.types import Schema
from microgt.serve import server
from microgt.serve.models import AskAnswer
from tests.serve.scripted import Model


@pytest.fixture
def checkpoint(shop, tmp_path):
    """Of a model that has learnt nothing: its answers follow the grammar, and mean nothing."""
    torch.manual_seed(0)
    schema = Schema.from_duckdb(shop)
    lexicon = Lexicon.from_tokens(list(build_graph("total amount", schema, Linker(schema)).tokens) * 2)
    config = compose("describe", ["model=nano", f"size.words={len(lexicon)}"])["model"]
    return write_checkpoint(tmp_path / "checkpoint", build(config).state_dict(), lexicon, describe_making(config, training={"steps": 0}))


def address(process, log):
    end = monotonic() + 300
    while monotonic() < end and process.poll() is None:
        found = re.search(r"running on (http://\S+)", log.read_text())
        if found:
            return found[1]
        sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.mark.slow
def test_it_serves_until_a_signal(shop, checkpoint, tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "microgt.cli.main", "serve", shop, "--checkpoint", checkpoint, "--port", "0", "--workers", "1"]
    with log.open("w") as file, subprocess.Popen(command, stderr=file, env={**os.environ, "MICROGT_TOKEN": "secret"}) as process:
        try:
            headers = {"Authorization": "Bearer secret"}
            with httpx.Client(base_url=address(process, log), timeout=300, headers=headers) as client:
                assert client.get("/health").json() == {"live": True, "ready": True, "reasons": []}
                for beam in (1, 3):
                    answer = client.post("/ask", json={"question": "total amount by region", "beam": beam})
                    assert answer.status_code == 200, answer.text
                    assert AskAnswer.model_validate(answer.json()).db == "shop"
                assert httpx.get(client.base_url.join("/schema"), timeout=300).status_code == 401
            process.send_signal(signal.SIGTERM)
            assert process.wait(300) in (0, -signal.SIGTERM)
        finally:
            process.kill()
    assert "Application shutdown complete" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_what_was_learnt_for_an_uploaded_database_answers_about_it(serve, shop, checkpoint, tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    monkeypatch.setattr("microgt.product.checkpoints.shipped_checkpoint", lambda: checkpoint)
    uploads = tmp_path / "uploads"
    for name in ("sales", "stock"):
        (uploads / name).mkdir(parents=True)
        (uploads / name / "orders.csv").write_text("region,amount\nnorth,20\n")
    learnt = Learnt(uploads / "sales")
    (learnt.place(1) / "checkpoint").mkdir(parents=True)
    learnt.promote(1)
    made = []
    monkeypatch.setattr(loading, "load_proposer", lambda path, **more: Model({"query": {"outputs": ["orders.amount"]}}))
    monkeypatch.setattr(server, "serve", lambda service, *at: made.append(service))
    assert main(["serve", str(shop), "--uploads", str(uploads), "--workers", "1"]) == 0
    with serve(*made) as client:
        for db, name in (("sales", "learnt 1"), ("stock", name_of(checkpoint)), ("shop", name_of(checkpoint))):
            answer = client.post("/ask", json={"question": "amount", "db": db})
            assert answer.json()["checkpoint"] == name, answer.text
