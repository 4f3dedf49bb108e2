import pytest

from microgt.errors import CheckpointError
from microgt.product import checkpoints
from microgt.product.checkpoints import find_checkpoint, shipped_checkpoint


def made(folder):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


def test_the_named_one_then_the_variable_then_the_shipped(tmp_path, monkeypatch):
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    named, shipped, other = made(tmp_path / "named"), made(tmp_path / "shipped"), made(tmp_path / "other")
    monkeypatch.setattr(checkpoints, "shipped_checkpoint", lambda: shipped)
    assert find_checkpoint() == shipped
    monkeypatch.setenv("MICROGT_CHECKPOINT", str(other))
    assert find_checkpoint() == other
    assert find_checkpoint(named) == named


def test_the_shipped_one_is_there(monkeypatch):
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    assert find_checkpoint() == shipped_checkpoint()


def test_what_to_do_when_there_is_none(tmp_path, monkeypatch):
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    monkeypatch.setattr(checkpoints, "shipped_checkpoint", lambda: tmp_path)
    with pytest.raises(CheckpointError, match="Train one with `make demo`"):
        find_checkpoint()
    with pytest.raises(CheckpointError, match="no checkpoint at gone: expected"):
        find_checkpoint("gone")
    monkeypatch.setenv("MICROGT_CHECKPOINT", "gone")
    with pytest.raises(CheckpointError, match=r"no checkpoint at gone \(from MICROGT_CHECKPOINT\)"):
        find_checkpoint()
