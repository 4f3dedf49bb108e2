"""A folder in ONNX that is damaged, tampered with or foreign is refused, each with its reason."""

import json
import shutil

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from microgt.errors import CheckpointError
from microgt.model.exported.onnx import load_onnx
from microgt.model.making import hashes_of
from microgt.model.ranked import store_ranking
from microgt.ranking import NAMES, Ranker, Ranking
from tests.export.conftest import SHOP, UNSURE

MODELS = ("encoder.onnx", "decoder_step.onnx")


@pytest.fixture
def copy(exported, tmp_path):
    return shutil.copytree(exported("onnx"), tmp_path / "copy")


def change(folder, **changes):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def hash_again(folder):
    """As somebody would who tampers with files and knows of the hashes."""
    change(folder, files=hashes_of(folder, [*MODELS, "tokenizer.json"]))


@pytest.mark.parametrize("name", [*MODELS, "tokenizer.json"])
def test_a_truncated_file(copy, name):
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(CheckpointError, match=f"is damaged: {name} has SHA-256"):
        load_onnx(copy)


@pytest.mark.parametrize("name", MODELS)
def test_a_truncated_file_whose_hash_was_made_again(copy, name):
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])
    hash_again(copy)
    with pytest.raises(CheckpointError, match=f"is damaged: {name}: "):
        load_onnx(copy)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "has checkpoint format 99"),
        ({"relation_version": 0}, "was trained with relations version 0"),
        ({"preparation": "old"}, "prepared in another way"),
        ({"rules": ["Answer"], "grammar_version": 0}, r"another grammar \(version 0\): export its checkpoint again"),
        ({"files": None}, "`files` in its config.json are no file names"),
        ({"files": {}}, "has no hash of encoder.onnx, decoder_step.onnx, tokenizer.json"),
        ({"files": {"../secret": "0"}}, "`files` in its config.json are no file names"),
        ({"files": {"gone.onnx": "0"}}, "is not complete: gone.onnx missing"),
    ],
)
def test_a_configuration_of_another_version_or_without_hashes(copy, changes, message):
    change(copy, **changes)
    with pytest.raises(CheckpointError, match=message):
        load_onnx(copy)


def test_a_ranking_is_read(copy):
    assert load_onnx(copy).ranking is None
    store_ranking(copy, Ranking(Ranker(np.full(len(NAMES), 0.5)), UNSURE))
    ranking = load_onnx(copy).ranking
    assert ranking is not None
    assert set(ranking.ranker.weights) == {0.5}


def test_a_configuration_that_is_none(copy):
    (copy / "config.json").write_text("{")
    with pytest.raises(CheckpointError, match=r"is damaged: config\.json cannot be read"):
        load_onnx(copy)


def identity(path, **tensor):
    given, made = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y"))
    weights = [helper.make_tensor("w", TensorProto.FLOAT, [1], bytes(4), raw=True)]
    graph = helper.make_graph([helper.make_node("Add", ["x", "w"], ["y"])], "g", [given], [made], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, path, **tensor)


def test_a_foreign_model(copy):
    identity(copy / "encoder.onnx")
    hash_again(copy)
    with pytest.raises(CheckpointError, match=r"encoder\.onnx is no model of microgt: it takes x and gives y"):
        load_onnx(copy)


def test_weights_in_another_file_are_not_read(copy, tmp_path):
    """ONNX may name other files: a model could carry a secret of its reader away."""
    identity(copy / "encoder.onnx", save_as_external_data=True, location="secret.bin", size_threshold=0)
    model = onnx.load(copy / "encoder.onnx", load_external_data=False)
    model.graph.initializer[0].external_data[0].value = str(tmp_path / "secret.bin")
    (copy / "secret.bin").rename(tmp_path / "secret.bin")
    onnx.save(model, copy / "encoder.onnx")
    hash_again(copy)
    with pytest.raises(CheckpointError, match=r"is damaged: encoder\.onnx: "):
        load_onnx(copy)


def test_an_operator_that_is_not_of_onnx(copy):
    model = onnx.load(copy / "encoder.onnx")
    model.graph.node[0].domain = "evil"
    model.opset_import.append(helper.make_opsetid("evil", 1))
    onnx.save(model, copy / "encoder.onnx")
    hash_again(copy)
    with pytest.raises(CheckpointError, match=r"is damaged: encoder\.onnx: "):
        load_onnx(copy)


def test_an_encoder_of_another_size(copy):
    model = onnx.load(copy / "encoder.onnx")
    for node in model.graph.node:
        node.output[:] = ["half" if name == "pointer_keys" else name for name in node.output]
    model.graph.node.append(helper.make_node("Concat", ["half", "half"], ["pointer_keys"], axis=2))
    keys = next(output for output in model.graph.output if output.name == "pointer_keys")
    keys.type.tensor_type.shape.dim[2].dim_value *= 2
    onnx.save(model, copy / "encoder.onnx")
    hash_again(copy)
    with pytest.raises(CheckpointError, match=r"encoder\.onnx and decoder_step\.onnx do not fit each other: pointer_keys has shapes"):
        load_onnx(copy)


def test_a_tampered_shape_inside_is_an_error_when_it_is_computed(copy):
    model = onnx.load(copy / "decoder_step.onnx")
    table = max(model.graph.initializer, key=lambda tensor: len(tensor.raw_data))
    rows, columns = table.dims
    table.dims[:] = [columns, rows]
    onnx.save(model, copy / "decoder_step.onnx")
    hash_again(copy)
    with pytest.raises(CheckpointError, match=r"is damaged: decoder_step\.onnx|cannot be computed"):
        load_onnx(copy).predict("total amount", SHOP)
