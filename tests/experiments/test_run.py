"""A run leaves a result; what is done of it is not done again."""

import csv

import pytest

from microgt.errors import ConfigError, GrammarError
from microgt.experiments import run as experiment
from microgt.experiments.curve import learning_curve
from microgt.experiments.result import Answered, RunResult, config_hash
from microgt.model.predictor import Predictor


def test_a_run_leaves_its_result(shop, tmp_path):
    config = shop("one", "training.steps=3", "evaluate=validation")
    experiment.run(config, ["seed=0"])
    result = RunResult.read(tmp_path / "runs" / "one")
    assert (result.steps, result.examples, result.seed, result.overrides) == (3, 12, 0, ("seed=0",))
    assert result.parameters > 500_000
    assert result.flops_per_example > 3 * result.parameters  # every parameter of a layer is used by each of many nodes
    assert result.tokens_per_second > 0
    assert [point.step for point in result.learning_curve] == [3]
    assert len(result.answers) == 4
    assert result.accuracy == sum(right for _, right in result.answers.values()) / 4


def test_only_the_evaluation_is_done_again(shop, tmp_path, monkeypatch):
    config = shop("two", "training.steps=2", "evaluate=validation")

    def no_power(*args):
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(experiment, "_evaluate", no_power)
        with pytest.raises(OSError, match="power cut"):
            experiment.go_on(config)
    monkeypatch.setattr(experiment, "train", no_power)
    result = experiment.go_on(config)
    assert result.accuracy == sum(right for _, right in result.answers.values()) / 4
    monkeypatch.setattr(experiment, "_evaluate", no_power)
    assert experiment.go_on(config) == result


def test_a_split_that_is_not_there_is_told_before_training(shop):
    with pytest.raises(ConfigError, match="evaluate=dev: folder has no such split; choices: train, validation"):
        experiment.run(shop("three", "evaluate=dev"))


def test_the_trainer_takes_only_its_arguments(shop):
    with pytest.raises(ConfigError, match=r"trainer.max_tim: Lightning's Trainer has no argument 'max_tim'; did you mean 'max_time'"):
        experiment.run(shop("four", "training.steps=1", "+trainer.max_tim=1"))
    with pytest.raises(ConfigError, match=r"trainer.callbacks is set by microgt itself"):
        experiment.run(shop("four", "training.steps=1", "+trainer.callbacks=1"))


def test_the_hash_is_of_what_matters(shop):
    assert config_hash(shop("a")) == config_hash(shop("b"))
    assert config_hash(shop("a")) != config_hash(shop("a", "seed=1"))


def test_a_curve_of_two_parts_is_thinned(tmp_path):
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, steps, loss in (("metrics-1", range(6), 2.0), ("metrics", range(4, 8), 1.0)):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["step", "train/actions", "validation/loss"])
            rows.writerows([n, loss, ""] for n in steps)
    with (folder / "metrics.csv").open("a", newline="") as file:
        csv.writer(file).writerow([7, "", 0.5])
    points = learning_curve(tmp_path, points=4)
    assert [(p.step, p.loss, p.validation) for p in points] == [(2, 2.0, None), (4, 2.0, None), (6, 1.0, None), (8, 1.0, 0.5)]


def test_items_by_database():
    result = RunResult.model_construct(items={"a": Answered(right=("1",), wrong=("2",)), "b": Answered(right=(), wrong=("3",))})
    assert result.answers == {"1": ("a", True), "2": ("a", False), "3": ("b", False)}


def test_a_model_that_comes_to_a_dead_end_has_no_prediction(shop, monkeypatch, tmp_path):
    greedy = Predictor.predict_many

    def stuck(self, graphs):
        if any("above 17" in graph.question for graph in graphs):
            raise GrammarError("no action is legal at Chart.y")
        return greedy(self, graphs)

    monkeypatch.setattr(Predictor, "predict_many", stuck)
    result = experiment.go_on(shop("stuck", "training.steps=1", "evaluate=validation"))
    assert len(result.answers) == 4
    assert result.answers["q17"] == ("shop.duckdb", False)
