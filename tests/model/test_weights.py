"""Weights in one file, in shards, in fewer bits; what names files outside of the folder is refused."""

import json

import pytest
import torch

from microgt.errors import CheckpointError
from microgt.model.weights import in_bfloat16, in_int8, read_weights, restored, write_weights


@pytest.fixture
def weights():
    torch.manual_seed(0)
    return {"a": torch.randn(20, 30), "b": torch.randn(7), "c": torch.randn(50, 30), "count": torch.tensor([3])}


@pytest.mark.parametrize("most", [1_000_000, 3_000, 1])
def test_what_is_written_is_read(weights, tmp_path, most):
    names = write_weights(tmp_path, weights, most)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert len(names) == {1_000_000: 1, 3_000: 4, 1: 5}[most]
    read = read_weights(tmp_path, tmp_path)
    assert read.keys() == weights.keys()
    assert all(torch.equal(read[name], weights[name]) for name in weights)


def test_eight_bits_are_within_half_a_step(weights, tmp_path):
    write_weights(tmp_path, in_int8(weights))
    read = read_weights(tmp_path, tmp_path)
    step = weights["a"].abs().amax(1, keepdim=True) / 127
    assert ((read["a"] - weights["a"]).abs() <= 0.51 * step).all()
    assert torch.equal(read["b"], weights["b"])
    assert read["count"].dtype == torch.int64


def test_a_row_of_zeros_stays_so():
    assert torch.equal(restored(in_int8({"w": torch.zeros(2, 3)}))["w"], torch.zeros(2, 3))


def test_sixteen_bits(weights):
    half = in_bfloat16(weights)
    assert (half["a"].dtype, half["count"].dtype) == (torch.bfloat16, torch.int64)
    torch.testing.assert_close(half["a"].float(), weights["a"], rtol=2**-8, atol=0)


@pytest.mark.parametrize("name", ["../secret.safetensors", "/etc/passwd", "..", ""])
def test_an_index_names_only_files_of_its_folder(weights, tmp_path, name):
    write_weights(tmp_path, weights, 1)
    index = tmp_path / "model.safetensors.index.json"
    places = json.loads(index.read_text())["weight_map"]
    index.write_text(json.dumps({"weight_map": {**places, "a": name}}))
    with pytest.raises(CheckpointError, match="names a file outside of its folder"):
        read_weights(tmp_path, tmp_path)


def test_an_index_of_another_shape(weights, tmp_path):
    write_weights(tmp_path, weights, 1)
    (tmp_path / "model.safetensors.index.json").write_text("[]")
    with pytest.raises(CheckpointError, match="is damaged: model.safetensors.index.json cannot be read"):
        read_weights(tmp_path, tmp_path)
