"""Questions about one small table, and configurations of short runs on them."""

import pytest

from microgt.config import compose
from tests.tiny import overrides_of_tiny_runs


@pytest.fixture
def questions(tmp_path, monkeypatch):
    """The overrides for runs of nano on sixteen training and four validation questions, kept in `tmp_path/runs`."""
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CI", "1")
    return overrides_of_tiny_runs(tmp_path, validation=4)


@pytest.fixture
def shop(questions):
    """`shop(name, *overrides)` composes the configuration of a run."""
    return lambda name, *overrides: compose("train", [*questions, f"name={name}", *overrides])
