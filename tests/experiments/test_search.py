"""A study draws, stops what falls behind, and goes on where it ended."""

import pytest

from microgt.cli.main import main
from microgt.errors import ConfigError
from microgt.experiments import run as experiment
from microgt.experiments.curve import learning_curve
from microgt.experiments.perform import State
from microgt.experiments.status import status_of

pytest.importorskip("optuna")
from microgt.experiments import search as searching
from microgt.experiments.search import Search, search, split

pytestmark = pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
DRAWN = "training.lr=tag(log, interval(1e-4, 1e-2))"


def states(folder):
    return [job.state for job in status_of(folder)]


def test_what_is_drawn_from():
    fixed, space = split(["model=nano", DRAWN, "ablation=none,gelu", "size.encoder_layers=int(interval(1, 3))"])
    assert fixed == ["model=nano"]
    assert space["ablation"] == ["none", "gelu"]
    assert (space["training.lr"].start, space["training.lr"].end, space["training.lr"].tags) == (1e-4, 1e-2, {"log"})
    assert space["size.encoder_layers"].start == 1
    with pytest.raises(ConfigError, match="nothing to search: give values such as ablation=none,gelu"):
        split(["model=nano"])


def test_training_looks_at_the_validation_questions(shop, tmp_path):
    experiment.go_on(shop("seen", "training.steps=4", "training.validate_every=2", "evaluate=validation"))
    points = learning_curve(tmp_path / "runs" / "seen")
    assert points[-1].validation is not None
    assert 0 < points[-1].validation < 20


def test_trials_are_jobs_and_an_interrupted_study_goes_on(questions, tmp_path, monkeypatch, capsys):
    command = ["search", *questions, DRAWN, "trainer.max_steps=2", "evaluate=validation", "name=study", "--trials", "3"]
    begun = []

    def cut(config, overrides, callbacks):
        begun.append(config["training"]["lr"])
        if len(begun) == 2:
            raise KeyboardInterrupt
        return go_on(config, overrides, callbacks)

    go_on = experiment.go_on
    monkeypatch.setattr(experiment, "go_on", cut)
    assert main(command) == 130
    folder = tmp_path / "runs" / "study"
    assert states(folder) == [State.DONE, State.WAITING]
    assert main(command) == 0
    assert states(folder) == [State.DONE] * 3
    assert begun[1] == begun[2]
    assert len(set(begun)) == 3
    assert main(command) == 0
    assert len(begun) == 4
    assert "3 jobs: 3 done" in capsys.readouterr().out


def test_what_falls_behind_is_stopped(questions, tmp_path, monkeypatch):
    class Behind(searching.Watch):
        def on_validation_epoch_end(self, trainer, pl_module):
            monkeypatch.setattr(type(self.trial), "should_prune", lambda trial: trial.number == 1)
            super().on_validation_epoch_end(trainer, pl_module)

    monkeypatch.setattr(searching, "Watch", Behind)
    overrides = [*questions, DRAWN, "training.steps=4", "training.validate_every=2", "evaluate=validation"]
    folder = search(overrides, Search(trials=3))
    assert states(folder) == [State.DONE, State.PRUNED, State.DONE]
    assert status_of(folder)[1].failure == "pruned at step 2"
    study = searching._optuna().load_study(
        study_name=folder.name,
        storage=searching._optuna().storages.JournalStorage(
            searching._optuna().storages.journal.JournalFileBackend(str(folder / "study.journal"))
        ),
    )
    assert [t.state.name for t in study.trials] == ["COMPLETE", "PRUNED", "COMPLETE"]
    assert list(study.trials[0].intermediate_values) == [2, 4]
    assert study.trials[0].value == status_of(folder)[0].result.accuracy


def test_a_failed_trial_does_not_end_the_study(questions, monkeypatch):
    def broken(*args):
        raise RuntimeError("no memory left")

    monkeypatch.setattr(experiment, "go_on", broken)
    assert states(search([*questions, DRAWN, "evaluate=validation"], Search(trials=2))) == [State.FAILED, State.FAILED]


def test_a_search_needs_questions(questions):
    with pytest.raises(ConfigError, match="evaluate=null: a search needs questions to choose by"):
        search([*questions, DRAWN], Search())
