"""What a checkpoint of somebody else cannot do: run code, or end in anything but one clear error."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from microgt.errors import CheckpointError
from microgt.model.checkpoint import describe_making, read_checkpoint, write_checkpoint
from microgt.model.weights import in_int8


class Attack:
    """Unpickled, it leaves a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.fixture
def folder(nano, nano_config, lexicon, tmp_path):
    return write_checkpoint(tmp_path / "checkpoint", nano.state_dict(), lexicon, describe_making(nano_config))


def change(folder, **changes):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def test_a_lightning_checkpoint_with_code_is_refused_and_the_code_does_not_run(tmp_path):
    torch.save({"state_dict": {}, "hyper_parameters": {"making": "{}"}, "more": Attack(tmp_path / "ran")}, tmp_path / "last.ckpt")
    with pytest.raises(CheckpointError, match=r"last\.ckpt is not a readable Lightning checkpoint of microgt"):
        read_checkpoint(tmp_path / "last.ckpt")
    assert not (tmp_path / "ran").exists()
    pickle.loads(pickle.dumps(Attack(tmp_path / "ran")))
    assert (tmp_path / "ran").exists()  # it would have run elsewhere


def test_a_pickle_in_the_place_of_weights_is_not_read(folder, tmp_path):
    (folder / "model.safetensors").write_bytes(pickle.dumps(Attack(tmp_path / "ran")))
    with pytest.raises(CheckpointError, match=r"is damaged: model\.safetensors: "):
        read_checkpoint(folder)
    assert not (tmp_path / "ran").exists()


def test_weights_of_a_foreign_model(folder):
    save_file({"bert.embeddings.weight": torch.zeros(3, 4)}, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"the weights do not fit its config\.json"):
        read_checkpoint(folder)


def test_one_weight_of_another_shape(folder):
    weights = load_file(folder / "model.safetensors")
    name = next(name for name, value in weights.items() if value.ndim == 2)
    save_file({**weights, name: weights[name].t().contiguous()[:, :-1].contiguous()}, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=rf"the weights do not fit its config\.json: size mismatch for {name}"):
        read_checkpoint(folder)


def test_a_scale_of_another_shape(folder):
    weights = in_int8(load_file(folder / "model.safetensors"))
    name = next(name for name in weights if name.endswith(".scale"))
    save_file({**weights, name: torch.ones(3, 5, 7)}, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=rf"is damaged: {name} has shape \[3, 5, 7\], its weights \[\d+, \d+\]"):
        read_checkpoint(folder)


@pytest.mark.parametrize("rules", [None, 7, [], ["Answer"] * 9, "Answer", ["Answer", "Query"]])
def test_rules_that_are_not_those_of_the_weights(folder, rules):
    change(folder, rules=rules)
    with pytest.raises(CheckpointError, match=r"its config\.json describes no model of this version"):
        read_checkpoint(folder)


@pytest.mark.parametrize("text", ["[" * 100_000, "\ud800", "nul", '{"format": 1e999}'])
def test_a_configuration_that_is_hard_to_read(folder, text):
    (folder / "config.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(CheckpointError, match="config.json cannot be read|has checkpoint format inf"):
        read_checkpoint(folder)


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", '{"words": {}}', '{"model": {"type": "Other"}}'])
def test_a_foreign_vocabulary(folder, text):
    (folder / "tokenizer.json").write_text(text)
    with pytest.raises(CheckpointError, match="the vocabulary cannot be read"):
        read_checkpoint(folder)
