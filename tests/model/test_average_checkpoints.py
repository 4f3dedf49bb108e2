"""Two checkpoints of one model become their mean; of other models there is none."""

import sys
from pathlib import Path

import pytest
import torch

from microgt.model.checkpoint import describe_making, read_checkpoint, write_checkpoint
from microgt.model.lexicon import Lexicon

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def average(monkeypatch):
    """Runs the script; its exit status."""
    monkeypatch.syspath_prepend(SCRIPTS)
    import average_checkpoints

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["average_checkpoints.py", *map(str, arguments)])
        return average_checkpoints.main()

    return run


@pytest.fixture
def folders(nano, nano_config, lexicon, tmp_path):
    """Of a model, and of what became of it."""
    weights = nano.state_dict()
    further = {name: weight + 1.0 if weight.is_floating_point() else weight for name, weight in weights.items()}
    making = describe_making(nano_config, training={"steps": 3})
    return [write_checkpoint(tmp_path / name, found, lexicon, making) for name, found in (("a", weights), ("b", further))]


def test_weights_are_the_mean_and_the_making_says_so(folders, average, tmp_path):
    assert average(tmp_path / "c", *folders, "--after", 0.25) == 0
    before, made = (read_checkpoint(folder) for folder in (folders[0], tmp_path / "c"))
    assert made.config["averaged"]["share_of_after"] == 0.25
    assert made.config["training"] == {"steps": 3}
    for name, weight in before.model.state_dict().items():
        torch.testing.assert_close(made.model.state_dict()[name], weight + 0.25 if weight.is_floating_point() else weight)


def test_another_vocabulary_is_refused(folders, nano, nano_config, average, tmp_path, capsys):
    words = Lexicon.from_tokens([("other", "words", "here")] * 2)  # as many as of the first
    other = write_checkpoint(tmp_path / "other", nano.state_dict(), words, describe_making(nano_config))
    assert average(tmp_path / "c", folders[0], other) == 2
    assert "are not of one vocabulary" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()
