"""Every format is written, read back, and says what the checkpoint says; one that does not is refused."""

import json
from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch

from microgt.errors import CheckpointError, ConfigError, ExportError
from microgt.export import formats
from microgt.export.compare import compare
from microgt.export.export import export, write
from microgt.export.formats import FORMATS, Tolerance, Weights
from microgt.model.checkpoint import read_checkpoint
from microgt.model.loading import load_proposer
from microgt.model.predictor import Predictor
from microgt.product.checkpoints import shipped_checkpoint
from microgt.ranking import NAMES, Ranker, Ranking
from microgt.spec import read_spec
from tests.export.conftest import LEARNT, SHOP, UNSURE, graphs_for, taught

LOADED = [name for name in FORMATS if name != "export"]  # torch.export programs are not


def classes(config, *path):
    """The class of each part of a model, by its place."""
    found = {path: config["_target_"]} if "_target_" in config else {}
    return found | {k: c for key, part in config.items() if isinstance(part, dict) for k, c in classes(part, *path, key).items()}


def test_these_tests_export_a_model_of_the_shipped_kind(checkpoint):
    shipped = json.loads((shipped_checkpoint() / "config.json").read_text(encoding="utf-8"))
    assert classes(checkpoint.config["model"]) == classes(shipped["model"])


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_as_near_as_its_format_promises(exported, name):
    config = json.loads((exported(name) / "config.json").read_text())
    compared, tolerance = config["export"]["compared"], config["export"]["tolerance"]
    assert (compared["questions"], compared["same"]) == (len(LEARNT), len(LEARNT))
    assert compared["nats"] <= tolerance["nats"] == FORMATS[name].tolerance.nats
    assert set(config["files"]) | {"config.json", "README.md"} == {path.name for path in exported(name).iterdir()}


@pytest.mark.parametrize("name", ["encoder.onnx", "decoder_step.onnx"])
def test_there_is_no_loop_in_a_graph(exported, name):
    found = {node.op_type for node in onnx.load(exported("onnx") / name).graph.node}
    assert found & {"Loop", "Scan", "If", "SequenceInsert"} == set()


@pytest.mark.slow
def test_a_decoder_without_a_tree_and_an_encoder_with_vectors_for_values(tmp_path):
    other = taught("model/encoder/attention=keys_values")
    compared = write(tmp_path / "onnx", other, "onnx", graphs=graphs_for(other))
    assert (compared.questions, compared.same) == (len(LEARNT), len(LEARNT))


@pytest.mark.parametrize("name", LOADED)
@pytest.mark.parametrize("question", LEARNT)
def test_greedy_and_beam_give_the_specs_that_were_learnt(exported, name, question):
    proposer = load_proposer(exported(name), beam=3)
    expected = read_spec(LEARNT[question])
    first, *_ = proposer.predict(question, SHOP)
    assert first.spec == expected
    assert proposer.predict_many([proposer.graph(question, SHOP)])[0].spec == expected


@pytest.mark.parametrize("name", ["onnx", "hf"])
def test_all_hypotheses_of_a_beam_and_their_probabilities_are_those_of_torch(exported, checkpoint, name):
    ours, theirs = Predictor(checkpoint, beam=5), load_proposer(exported(name), beam=5)
    for question in [*LEARNT, "amount of orders in the north above 7 and 12", "total of each area"]:
        want, got = ours.predict(question, SHOP), theirs.predict(question, SHOP)
        assert [c.spec for c in got] == [c.spec for c in want]
        assert [c.confidence for c in got] == pytest.approx([c.confidence for c in want], abs=1e-4)


def test_smaller_weights_are_smaller(exported):
    size = {name: (exported(name) / "model.safetensors").stat().st_size for name in ("hf", "bf16", "int8")}
    assert size["bf16"] < 0.55 * size["hf"]
    assert size["int8"] < 0.35 * size["hf"]


def test_large_weights_come_in_shards_that_are_read_back(checkpoint, graphs, tmp_path):
    write(tmp_path / "s", checkpoint, "hf", graphs=graphs, most=400_000)
    index = json.loads((tmp_path / "s" / "model.safetensors.index.json").read_text())
    names = sorted(set(index["weight_map"].values()))
    assert names[0] == f"model-00001-of-{len(names):05d}.safetensors"
    assert len(names) > 2
    loaded = read_checkpoint(tmp_path / "s").model.state_dict()
    assert all(torch.equal(loaded[key], value) for key, value in checkpoint.model.state_dict().items())
    (tmp_path / "s" / names[1]).unlink()
    with pytest.raises(CheckpointError, match=f"is damaged: {names[1]}"):
        read_checkpoint(tmp_path / "s")


def test_a_lightning_checkpoint_is_exported_too(checkpoint, graphs, tmp_path):
    hyper = {"making": json.dumps(checkpoint.config), "tokenizer": checkpoint.lexicon.to_json()}
    weights = {f"model.{key}": value for key, value in checkpoint.model.state_dict().items()}
    torch.save({"state_dict": weights, "hyper_parameters": hyper}, tmp_path / "last.ckpt")
    write(tmp_path / "hf", read_checkpoint(tmp_path / "last.ckpt"), "hf", graphs=graphs)
    assert compare(Predictor(checkpoint), load_proposer(tmp_path / "hf"), graphs).nats == 0


def test_a_ranking_goes_along(checkpoint, graphs, tmp_path):
    ranking = Ranking(Ranker(np.full(len(NAMES), 0.5)), UNSURE)
    write(tmp_path / "hf", replace(checkpoint, ranking=ranking), "hf", graphs=graphs[:1])
    loaded = load_proposer(tmp_path / "hf").ranking
    assert loaded is not None
    assert set(loaded.ranker.weights) == {0.5}


def test_what_says_something_else_is_refused_and_nothing_is_left(checkpoint, graphs, tmp_path, monkeypatch):
    doubled = Weights(Tolerance(1e-3), "wrong", lambda weights: {key: w * 2 if w.is_floating_point() else w for key, w in weights.items()})
    monkeypatch.setitem(formats.FORMATS, "hf", doubled)
    with pytest.raises(ExportError, match=r"does not say what its origin says: \d of 4 specs are the same \(at least 4 must be\)"):
        write(tmp_path / "out", checkpoint, "hf", graphs=graphs)
    assert list(tmp_path.iterdir()) == []


def test_the_card_says_data_licence_use_and_limits(exported):
    text = (exported("onnx") / "README.md").read_text()
    assert text.startswith("---\nlicense: apache-2.0\n")
    for said in (
        "## Data and licence",
        "## Limits",
        "## Use",
        "## Figures",
        "4 embedded questions: 4 greedy specs are the same",
        "steps: 60",
    ):
        assert said in text


def test_what_stands_in_the_way_is_not_replaced(folder, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ConfigError, match="is there and is no export"):
        export(folder, tmp_path, "hf")
    with pytest.raises(ConfigError, match="unknown format 'tflite'; choices: hf, bf16, int8, onnx"):
        export(folder, tmp_path / "new", "tflite")


def test_programs_are_not_loaded(tmp_path):
    (tmp_path / "encoder.pt2").touch()
    with pytest.raises(CheckpointError, match=r"torch\.export programs, which microgt does not load: reading them can run code"):
        load_proposer(tmp_path)
