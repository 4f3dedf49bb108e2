import os

import pytest

from microgt.errors import CheckpointError
from microgt.product.checkpoints import find_checkpoint


def made(runs, name, age):
    folder = runs / name / "checkpoint"
    folder.mkdir(parents=True)
    config = folder / "config.json"
    config.write_text("{}")
    os.utime(config, (1e9 - age, 1e9 - age))
    return folder


def test_the_named_one_then_the_variable_then_the_newest_demo(tmp_path, monkeypatch):
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    old, new = made(tmp_path, "demo-old", age=50), made(tmp_path, "demo", age=10)
    other = made(tmp_path, "other", age=0)
    assert find_checkpoint(runs=tmp_path) == new
    monkeypatch.setenv("MICROGT_CHECKPOINT", str(other))
    assert find_checkpoint(runs=tmp_path) == other
    assert find_checkpoint(old, runs=tmp_path) == old


def test_what_to_do_when_there_is_none(tmp_path, monkeypatch):
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    with pytest.raises(CheckpointError, match="Train one with `make demo`"):
        find_checkpoint(runs=tmp_path)
    with pytest.raises(CheckpointError, match="no checkpoint at gone: expected"):
        find_checkpoint("gone")
    monkeypatch.setenv("MICROGT_CHECKPOINT", "gone")
    with pytest.raises(CheckpointError, match=r"no checkpoint at gone \(from MICROGT_CHECKPOINT\)"):
        find_checkpoint()
