"""Every file under configs/ablation is short, composes, binds to its signatures, builds on the meta device and changes something."""

from functools import cache

import pytest
import torch

from microgt.build import build
from microgt.config import compose, config_folder
from microgt.model.collate import collate
from tests.configs.test_model_steps import SMALL, train_one_step

FOLDER = config_folder() / "ablation"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
MOST_FILES, MOST_LINES = 40, 12


@cache
def composed(name):
    return compose("train", [f"ablation={name}", "model=nano", "data=demo"])


def test_they_stay_few_and_short():
    assert "none" in NAMES
    assert len(NAMES) <= MOST_FILES
    assert all(len((FOLDER / f"{name}.yaml").read_text().splitlines()) <= MOST_LINES for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_builds(name):
    config = composed(name)
    with torch.device("meta"):
        build(config["model"])
    build(config["training"]["loss"])
    build(config["training"]["augment"])


@pytest.mark.parametrize("name", NAMES)
def test_each_learns(name, make_graph, random_actions, lexicon):
    graphs = [make_graph(seed, words=4 + seed) for seed in range(2)]
    sizes = [override for override in SMALL if override.split("=")[0] not in (FOLDER / f"{name}.yaml").read_text()]
    torch.manual_seed(0)
    model = build(compose("train", [*sizes, f"ablation={name}", "model=nano"])["model"])
    train_one_step(model, collate(graphs, [random_actions(graph, 5) for graph in graphs], lexicon))


def test_none_changes_nothing_and_the_others_something():
    baseline = compose("train", ["model=nano", "data=demo"])
    found = {name: composed(name) for name in NAMES}
    assert found.pop("none") == baseline
    assert [name for name, config in found.items() if config == baseline] == []
    seen = [str(config) for config in found.values()]
    assert len(set(seen)) == len(seen)
