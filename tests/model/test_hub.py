"""Paths and repositories of the Hugging Face Hub; nothing is downloaded here."""

import huggingface_hub
import pytest

import microgt
from microgt.errors import CheckpointError
from microgt.model.hub import PATTERNS, local_copy


@pytest.fixture
def asked(monkeypatch, tmp_path):
    found = []

    def snapshot_download(repo_id, **more):
        found.append((repo_id, more))
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    return found


def test_what_is_there_is_taken(asked, tmp_path, monkeypatch):
    (tmp_path / "runs" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert str(local_copy("runs/mine")) == "runs/mine"
    assert local_copy(tmp_path / "gone" / "folder") == tmp_path / "gone" / "folder"
    assert str(local_copy("../gone/folder")) == "../gone/folder"
    assert asked == []


def test_a_repository_is_asked_for_what_microgt_reads(asked, tmp_path):
    assert local_copy("owner/name", revision="v1") == tmp_path
    assert asked == [("owner/name", {"revision": "v1", "allow_patterns": list(PATTERNS)})]
    assert not any(pattern.endswith((".py", ".pt2", ".ckpt", "*")) for pattern in PATTERNS)


def test_a_repository_that_cannot_be_had(monkeypatch):
    def fail(repo_id, **more):
        raise OSError("no network\nat all")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    with pytest.raises(CheckpointError, match="no checkpoint at owner/name, and from the Hugging Face .* cannot be had: no network$"):
        microgt.load("owner/name")


def test_a_revision_of_a_folder(tmp_path):
    with pytest.raises(CheckpointError, match="revision='v1' is of a Hugging Face repository such as owner/name"):
        local_copy(tmp_path, revision="v1")
