"""What is said to a wrong override or a configuration that does not fit its classes."""

import pytest

from microgt.config import compose, find_mistakes
from microgt.errors import ConfigError


def refused(*overrides, name="describe"):
    with pytest.raises(ConfigError) as caught:
        compose(name, overrides)
    return str(caught.value)


def test_a_configuration_is_plain():
    config = compose("describe", ["model=nano", "size.dim=48"])
    assert type(config["model"]["encoder"]) is dict
    assert config["model"]["encoder"]["attention"]["keys"]["dim"] == 48
    assert config["nodes"] == 64


def test_an_unknown_key_has_near_names():
    assert refused("size.dimm=3").startswith("no key 'size.dimm'; did you mean 'size.dim'")
    assert refused("nodez=3").startswith("no key 'nodez'; did you mean 'nodes'")


def test_a_key_that_is_near_none_has_those_beside_it():
    message = refused("size.qqqq=3")
    assert message.startswith("no key 'size.qqqq'; choices: size.decoder_layers, size.dim, ")
    assert "model" not in message
    assert "did you mean 'model.encoder.attention'" in refused("modell.encoder.attention=3")


def test_an_unknown_option_has_choices():
    assert refused("model=huge") == "no 'huge' in configuration group 'model'; choices: micro, nano, small, tenth"
    assert "did you mean 'relation'" in refused("model/encoder/attention=relations")


def test_an_unknown_group_has_near_names():
    assert refused("model/encoder/atention=none").startswith(
        "no configuration group 'model/encoder/atention'; did you mean 'model/encoder/attention'"
    )


@pytest.mark.parametrize("override", ["nodes", "a b", "nodes=[1"])
def test_what_is_no_override(override):
    message = refused(override)
    assert "is not an override: expected key=value" in message
    assert "\n" not in message


def test_all_mistakes_are_listed_at_once():
    lines = refused("size.dropout=a", "+model.decoder.cros=3", "~model.embedder.dim", "model.encoder.depth=null").split(";\n")
    assert "model.decoder.cros: Decoder has no argument 'cros'; did you mean 'cross'?" in lines
    assert "model.embedder: NodeEmbedder needs dim" in lines
    assert "model.encoder.depth: Encoder takes int here, not None" in lines
    assert "model.embedder.dropout.p: Dropout takes float here, not 'a'" in lines


def test_a_scalar_has_a_type_and_bounds():
    lines = refused("nodes=many", "actions=1.5").split(";\n")
    assert [line.split(",")[0] for line in lines] == ["nodes: input should be a valid integer", "actions: input should be a valid integer"]
    assert refused("training.batch_size=0", name="train") == "training.batch_size: input should be greater than 0, not 0"
    assert refused("~training", name="train") == "training: field required"
    assert "resume: input should be a valid string, not 5" in refused("resume=5", name="train")
    assert compose("train", ["name=2024", "training.minutes=null"])["name"] == "2024"
    assert compose("describe", ["size.dropout=0"])["size"]["dropout"] == 0


def test_a_value_that_must_be_given():
    assert refused("data=folder", name="train") == "data.path has no value: give one with data.path=..."


def test_targets_outside_the_project_are_refused():
    (line,) = find_mistakes({"x": [{"_target_": "os.system", "command": "true"}]})
    assert line.startswith("x[0]: _target_ 'os.system' is outside")


def test_a_class_without_a_constructor_takes_nothing():
    (line,) = find_mistakes({"_target_": "microgt.blocks.norm.NoNorm", "dim": 3}, "norm")
    assert line == "norm.dim: NoNorm has no argument 'dim'; it takes none"
