"""A run that is cut off and continued is the run that was not; two processes learn together; what training leaves can be read."""

import pytest

from microgt.errors import CheckpointError, ConfigError
from microgt.model.checkpoint import read_checkpoint
from microgt.training.module import ParserModule

STEPS = ("training.steps=12", "training.checkpoint_every=6")


@pytest.mark.filterwarnings("ignore:Experiment logs directory .* exists:UserWarning")  # the continued run writes its figures anew
def test_resuming_after_a_crash_repeats_the_uninterrupted_losses(losses, tmp_path, monkeypatch):
    whole = losses("whole", *STEPS)
    assert sorted(whole) == list(range(12))
    step = ParserModule.training_step

    def crash(self, batch, batch_idx):
        if self.trainer.global_step == 8:
            raise RuntimeError("power cut")
        return step(self, batch, batch_idx)

    with monkeypatch.context() as patch:
        patch.setattr(ParserModule, "training_step", crash)
        with pytest.raises(RuntimeError, match="power cut"):
            losses("cut", *STEPS)
    last = tmp_path / "runs" / "cut" / "last.ckpt"
    rest = losses("cut", *STEPS, f"resume={last}")
    assert rest == {n: loss for n, loss in whole.items() if n >= 6}
    with pytest.raises(ConfigError, match=r"already holds a run: remove it, choose another with name=\.\.\., or continue it with resume="):
        losses("cut", *STEPS)


def test_a_run_leaves_both_kinds_of_checkpoint(losses, tmp_path):
    losses("one", "training.steps=2", "training.checkpoint_every=2")
    folder = tmp_path / "runs" / "one"
    exported, saved = read_checkpoint(folder), read_checkpoint(folder / "last.ckpt")
    assert exported.config["training"]["steps"] == 2
    assert exported.config["training"]["databases"] == ["shop.duckdb"]
    assert exported.model.state_dict().keys() == saved.model.state_dict().keys()
    assert exported.lexicon.to_json() == saved.lexicon.to_json()


def test_nothing_to_resume(losses, tmp_path):
    with pytest.raises(CheckpointError, match=r"nothing to resume: .*gone\.ckpt does not exist"):
        losses("new", f"resume={tmp_path / 'gone.ckpt'}")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit.*is deprecated:DeprecationWarning")  # by torch's own optimizers
def test_two_processes(losses, tmp_path):
    found = losses("two", "machine=cpu2", "training.steps=10")
    assert sorted(found) == list(range(10))
    assert all(0 < float(loss) < 20 for loss in found.values())
    assert read_checkpoint(tmp_path / "runs" / "two").config["training"]["steps"] == 10
