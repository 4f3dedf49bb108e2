"""Every file under configs/arm is short, composes with every ablation that fits, binds to its signatures and builds on the meta device."""

import pytest

from microgt.config import compose, config_folder
from microgt.model.description import describe

FOLDER = config_folder() / "arm"
ARMS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
TOKEN_ARMS = [arm for arm in ARMS if not arm.endswith("grammar")]
MOST_LINES = 20


def test_they_are_these():
    grammar, text = ["flat_grammar", "graph_grammar"], ["graph_tokens", "graph_tokens_unmasked"]
    assert ["decoder_only", "decoder_only_unmasked", *grammar, *text] == ARMS
    assert all(len((FOLDER / f"{name}.yaml").read_text().splitlines()) <= MOST_LINES for name in ARMS)


@pytest.mark.parametrize("arm", ARMS)
def test_each_is_described(arm):
    found = describe(compose("describe", ["model=nano", f"arm={arm}"])["model"], nodes=9, actions=4)
    assert 0.5e6 < found.total < 1.5e6
    assert sum(found.flops.values()) > 0


def test_the_first_is_what_a_size_says():
    assert compose("describe", ["model=nano"]) == compose("describe", ["model=nano", "arm=graph_grammar"])


@pytest.mark.parametrize("arm", ARMS)
def test_an_ablation_goes_over_an_arm(arm):
    config = compose("train", ["model=nano", f"arm={arm}", "ablation=linear"])
    assert config["model"]["encoder"]["attention"]["_target_"] == "microgt.blocks.attention.LinearAttention"
